using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Maps the principal and the properties of a sign-in to a new session.</summary>
internal static class PrincipalMapping
{
    private const string Organization = "organization";
    private const string Subject = "sub";
    private const string AuthenticationMethod = "amr";
    private const string LongAuthenticationMethod = "http://schemas.microsoft.com/claims/authnmethodsreferences";

    public static SessionUser User(ClaimsPrincipal principal, string defaultOrganization)
    {
        // Handlers that rename inbound claims turn "sub" into the long name.
        var name = NotEmpty(principal.Identity?.Name)
            ?? NotEmpty(principal.FindFirst(Subject)?.Value)
            ?? NotEmpty(principal.FindFirst(ClaimTypes.NameIdentifier)?.Value)
            ?? throw new InvalidOperationException(
                "The principal has neither a name nor a 'sub' claim. Set MapUser to map it to a user.");
        return new SessionUser(NotEmpty(principal.FindFirst(Organization)?.Value) ?? defaultOrganization, name);
    }

    public static NewSession NewSession(
        HttpContext http, ClaimsPrincipal principal, SessionUser owner, AuthenticationProperties properties)
    {
        var place = RequestPlace.Of(http);
        return new()
        {
            User = owner,
            Application = properties.GetSessionApplication(),
            IpAddress = place.IpAddress,
            UserAgent = place.UserAgent,
            AuthenticationMethods = AuthenticationMethods(principal),
            IsPersistent = properties.IsPersistent,
            ExpiresAt = properties.ExpiresUtc,
        };
    }

    private static string? AuthenticationMethods(ClaimsPrincipal principal)
    {
        var methods = principal.Claims
            .Where(claim => claim.Type is AuthenticationMethod or LongAuthenticationMethod)
            .Select(claim => claim.Value)
            .Distinct(StringComparer.Ordinal);
        return NotEmpty(string.Join(' ', methods));
    }

    private static string? NotEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
