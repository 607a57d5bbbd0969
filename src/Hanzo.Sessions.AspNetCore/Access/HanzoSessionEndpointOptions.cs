using System.Security.Claims;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Who may do what through the endpoints of <c>MapHanzoSessions</c>, and how its two pages look.</summary>
public sealed class HanzoSessionEndpointOptions
{
    /// <summary>
    /// The name of the authorization policy that makes a signed-in user an administrator. Null (the default) makes
    /// nobody one: every admin route answers 403. Where the policy names authentication schemes, only who has signed in
    /// by one of them can be an administrator.
    /// </summary>
    public string? AdministratorPolicy { get; set; }

    /// <summary>
    /// Whose sessions an administrator sees and ends: by default those of the administrator's own organization. The
    /// arguments are the principal and the user whose session it is.
    /// </summary>
    public Func<ClaimsPrincipal, SessionUser, SessionScope> AdministratorScope { get; set; } =
        (_, user) => SessionScope.Of(user.Organization);

    /// <summary>
    /// Origins, such as <c>https://admin.example.com</c>, whose pages may change something with the cookie when the
    /// browser sends no <c>Sec-Fetch-Site</c> header. Empty by default; in the Development environment the server's
    /// own loopback address is always allowed.
    /// </summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>
    /// Programs that may call the administrators' routes and the compatible verbs with HTTP Basic, and the compatible
    /// verbs also with <c>clientId</c> and <c>clientSecret</c> in the query. Empty by default.
    /// </summary>
    public IList<SessionClient> Clients { get; } = [];

    /// <summary>Where the administrators' page is. <c>/admin/sessions</c> by default; null serves none.</summary>
    public string? AdminPagePath { get; set; } = "/admin/sessions";

    /// <summary>Where users find their own sessions. <c>/account/sessions</c> by default; null serves no such page.</summary>
    public string? AccountPagePath { get; set; } = "/account/sessions";

    /// <summary>The name that stands on top of both pages, that of your app for example. 1 to 100 characters, <c>Sessions</c> by default.</summary>
    public string PageTitle { get; set; } = "Sessions";

    /// <summary>
    /// The colour of marks and links on both pages, written as <c>#rrggbb</c>. Where it would be hard to read on the
    /// background, in light or in dark, it is darkened or lightened until it can be read.
    /// </summary>
    public string AccentColor { get; set; } = "#0f766e";

    /// <summary>Where a link on both pages leads back to: a path of this app, <c>/</c> by default. Null for no link.</summary>
    public string? BackLink { get; set; } = "/";

    /// <summary>The text of that link. 1 to 100 characters, <c>Back to the app</c> by default.</summary>
    public string BackLinkText { get; set; } = "Back to the app";

    internal void Check()
    {
        List<string> faults =
        [
            .. Clients.SelectMany(client => client.Faults()), .. TwiceNamedClients(), .. AllowedOrigins.SelectMany(OriginFaults), .. PageFaults.Of(this),
        ];
        if (faults.Count > 0)
        {
            throw new InvalidOperationException(string.Join(' ', faults));
        }
    }

    private IEnumerable<string> TwiceNamedClients() => Clients.Distinct()
        .GroupBy(client => client.ClientId, StringComparer.Ordinal)
        .Where(clients => clients.Skip(1).Any())
        .Select(clients => $"The client '{clients.Key}' is there twice, with another secret or scope.");

    private static IEnumerable<string> OriginFaults(string origin)
    {
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            || !string.Equals(uri.GetLeftPart(UriPartial.Authority), origin, StringComparison.Ordinal))
        {
            yield return $"AllowedOrigins has '{origin}'; an origin is written as https://host or https://host:port, in lower case, without a path.";
        }
    }
}
