using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>How session tokens come and go over HTTP.</summary>
public sealed class HanzoSessionTokenOptions : AuthenticationSchemeOptions
{
    /// <summary>
    /// The name of the cookie; it begins with <c>__Host-</c>. In the Development environment, over plain http, the
    /// prefix and the attribute Secure are left out, so that every browser works on localhost.
    /// </summary>
    public string CookieName { get; set; } = HanzoSessionTokenDefaults.CookieName;

    /// <summary>With which requests from other sites a browser sends the cookie: Lax (the default) or Strict.</summary>
    public SameSiteMode CookieSameSite { get; set; } = SameSiteMode.Lax;

    /// <summary>Where pages redirect a visitor who is not signed in. <c>/login</c> by default.</summary>
    public PathString LoginPath { get; set; } = "/login";

    /// <summary>Where pages redirect a user who may not see them; not set (the default) answers 403.</summary>
    public PathString AccessDeniedPath { get; set; }

    /// <summary>The query parameter that carries the way back to a page. <c>returnUrl</c> by default.</summary>
    public string ReturnUrlParameter { get; set; } = "returnUrl";

    /// <summary>
    /// Whose session a sign-in makes. By default the organization is the claim <c>organization</c>, else
    /// <see cref="HanzoSessionsOptions.DefaultOrganization"/> (the second argument); the name is that of the identity,
    /// else the claim <c>sub</c>. With several identity providers, map them to different organizations or names: a
    /// name must be unique and never reassigned.
    /// </summary>
    public Func<ClaimsPrincipal, string, SessionUser> MapUser { get; set; } = PrincipalMapping.User;

    /// <summary>
    /// Whether the tokens in a sign-in's properties (access token, refresh token) are kept with the session,
    /// encrypted by Data Protection. Off by default: they are dropped. The key ring must then be kept for as long as
    /// sessions last, and shared by all servers (<c>PersistKeysTo...</c>): where it cannot decrypt them, the user is
    /// signed in without these tokens, and a warning is logged; they are there again when the keys are.
    /// </summary>
    public bool KeepTokens { get; set; }

    /// <summary>
    /// With ASP.NET Core Identity: how often it is checked that the user's security stamp is still that of the
    /// sign-in. 0 (at every request) to 1 day, 30 minutes by default. A session with an old stamp is ended; one with the
    /// same stamp keeps the claims and roles of its sign-in, so after taking a role away call
    /// <c>UserManager.UpdateSecurityStampAsync</c>. Only the scheme that Identity signs in with has this check.
    /// </summary>
    public TimeSpan SecurityStampInterval { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>The check; null where the users are not Identity's.</summary>
    internal ISecurityStampCheck? SecurityStampCheck { get; set; }
}
