using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>The session token that a request presents.</summary>
/// <param name="Text">The text, well-formed or not; null if the request presents none.</param>
/// <param name="IsBearer">Whether it is in the Authorization header and not in a cookie, which a browser sends by itself.</param>
internal readonly record struct PresentedToken(string? Text, bool IsBearer)
{
    private const string Bearer = "Bearer ";
    private const string TokenPrefix = "hs1_";

    /// <summary>Names the kind, never the text.</summary>
    public override string ToString() => Text is null ? "none" : IsBearer ? "bearer" : "cookie";

    public static PresentedToken Of(HttpRequest request, string cookieName)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            // One blank or more, and nothing else (RFC 9110, 11.4).
            var token = authorization.AsSpan(Bearer.Length).TrimStart(' ');
            if (token.StartsWith(TokenPrefix, StringComparison.Ordinal))
            {
                return new(token.ToString(), IsBearer: true);
            }
        }

        return new(Cookie(request, cookieName), IsBearer: false);
    }

    // The framework's cookie collection decodes percent signs in names, so another site's "__Host%2D..." would pass for
    // ours, and it hides that a name occurs twice.
    private static string? Cookie(HttpRequest request, string name)
    {
        string? found = null;
        foreach (var header in request.Headers[HeaderNames.Cookie])
        {
            var rest = header.AsSpan();
            while (!rest.IsEmpty)
            {
                var end = rest.IndexOf(';');
                var pair = (end < 0 ? rest : rest[..end]).Trim(" \t");
                rest = end < 0 ? default : rest[(end + 1)..];
                if (pair.Length > name.Length && pair[name.Length] == '=' && pair.StartsWith(name, StringComparison.Ordinal))
                {
                    if (found is not null)
                    {
                        return null;
                    }

                    found = pair[(name.Length + 1)..].ToString();
                }
            }
        }

        return found;
    }
}
