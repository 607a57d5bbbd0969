using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Hanzo.Sessions;

/// <summary>
/// The SHA-256 of a token's text: all that a store ever sees of it. A salt or a slow hash would add nothing, because a
/// token is 256 random bits. It prints and serializes as <c>[redacted]</c>.
/// </summary>
[DebuggerDisplay("[redacted]")]
[JsonConverter(typeof(RedactedJsonConverter<SessionTokenHash>))]
public readonly struct SessionTokenHash : IEquatable<SessionTokenHash>
{
    /// <summary>The size of a hash in bytes.</summary>
    public const int Size = SHA256.HashSizeInBytes;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <summary>Creates a hash from the bytes that a store kept.</summary>
    /// <param name="bytes">Exactly <see cref="Size"/> bytes.</param>
    /// <exception cref="ArgumentException">The number of bytes is another one.</exception>
    public SessionTokenHash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"The hash has {bytes.Length} bytes; it must have exactly {Size}.", nameof(bytes));
        }

        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>Returns the bytes, for a store to keep.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Writes the bytes, for a store to keep.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes long.</param>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _d);
    }

    /// <inheritdoc/>
    public bool Equals(SessionTokenHash other) =>
        ((_a ^ other._a) | (_b ^ other._b) | (_c ^ other._c) | (_d ^ other._d)) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SessionTokenHash other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)_a;

    /// <summary>Always <c>[redacted]</c>.</summary>
    public override string ToString() => "[redacted]";

    /// <summary>Whether both are the same hash.</summary>
    public static bool operator ==(SessionTokenHash left, SessionTokenHash right) => left.Equals(right);

    /// <summary>Whether they are different hashes.</summary>
    public static bool operator !=(SessionTokenHash left, SessionTokenHash right) => !left.Equals(right);

    internal static SessionTokenHash Of(string token)
    {
        Span<byte> text = stackalloc byte[SessionToken.Length];
        Encoding.ASCII.GetBytes(token, text);
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(text, hash);
        return new SessionTokenHash(hash);
    }
}
