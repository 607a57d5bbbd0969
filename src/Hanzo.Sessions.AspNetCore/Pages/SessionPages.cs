using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Serves the two pages. Their scripts load the content from the HTTP API.</summary>
internal sealed class SessionPages(HanzoSessionEndpointOptions options, RequestCallers callers)
{
    private readonly PageAssets _assets = new(AccentColor.Parse(options.AccentColor)!.Value);

    public void Map(IEndpointRouteBuilder endpoints)
    {
        if (options.AdminPagePath is { } adminPath)
        {
            endpoints.MapMethods(adminPath, [HttpMethods.Get, HttpMethods.Head], AdminAsync).ExcludeFromDescription();
        }

        if (options.AccountPagePath is { } accountPath)
        {
            endpoints.MapMethods(accountPath, [HttpMethods.Get, HttpMethods.Head], AccountAsync).ExcludeFromDescription();
        }

        if (options.AdminPagePath is not null || options.AccountPagePath is not null)
        {
            _assets.Map(endpoints).WithMetadata(new PassiveRequestMetadata()).ExcludeFromDescription();
        }
    }

    private async Task AdminAsync(HttpContext http)
    {
        var (account, administrator, _) = await callers.AdmitAdministratorAsync(http);
        if (account is null)
        {
            var policy = await callers.AdministratorPolicyAsync(http);
            await ChallengeAsync(http, policy is { AuthenticationSchemes: [.., var last] } ? last : null);
            return;
        }

        var page = Page(http, options.AdminPagePath!, administrator is null ? "forbidden" : "admin", account) with
        {
            AllOrganizations = administrator is { Scope.Organization: null },
            IsAdministrator = administrator is not null,
        };
        await page.WriteAsync(http, administrator is null ? StatusCodes.Status403Forbidden : StatusCodes.Status200OK);
    }

    private async Task AccountAsync(HttpContext http)
    {
        if (callers.AdmitUser(http).Account is not { } account)
        {
            await ChallengeAsync(http, scheme: null);
            return;
        }

        var administrator = (await callers.AdmitAdministratorAsync(http)).Administrator;
        var page = Page(http, options.AccountPagePath!, "account", account) with { IsAdministrator = administrator is not null };
        await page.WriteAsync(http, StatusCodes.Status200OK);
    }

    private PageShell Page(HttpContext http, string pagePath, string view, AccountCaller account) =>
        new(_assets, options, http.Request.PathBase.ToUriComponent(), Prefix(http.Request, pagePath), view, account.Session);

    private static string Prefix(HttpRequest request, string pagePath)
    {
        var path = request.Path.ToUriComponent().TrimEnd('/');
        return request.PathBase.ToUriComponent() + path[..Math.Max(0, path.Length - pagePath.Length)];
    }

    /// <param name="http">The request.</param>
    /// <param name="scheme">The scheme whose sign-in page to show; null for the app's default.</param>
    private static async Task ChallengeAsync(HttpContext http, string? scheme)
    {
        http.Response.Headers.CacheControl = "no-store";
        var schemes = http.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>();
        scheme ??= (await schemes.GetDefaultChallengeSchemeAsync())?.Name;
        if (scheme is not null)
        {
            await http.ChallengeAsync(scheme);
            return;
        }

        await Problems.NotSignedIn().ExecuteAsync(http);
    }
}
