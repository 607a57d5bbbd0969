using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace Hanzo.Sessions.Benchmarks.Rivals;

/// <summary>The principal that all contestants sign in: ten claims, as an identity provider gives them.</summary>
internal static class TenClaims
{
    public static ClaimsPrincipal Principal(string name) => new(new ClaimsIdentity(
        [
            new(ClaimTypes.Name, name),
            new("sub", "3f0c4a52-7f4e-4d0a-9a33-0e8e4b6d1f11"),
            new("organization", "acme"),
            new(ClaimTypes.Email, name + "@acme.example"),
            new(ClaimTypes.Role, "employee"),
            new(ClaimTypes.Role, "payroll-reader"),
            new("given_name", "Ada"),
            new("family_name", "Lovelace"),
            new("locale", "en-GB"),
            new("amr", "pwd"),
        ],
        "password"));

    public static AuthenticationTicket Ticket(string name, string scheme = "Cookies")
    {
        var now = TimeProvider.System.GetUtcNow();
        return new(Principal(name), new AuthenticationProperties { IssuedUtc = now, ExpiresUtc = now.AddHours(24) }, scheme);
    }
}
