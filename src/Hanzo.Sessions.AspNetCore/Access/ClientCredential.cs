using System.Text;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>The client id and the secret that a request presents.</summary>
internal readonly record struct ClientCredential(string ClientId, string Secret)
{
    private const string Basic = "Basic ";

    /// <summary>From the Authorization header (RFC 7617) or, if allowed, from the query; null if the request has none.</summary>
    public static ClientCredential? Of(HttpRequest request, bool fromQueryToo)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
        {
            return Decode(authorization[Basic.Length..].Trim());
        }

        return fromQueryToo && request.Query.TryGetValue("clientId", out var id) && request.Query.TryGetValue("clientSecret", out var secret)
            ? id.Count == 1 && secret.Count == 1 ? new(id.ToString(), secret.ToString()) : new(string.Empty, string.Empty)
            : null;
    }

    /// <summary>Never the secret.</summary>
    public override string ToString() => ClientId;

    // An unreadable header is still a credential, one that matches no client.
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
