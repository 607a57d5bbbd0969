using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore;

internal sealed partial class HanzoSessionTokenHandler
{
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (!IsPage())
        {
            await Problems.NotSignedIn(hasBody: await IsLastToAnswerAsync()).ExecuteAsync(Context);
            return;
        }

        var wayBack = properties.RedirectUri
            ?? (HttpMethods.IsGet(Request.Method) ? OriginalPathBase + OriginalPath + Request.QueryString : null);
        Redirect(Options.LoginPath, wayBack);
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        if (!IsPage() || !Options.AccessDeniedPath.HasValue)
        {
            await Problems.Forbidden("You may not do this.", hasBody: await IsLastToAnswerAsync()).ExecuteAsync(Context);
            return;
        }

        Redirect(Options.AccessDeniedPath, wayBack: null);
    }

    /// <summary>
    /// Whether this scheme may write a body. If an endpoint names several schemes, the framework lets each of them answer
    /// in turn, and a body starts the response: later schemes could not change it. An endpoint that calls Forbid itself
    /// looks the same here, so its response has no body.
    /// </summary>
    private async Task<bool> IsLastToAnswerAsync()
    {
        if (Context.GetEndpoint()?.Metadata is not { } metadata)
        {
            return true;
        }

        var policy = await AuthorizationPolicy.CombineAsync(
            Context.RequestServices.GetRequiredService<IAuthorizationPolicyProvider>(),
            metadata.GetOrderedMetadata<IAuthorizeData>(),
            metadata.GetOrderedMetadata<AuthorizationPolicy>());
        return policy is not { AuthenticationSchemes: [.., var last] } || string.Equals(last, Scheme.Name, StringComparison.Ordinal);
    }

    /// <summary>Whether a person looks at the response, and not a program.</summary>
    private bool IsPage()
    {
        var metadata = Context.GetEndpoint()?.Metadata;
        if (_token.IsBearer
            || (metadata?.GetMetadata<IDisableCookieRedirectMetadata>() is not null
                && metadata.GetMetadata<IAllowCookieRedirectMetadata>() is null))
        {
            return false;
        }

        var mode = Request.Headers["Sec-Fetch-Mode"].ToString();
        return mode.Length > 0
            ? string.Equals(mode, "navigate", StringComparison.Ordinal)
            : Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
    }

    private void Redirect(PathString path, string? wayBack)
    {
        var query = wayBack is null ? default : QueryString.Create(Options.ReturnUrlParameter, wayBack);
        Response.Headers.CacheControl = "no-store";
        Response.Redirect(UriHelper.BuildRelative(OriginalPathBase, path, query));
    }
}
