using System.Text;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>A client id and a secret, as a request presents them.</summary>
internal readonly record struct ClientCredential(string ClientId, string Secret)
{
    private const string Basic = "Basic ";

    /// <summary>From the Authorization header (RFC 7617), or, only where that is allowed, from the query; null when there is none.</summary>
    public static ClientCredential? Of(HttpRequest request, bool fromQueryToo)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
        {
            return Decode(authorization[Basic.Length..].Trim());
        }

        return fromQueryToo && request.Query.TryGetValue("clientId", out var id) && request.Query.TryGetValue("clientSecret", out var secret)
            ? new(id.ToString(), secret.ToString())
            : null;
    }

    /// <summary>Never the secret.</summary>
    public override string ToString() => ClientId;

    // What cannot be read is a credential all the same, one that nobody has.
    private static ClientCredential Decode(string encoded)
    {
        var bytes = new byte[encoded.Length];
        var text = Convert.TryFromBase64String(encoded, bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : string.Empty;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new(text, string.Empty) : new(text[..colon], text[(colon + 1)..]);
    }
}
