using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Serves the two pages. What they show, their scripts ask of the HTTP API.</summary>
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
            _assets.Map(endpoints).AsPassive().ExcludeFromDescription();
        }
    }

    private async Task AdminAsync(HttpContext http)
    {
        if ((await callers.FindUserAsync(http, forAdministrators: true).ConfigureAwait(false)).Caller is not { } caller)
        {
            var policy = await callers.AdministratorPolicyAsync(http).ConfigureAwait(false);
            await ChallengeAsync(http, policy is { AuthenticationSchemes: [.., var last] } ? last : null).ConfigureAwait(false);
            return;
        }

        var (scope, _) = await callers.AdministratorScopeAsync(http, caller).ConfigureAwait(false);
        var page = Page(http, options.AdminPagePath!, scope is null ? "forbidden" : "admin") with
        {
            AllOrganizations = scope is { Organization: null },
            IsAdministrator = scope is not null,
        };
        await page.WriteAsync(http, scope is null ? StatusCodes.Status403Forbidden : StatusCodes.Status200OK).ConfigureAwait(false);
    }

    private async Task AccountAsync(HttpContext http)
    {
        if ((await callers.FindUserAsync(http, forAdministrators: false).ConfigureAwait(false)).Caller is not { } caller)
        {
            await ChallengeAsync(http, scheme: null).ConfigureAwait(false);
            return;
        }

        var administrator = (await callers.FindUserAsync(http, forAdministrators: true).ConfigureAwait(false)).Caller;
        var (scope, _) = await callers.AdministratorScopeAsync(http, administrator ?? caller).ConfigureAwait(false);
        var page = Page(http, options.AccountPagePath!, "account") with { IsAdministrator = scope is not null };
        await page.WriteAsync(http, StatusCodes.Status200OK).ConfigureAwait(false);
    }

    private PageShell Page(HttpContext http, string pagePath, string view) =>
        new(_assets, options, http.Request.PathBase.ToUriComponent(), Prefix(http.Request, pagePath), view);

    private static string Prefix(HttpRequest request, string pagePath)
    {
        var path = request.Path.ToUriComponent().TrimEnd('/');
        return request.PathBase.ToUriComponent() + path[..Math.Max(0, path.Length - pagePath.Length)];
    }

    /// <param name="http">The request.</param>
    /// <param name="scheme">Whose sign-in page it is to be; null for that of the app's default.</param>
    private static async Task ChallengeAsync(HttpContext http, string? scheme)
    {
        http.Response.Headers.CacheControl = "no-store";
        var schemes = http.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>();
        scheme ??= (await schemes.GetDefaultChallengeSchemeAsync().ConfigureAwait(false))?.Name;
        if (scheme is not null)
        {
            await http.ChallengeAsync(scheme).ConfigureAwait(false);
            return;
        }

        await Problems.NotSignedIn().ExecuteAsync(http).ConfigureAwait(false);
    }
}
