using System.Security.Claims;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Who may do what through the endpoints of <c>MapHanzoSessions</c>.</summary>
public sealed class HanzoSessionEndpointOptions
{
    /// <summary>
    /// The name of the authorization policy that makes a signed-in user an administrator. Null (the default) makes
    /// nobody one: every admin route answers 403.
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

    internal void Check()
    {
        if (Clients.SelectMany(client => client.Faults()).ToList() is { Count: > 0 } faults)
        {
            throw new InvalidOperationException(string.Join(' ', faults));
        }

        foreach (var origin in AllowedOrigins)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri)
                || !string.Equals(uri.GetLeftPart(UriPartial.Authority), origin, StringComparison.Ordinal))
            {
                throw new InvalidOperationException(
                    $"AllowedOrigins has '{origin}'; an origin is written as https://host or https://host:port, in lower case, without a path.");
            }
        }
    }
}
