using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Hanzo.Sessions;

/// <summary>
/// The public name of a session: a UUID (RFC 9562), written as 32 hexadecimal digits. You can show it, log it and put it
/// into a URL: it is not a credential. Ids have version 7, which sorts by creation; those of adopted sessions have version
/// 8, which does not.
/// </summary>
/// <param name="Value">The UUID.</param>
[JsonConverter(typeof(SessionIdJsonConverter))]
public readonly record struct SessionId(Guid Value) : IComparable<SessionId>, IParsable<SessionId>
{
    internal const int Size = 16;

    /// <summary>Creates an id.</summary>
    /// <param name="now">The instant that goes into its first 48 bits.</param>
    public static SessionId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    /// <summary>Creates an id from random bytes, which must not be used for anything else.</summary>
    internal static SessionId New(DateTimeOffset now, ReadOnlySpan<byte> random)
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteInt64BigEndian(bytes, now.ToUnixTimeMilliseconds() << 16);
        random[6..].CopyTo(bytes[6..]);
        return OfVersion(7, bytes);
    }

    /// <summary>Derives an id, a UUID version 8, from a token. The token cannot be computed from it.</summary>
    internal static SessionId Of(SessionTokenHash hash)
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(hash.ToArray(), bytes);
        return OfVersion(8, bytes[..Size]);
    }

    /// <summary>Reads 32 hexadecimal digits, in either case.</summary>
    /// <exception cref="FormatException">The text is not a session id.</exception>
    public static SessionId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException("The text is not a session id; it must be 32 hexadecimal digits.");

    /// <summary>Reads 32 hexadecimal digits, in either case; returns false for any other text.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out SessionId id)
    {
        var read = Guid.TryParseExact(text, "N", out var value);
        id = new SessionId(value);
        return read && text!.Length == 32;
    }

    static SessionId IParsable<SessionId>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<SessionId>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out SessionId result) =>
        TryParse(s, out result);

    private static SessionId OfVersion(int version, Span<byte> bytes)
    {
        bytes[6] = (byte)((bytes[6] & 0x0F) | (version << 4));
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new SessionId(new Guid(bytes, bigEndian: true));
    }

    /// <inheritdoc/>
    public int CompareTo(SessionId other) => Value.CompareTo(other.Value);

    /// <summary>Writes 32 lowercase hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("N");
}
