using System.Buffers;
using System.Buffers.Text;
using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Hanzo.Sessions;

/// <summary>
/// The secret that proves a session: <c>hs1_</c> and 43 characters of base64url, 256 random bits (OWASP ASVS 5 7.2.3
/// requires 128). Only create and rotate return it, once. It prints and serializes as <c>[redacted]</c>; only
/// <see cref="Reveal"/> returns its text.
/// </summary>
[DebuggerDisplay("[redacted]")]
[JsonConverter(typeof(RedactedJsonConverter<SessionToken>))]
public readonly struct SessionToken : IEquatable<SessionToken>
{
    internal const int Length = 47;
    private const string Prefix = "hs1_";
    private const int RandomBytes = 32;

    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    // 43 characters carry 258 bits, so the two lowest bits of the last character must be zero. Without this rule four texts
    // would stand for the same bytes.
    private static readonly SearchValues<char> LastCharacter = SearchValues.Create("AEIMQUYcgkosw048");

    private readonly string? _text;

    private SessionToken(string text) => _text = text;

    /// <summary>Creates a token with the operating system's random generator.</summary>
    public static SessionToken New()
    {
        Span<byte> random = stackalloc byte[RandomBytes];
        RandomNumberGenerator.Fill(random);
        return FromBytes(random);
    }

    /// <summary>Creates a token and an id with one call to the random generator, which costs most of a microsecond per call.</summary>
    internal static (SessionToken Token, SessionId Id) NewWithId(DateTimeOffset now)
    {
        Span<byte> random = stackalloc byte[RandomBytes + SessionId.Size];
        RandomNumberGenerator.Fill(random);
        return (FromBytes(random[..RandomBytes]), SessionId.New(now, random[RandomBytes..]));
    }

    /// <summary>
    /// Derives a token from a secret that a client already has, for a bridge from another kind of sign-in. The same secret
    /// always gives the same token. The secret cannot be computed from the token.
    /// </summary>
    /// <param name="secret">At least 16 bytes that an attacker cannot guess.</param>
    /// <exception cref="ArgumentException">The secret is shorter.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static SessionToken Derive(ReadOnlySpan<byte> secret)
    {
        if (secret.Length < 16)
        {
            throw new ArgumentException($"The secret has {secret.Length} bytes; it must have at least 16.", nameof(secret));
        }

        Span<byte> bytes = stackalloc byte[RandomBytes];
        HMACSHA256.HashData("Hanzo.Sessions.SessionToken.Derive.v1"u8, secret, bytes);
        return FromBytes(bytes);
    }

    /// <summary>Reads the text of a token. It does not check whether a session exists.</summary>
    /// <param name="text">The text that a client presented.</param>
    /// <param name="token">The token, if the result is true.</param>
    /// <returns>False for any text but the exact canonical form: no case folding, no padding, no spaces.</returns>
    public static bool TryParse(string? text, out SessionToken token)
    {
        var wellFormed = text is { Length: Length }
            && text.StartsWith(Prefix, StringComparison.Ordinal)
            && !text.AsSpan(Prefix.Length).ContainsAnyExcept(Alphabet)
            && LastCharacter.Contains(text[^1]);
        token = wellFormed ? new SessionToken(text!) : default;
        return wellFormed;
    }

    /// <summary>Returns the secret itself, for the response that sends it to the client.</summary>
    /// <exception cref="InvalidOperationException">This is <c>default</c>, not a token.</exception>
    public string Reveal() => _text ?? throw new InvalidOperationException("default(SessionToken) is not a token; get one from New or TryParse.");

    /// <summary>Computes the hash, which a store keeps instead of the token.</summary>
    /// <exception cref="InvalidOperationException">This is <c>default</c>, not a token.</exception>
    public SessionTokenHash Hash() => SessionTokenHash.Of(Reveal());

    /// <summary>Always <c>[redacted]</c>.</summary>
    public override string ToString() => "[redacted]";

    /// <inheritdoc/>
    public bool Equals(SessionToken other) =>
        _text is null ? other._text is null : other._text is not null && Hash().Equals(other.Hash());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SessionToken other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _text is null ? 0 : Hash().GetHashCode();

    /// <summary>Whether both are the same token.</summary>
    public static bool operator ==(SessionToken left, SessionToken right) => left.Equals(right);

    /// <summary>Whether they are different tokens.</summary>
    public static bool operator !=(SessionToken left, SessionToken right) => !left.Equals(right);

    private static SessionToken FromBytes(ReadOnlySpan<byte> bytes) => new(string.Create(Length, bytes, static (text, bytes) =>
    {
        Prefix.CopyTo(text);
        Base64Url.EncodeToChars(bytes, text[Prefix.Length..]);
    }));
}
