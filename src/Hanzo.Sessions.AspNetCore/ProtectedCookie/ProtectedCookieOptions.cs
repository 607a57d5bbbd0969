using System.Security.Claims;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>How the cookie of another scheme is joined to sessions.</summary>
public sealed class ProtectedCookieOptions
{
    /// <summary>
    /// Until when cookies that were issued before sessions came in are still taken: each becomes a session at its
    /// first request, once, and one whose session has ended is refused. Null (the default) refuses them all. Their
    /// history is kept at least until then.
    /// </summary>
    public DateTimeOffset? AdoptUntil { get; set; }

    /// <summary>Whose session a sign-in makes: see <see cref="HanzoSessionTokenOptions.MapUser"/>.</summary>
    public Func<ClaimsPrincipal, string, SessionUser> MapUser { get; set; } = PrincipalMapping.User;
}
