using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>How session tokens come and go over HTTP.</summary>
public sealed class HanzoSessionTokenOptions : AuthenticationSchemeOptions
{
    /// <summary>
    /// The name of the cookie; it must begin with <c>__Host-</c>. In the Development environment, over plain HTTP, the
    /// cookie has neither the prefix nor the attribute Secure, so that every browser works on localhost.
    /// </summary>
    /// <value><c>__Host-hanzo-session</c> by default.</value>
    public string CookieName { get; set; } = HanzoSessionTokenDefaults.CookieName;

    /// <summary>Which requests from other sites carry the cookie: Lax or Strict.</summary>
    /// <value>Lax by default.</value>
    public SameSiteMode CookieSameSite { get; set; } = SameSiteMode.Lax;

    /// <summary>The path to which pages redirect a visitor who is not signed in.</summary>
    /// <value><c>/login</c> by default.</value>
    public PathString LoginPath { get; set; } = "/login";

    /// <summary>The path to which pages redirect a user who may not see them; without one they answer 403.</summary>
    /// <value>Not set by default.</value>
    public PathString AccessDeniedPath { get; set; }

    /// <summary>The query parameter with the path to return to after the sign-in.</summary>
    /// <value><c>returnUrl</c> by default.</value>
    public string ReturnUrlParameter { get; set; } = "returnUrl";

    /// <summary>
    /// Whose session a sign-in creates. A name must be unique and never reassigned: with several identity providers, map
    /// them to different organizations or names.
    /// </summary>
    /// <value>
    /// By default the organization is the claim <c>organization</c>, else
    /// <see cref="HanzoSessionsOptions.DefaultOrganization"/>; the name is the identity's, else the claim <c>sub</c>.
    /// </value>
    public SessionUserMapping MapUser { get; set; } = PrincipalMapping.User;

    /// <summary>What the browser deletes at a sign-out, besides the cookie.</summary>
    /// <value>Nothing by default.</value>
    public ClearSiteData ClearSiteData { get; set; }

    /// <summary>
    /// Whether the tokens in a sign-in's properties (access token, refresh token) are stored with the session, encrypted
    /// by Data Protection. Otherwise they are dropped. The key ring must then be persisted for as long as sessions last and
    /// shared by all servers (<c>PersistKeysTo...</c>). If it cannot decrypt the tokens, the user is signed in without them
    /// and a warning is logged; they return with the keys.
    /// </summary>
    /// <value>False by default.</value>
    public bool KeepTokens { get; set; }

    /// <summary>
    /// With ASP.NET Core Identity: how often to check the user's security stamp. 0 (at every request) to 1 day. A session
    /// with an old stamp ends. A session with the current stamp keeps the claims and roles of its sign-in, so call
    /// <c>UserManager.UpdateSecurityStampAsync</c> after removing a role. Only Identity's own scheme has this check.
    /// </summary>
    /// <value>30 minutes by default.</value>
    public TimeSpan SecurityStampInterval { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// The claim that changes with the user's credentials. If a refresh (a <c>SignInAsync</c> with the properties of the
    /// session) brings another value than the session has, or only one of the two has the claim, the session gets a new token:
    /// a copy of the old one is dead. All other refreshes keep the token.
    /// </summary>
    /// <value>
    /// With ASP.NET Core Identity, that of <c>IdentityOptions.ClaimsIdentity.SecurityStampClaimType</c>; otherwise its default,
    /// <c>AspNet.Identity.SecurityStamp</c>.
    /// </value>
    public string SecurityStampClaimType { get; set; } = new ClaimsIdentityOptions().SecurityStampClaimType;

    /// <summary>The check; null if the users are not Identity's.</summary>
    internal ISecurityStampCheck? SecurityStampCheck { get; set; }
}
