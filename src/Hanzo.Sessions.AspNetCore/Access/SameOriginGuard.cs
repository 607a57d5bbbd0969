using System.Net;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>
/// Stops pages of other sites from changing something with a cookie that the browser sends by itself. It requires what
/// such a page cannot send: <c>Sec-Fetch-Site: same-origin</c>; from a browser without that header, a known
/// <c>Origin</c>; from a program without either, a header of our own, for which a page of another origin would need a
/// CORS preflight.
/// </summary>
internal sealed class SameOriginGuard(HanzoSessionEndpointOptions options, bool allowOwnLoopback)
{
    public const string ToolHeader = "X-Hanzo-Sessions";

    /// <summary>Why the request may not change anything; null if it may, or if it changes nothing.</summary>
    public string? Refusal(HttpRequest request)
    {
        if (request.HttpContext.GetEndpoint()?.Metadata.GetMetadata<GuardedMetadata>() is not null)
        {
            if (Prefetch.Is(request))
            {
                return "The headers say that the browser fetches this address ahead: the user has not asked for it yet.";
            }
        }
        else if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        {
            return null;
        }

        var site = request.Headers["Sec-Fetch-Site"];
        if (site.Count > 0)
        {
            return string.Equals(site, "same-origin", StringComparison.Ordinal)
                ? null
                : "The header Sec-Fetch-Site must be same-origin: this request was sent by a page of another origin.";
        }

        var origin = request.Headers.Origin;
        if (origin.Count > 0)
        {
            return IsAllowed(origin.ToString(), request)
                ? null
                : "The header Origin is not among the allowed origins, and the header Sec-Fetch-Site is missing.";
        }

        return string.Equals(request.Headers[ToolHeader], "1", StringComparison.Ordinal)
            ? null
            : $"The header {ToolHeader}: 1 is missing. A request with a cookie must carry it when it has neither Sec-Fetch-Site nor Origin.";
    }

    private bool IsAllowed(string origin, HttpRequest request) =>
        options.AllowedOrigins.Contains(origin, StringComparer.Ordinal)
        || (allowOwnLoopback
            && IsLoopback(request.Host.Host)
            && string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase));

    private static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
