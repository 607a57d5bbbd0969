using Microsoft.AspNetCore.Authentication;

namespace Hanzo.Sessions.AspNetCore;

internal sealed class ProtectedCookieRequestOptions : AuthenticationSchemeOptions
{
    public string CookieScheme { get; set; } = string.Empty;
}
