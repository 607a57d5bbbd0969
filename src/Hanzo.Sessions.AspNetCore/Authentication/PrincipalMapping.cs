using System.Security.Claims;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>What the claims of a principal say about a session.</summary>
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
                "The principal has neither a name nor a 'sub' claim. Set MapUser to say whose session this sign-in makes.");
        return new SessionUser(NotEmpty(principal.FindFirst(Organization)?.Value) ?? defaultOrganization, name);
    }

    public static string? AuthenticationMethods(ClaimsPrincipal principal)
    {
        var methods = principal.Claims
            .Where(claim => claim.Type is AuthenticationMethod or LongAuthenticationMethod)
            .Select(claim => claim.Value)
            .Distinct(StringComparer.Ordinal);
        return NotEmpty(string.Join(' ', methods));
    }

    private static string? NotEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
