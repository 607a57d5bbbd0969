namespace Hanzo.Sessions.AspNetCore;

/// <summary>How the cookie of another scheme gets sessions.</summary>
public sealed class ProtectedCookieOptions
{
    /// <summary>
    /// Until when cookies that were issued before <c>ProtectCookie</c> are accepted. Each becomes a session at its first
    /// request, once; a cookie whose session has ended is refused. The history of these sessions is kept at least until
    /// then. Null refuses all such cookies.
    /// </summary>
    /// <value>Null by default.</value>
    public DateTimeOffset? AdoptUntil { get; set; }

    /// <summary>What the browser deletes at a sign-out, besides the cookie.</summary>
    /// <value>Nothing by default.</value>
    public ClearSiteData ClearSiteData { get; set; }

    /// <summary>Whose session a sign-in creates.</summary>
    /// <value>As in <see cref="HanzoSessionTokenOptions.MapUser"/>.</value>
    public SessionUserMapping MapUser { get; set; } = PrincipalMapping.User;

    /// <summary>
    /// The claim that changes with the user's credentials: see <see cref="HanzoSessionTokenOptions.SecurityStampClaimType"/>.
    /// </summary>
    /// <value>Null by default: that of <c>IdentityOptions.ClaimsIdentity.SecurityStampClaimType</c>.</value>
    public string? SecurityStampClaimType { get; set; }
}
