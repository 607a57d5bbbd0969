using System.Security.Cryptography;
using System.Text;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>
/// A program that calls the HTTP API with a client id and a secret. It is an administrator of its scope and has no
/// session of its own.
/// </summary>
/// <param name="ClientId">Its name. History shows it as <c>service:client-id</c>.</param>
/// <param name="SecretHash">The result of <see cref="HashSecret"/> for its secret.</param>
/// <param name="Scope">The sessions that it may see and end.</param>
public sealed record SessionClient(string ClientId, string SecretHash, SessionScope Scope)
{
    private const int ShortestSecret = 16;

    /// <summary>
    /// The hash to configure instead of a secret: SHA-256 in hexadecimal digits. It is a fast hash, so the secret must be
    /// random: 32 bytes from a generator, not a word that a person chose.
    /// </summary>
    /// <param name="secret">At least 16 characters.</param>
    /// <exception cref="ArgumentException">The secret is shorter.</exception>
    public static string HashSecret(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        if (secret.Length < ShortestSecret)
        {
            throw new ArgumentException(
                $"The secret has {secret.Length} characters; it must have at least {ShortestSecret}.", nameof(secret));
        }

        return Convert.ToHexStringLower(Hash(secret));
    }

    /// <summary>Never the hash.</summary>
    public override string ToString() => $"client {ClientId}";

    internal bool HasSecret(string secret) =>
        CryptographicOperations.FixedTimeEquals(Hash(secret), Convert.FromHexString(SecretHash));

    internal IEnumerable<string> Faults()
    {
        if (SecretHash is not { Length: 2 * SHA256.HashSizeInBytes } || !SecretHash.All(char.IsAsciiHexDigit))
        {
            yield return $"The client '{ClientId}' has no valid SecretHash; use SessionClient.HashSecret.";
        }

        if (!SessionUser.TryParse("any/" + ClientId, null, out _) || ClientId.Contains(':', StringComparison.Ordinal))
        {
            yield return $"The client id '{ClientId}' must be 1 to 256 bytes of UTF-8 without NUL or ':'.";
        }

        if (Scope is null)
        {
            yield return $"The client '{ClientId}' has no Scope; name an organization with SessionScope.Of, or SessionScope.AllOrganizations.";
        }
    }

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
