namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>The kinds of session that the table of docs/Security.md has a column for.</summary>
public enum SessionKind
{
    TokenCookie,
    BearerToken,
    ProtectCookie,
    AdoptedCookie,
}
