using System.Net;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>
/// The settings of <c>UseEdgeLocation</c>: which headers of a content delivery network say where a request comes from, and
/// which proxies are believed. The host checks them at start.
/// </summary>
/// <remarks>
/// Cloudflare sends <c>CF-IPCity</c> (if the zone adds "visitor location headers") and <c>CF-IPCountry</c>, CloudFront
/// <c>CloudFront-Viewer-City</c> and <c>CloudFront-Viewer-Country</c>, App Engine <c>X-AppEngine-City</c> and
/// <c>X-AppEngine-Country</c>, Vercel <c>X-Vercel-IP-City</c> and <c>X-Vercel-IP-Country</c>.
/// </remarks>
public sealed class EdgeLocationOptions
{
    /// <summary>
    /// The header with the country: a code of two letters (ISO 3166-1), which is shown as the country's name in the reader's
    /// language, or a name. Null for none.
    /// </summary>
    /// <value><c>CF-IPCountry</c> by default.</value>
    public string? CountryHeader { get; set; } = "CF-IPCountry";

    /// <summary>The header with the name of the city, as it is or percent-encoded. Null for none.</summary>
    /// <value><c>CF-IPCity</c> by default.</value>
    public string? CityHeader { get; set; } = "CF-IPCity";

    /// <summary>
    /// The addresses of the proxies whose headers are believed: what connects to this server directly, before
    /// <c>UseForwardedHeaders</c> replaces the address. Each of them must remove these headers from requests that did not come
    /// through the edge.
    /// </summary>
    /// <value>Empty by default. Without an address or a network here or in <see cref="KnownIPNetworks"/>, the host does not start.</value>
    public IList<IPAddress> KnownProxies { get; } = [];

    /// <summary>The networks of such proxies, for example those that Cloudflare publishes.</summary>
    /// <value>Empty by default. A network of all addresses (<c>0.0.0.0/0</c>, <c>::/0</c>) is refused: any client could say where it is.</value>
    public IList<IPNetwork> KnownIPNetworks { get; } = [];
}
