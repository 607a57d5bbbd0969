using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Whether a person looks at the response to a request, or a program.</summary>
internal static class PageRequest
{
    /// <summary>Whether the response is shown to a person: it may be a redirect or a page.</summary>
    public static bool IsPage(HttpContext http)
    {
        if (!MayBePage(http) || SaysScript(http.Request))
        {
            return false;
        }

        var mode = http.Request.Headers["Sec-Fetch-Mode"].ToString();
        return mode.Length > 0
            ? string.Equals(mode, "navigate", StringComparison.Ordinal)
            : http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Whether a script of a page says, by <c>X-Requested-With: XMLHttpRequest</c>, that it sent the request. It wants no
    /// redirect, but to know where one would lead, as with the framework's cookie.
    /// </summary>
    public static bool IsScript(HttpContext http) => MayBePage(http) && SaysScript(http.Request);

    private static bool MayBePage(HttpContext http)
    {
        // The framework's handling of exceptions takes the endpoint away.
        var metadata = (http.GetEndpoint() ?? http.Features.Get<IExceptionHandlerFeature>()?.Endpoint)?.Metadata;
        return !http.Request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            && (metadata?.GetMetadata<IDisableCookieRedirectMetadata>() is null
                || metadata.GetMetadata<IAllowCookieRedirectMetadata>() is not null);
    }

    private static bool SaysScript(HttpRequest request) =>
        string.Equals(request.Headers.XRequestedWith, "XMLHttpRequest", StringComparison.Ordinal);
}
