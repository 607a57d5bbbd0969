using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore;

internal sealed partial class HanzoSessionTokenHandler
{
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var wayBack = properties.RedirectUri
            ?? (HttpMethods.IsGet(Request.Method) ? OriginalPathBase + OriginalPath + Request.QueryString : null);
        var address = AddressOf(Options.LoginPath, wayBack);
        if (PageRequest.IsPage(Context))
        {
            Redirect(address);
            return;
        }

        NameForScript(address);
        await Problems.NotSignedIn(hasBody: await IsLastToAnswerAsync()).ExecuteAsync(Context);
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var address = Options.AccessDeniedPath.HasValue ? AddressOf(Options.AccessDeniedPath, wayBack: null) : null;
        if (address is not null && PageRequest.IsPage(Context))
        {
            Redirect(address);
            return;
        }

        NameForScript(address);
        await Problems.Forbidden("You may not do this.", hasBody: await IsLastToAnswerAsync()).ExecuteAsync(Context);
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

    private string AddressOf(PathString path, string? wayBack)
    {
        var query = wayBack is null ? default : QueryString.Create(Options.ReturnUrlParameter, wayBack);
        return UriHelper.BuildRelative(OriginalPathBase, path, query);
    }

    private void Redirect(string address)
    {
        Response.Headers.CacheControl = "no-store";
        Response.Redirect(address);
    }

    /// <summary>Scripts written for the framework's cookie go where the redirect would have led.</summary>
    private void NameForScript(string? address)
    {
        if (address is not null && PageRequest.IsScript(Context))
        {
            Response.Headers.Location = address;
        }
    }
}
