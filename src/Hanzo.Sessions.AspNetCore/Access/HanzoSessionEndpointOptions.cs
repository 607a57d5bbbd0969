using System.Security.Claims;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Who may do what through the endpoints of <c>MapHanzoSessions</c>, and how its two pages look.</summary>
public sealed class HanzoSessionEndpointOptions
{
    /// <summary>
    /// The name of the authorization policy that makes a signed-in user an administrator. Without one, every admin route
    /// answers 403. If the policy names authentication schemes, only users signed in by one of them can be administrators.
    /// </summary>
    /// <value>Null by default.</value>
    public string? AdministratorPolicy { get; set; }

    /// <summary>The sessions that an administrator may see and end. The arguments are the principal and the user whose session it is.</summary>
    /// <value>By default the sessions of the administrator's own organization.</value>
    public Func<ClaimsPrincipal, SessionUser, SessionScope> AdministratorScope { get; set; } =
        (_, user) => SessionScope.Of(user.Organization);

    /// <summary>
    /// Origins, such as <c>https://admin.example.com</c>, whose pages may change something with the cookie when the
    /// browser sends no <c>Sec-Fetch-Site</c> header. In the Development environment the server's own loopback address is
    /// always allowed.
    /// </summary>
    /// <value>Empty by default.</value>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>
    /// Programs that may call the administrators' routes and the compatible verbs with HTTP Basic, and the compatible
    /// verbs also with <c>clientId</c> and <c>clientSecret</c> in the query.
    /// </summary>
    /// <value>Empty by default.</value>
    public IList<SessionClient> Clients { get; } = [];

    /// <summary>
    /// The prefixes of the compatible verbs: <c>/api</c>, where clients of Casdoor call them, and <c>/v1/iam</c>, where those of
    /// Hanzo IAM do. Remove one that your app uses itself, or add another, in the call of <c>MapCasdoorSessions</c>.
    /// </summary>
    /// <value><c>/api</c> and <c>/v1/iam</c> by default.</value>
    public IList<string> CasdoorPrefixes { get; } = ["/api", "/v1/iam"];

    /// <summary>The path of the administrators' page; null serves no such page.</summary>
    /// <value><c>/admin/sessions</c> by default.</value>
    public string? AdminPagePath { get; set; } = "/admin/sessions";

    /// <summary>The path of the page where users find their own sessions; null serves no such page.</summary>
    /// <value><c>/account/sessions</c> by default.</value>
    public string? AccountPagePath { get; set; } = "/account/sessions";

    /// <summary>The name at the top of both pages, for example that of your app. 1 to 100 characters.</summary>
    /// <value><c>Sessions</c> by default.</value>
    public string PageTitle { get; set; } = "Sessions";

    /// <summary>
    /// The color of marks and links on both pages, as <c>#rrggbb</c>. Where its contrast to the background is too low, in
    /// light or in dark mode, it is darkened or lightened.
    /// </summary>
    /// <value><c>#0f766e</c> by default.</value>
    public string AccentColor { get; set; } = "#0f766e";

    /// <summary>The target of the link back on both pages: a path of this app. Null for no link.</summary>
    /// <value><c>/</c> by default.</value>
    public string? BackLink { get; set; } = "/";

    /// <summary>The text of that link. 1 to 100 characters.</summary>
    /// <value><c>Back to the app</c> by default.</value>
    public string BackLinkText { get; set; } = "Back to the app";

    internal IEnumerable<string> Faults() =>
        [.. Clients.SelectMany(client => client.Faults()), .. TwiceNamedClients(), .. AllowedOrigins.SelectMany(OriginFaults), .. PrefixFaults()];

    private IEnumerable<string> TwiceNamedClients() => Clients.Distinct()
        .GroupBy(client => client.ClientId, StringComparer.Ordinal)
        .Where(clients => clients.Skip(1).Any())
        .Select(clients => $"The client '{clients.Key}' is there twice, with another secret or scope.");

    private IEnumerable<string> PrefixFaults()
    {
        foreach (var prefix in CasdoorPrefixes.Where(prefix => !IsPrefix(prefix)))
        {
            yield return $"CasdoorPrefixes has '{prefix}'; a prefix is a path such as /api: '/' and 1 to 255 ASCII letters, digits, '-', '_', '.', '~' and '/'.";
        }

        if (CasdoorPrefixes.Count == 0 || CasdoorPrefixes.Distinct(StringComparer.OrdinalIgnoreCase).Count() < CasdoorPrefixes.Count)
        {
            yield return $"CasdoorPrefixes has {CasdoorPrefixes.Count} entries; it must have at least one, and none twice.";
        }
    }

    private static bool IsPrefix(string? prefix) =>
        prefix is ['/', not '/', ..] and [.., not '/'] and { Length: <= 256 }
        && prefix.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' or '~' or '/')
        && !prefix.Contains("//", StringComparison.Ordinal)
        && !prefix.Split('/').Any(segment => segment is "." or "..");

    private static IEnumerable<string> OriginFaults(string origin)
    {
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            || !string.Equals(uri.GetLeftPart(UriPartial.Authority), origin, StringComparison.Ordinal))
        {
            yield return $"AllowedOrigins has '{origin}'; an origin is written as https://host or https://host:port, in lower case, without a path.";
        }
    }
}
