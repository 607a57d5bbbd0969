namespace Hanzo.Sessions.AspNetCore;

/// <summary>What a browser deletes at a sign-out, by the header <c>Clear-Site-Data</c>.</summary>
/// <remarks>
/// Cookies are not among them: the browser would also delete those of all other apps in the registrable domain. The
/// sign-out deletes the session's own cookie anyway.
/// </remarks>
[Flags]
public enum ClearSiteData
{
    /// <summary>Nothing: no header is sent.</summary>
    None = 0,

    /// <summary>What the browser has cached of this origin. Some browsers take seconds for it.</summary>
    Cache = 1,

    /// <summary>What scripts of this origin have stored: local and session storage, databases, service workers.</summary>
    Storage = 2,
}
