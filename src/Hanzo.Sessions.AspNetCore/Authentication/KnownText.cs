using System.Collections.Frozen;
using System.Security.Claims;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>
/// Strings that nearly every principal has: written as a number, and read without allocating a string. The order is part of
/// the payload's format: add at the end, never change or remove.
/// </summary>
internal static class KnownText
{
    private static readonly string[] All =
    [
        ClaimValueTypes.String,
        ClaimsIdentity.DefaultIssuer,
        ClaimTypes.Name,
        ClaimTypes.NameIdentifier,
        ClaimTypes.Role,
        ClaimTypes.Email,
        "sub",
        "name",
        "role",
        "email",
        "amr",
        "organization",
        "sid",
        "iss",
        "idp",
        "auth_time",
        "AspNet.Identity.SecurityStamp",
        "Identity.Application",
        "Identity.External",
        "http://schemas.microsoft.com/claims/authnmethodsreferences",
        ".persistent",
        "True",
        ClaimValueTypes.Boolean,
        ClaimValueTypes.Integer,
        ClaimValueTypes.Integer64,
        "pwd",
        "mfa",
    ];

    private static readonly FrozenDictionary<string, int> Numbers =
        All.Select((text, index) => KeyValuePair.Create(text, index)).ToFrozenDictionary(StringComparer.Ordinal);

    public static bool TryGetNumber(string text, out int number) => Numbers.TryGetValue(text, out number);

    public static string? Find(int number) => number < All.Length ? All[number] : null;
}
