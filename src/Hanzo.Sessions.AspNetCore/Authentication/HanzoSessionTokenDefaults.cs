namespace Hanzo.Sessions.AspNetCore;

/// <summary>The default names.</summary>
public static class HanzoSessionTokenDefaults
{
    /// <summary>The name of the authentication scheme.</summary>
    public const string AuthenticationScheme = "HanzoSession";

    /// <summary>
    /// The name of the cookie. Browsers accept a name with this prefix only from the host itself, over HTTPS, for the whole
    /// site (RFC 6265bis, 4.1.3.2).
    /// </summary>
    public const string CookieName = CookiePrefix + "hanzo-session";

    /// <summary>The request header for requests that do not count as activity of the user; its value is <c>1</c>.</summary>
    public const string PassiveHeader = "X-Hanzo-Passive";

    internal const string CookiePrefix = "__Host-";
}
