using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Hanzo.Sessions.Benchmarks.Floors;

/// <summary>
/// The least that a table of hashed tokens in memory costs: SHA-256 of the token, one lookup by four words, nothing else.
/// No lock: several threads may look up as long as none adds or removes.
/// </summary>
internal sealed class HandWrittenTable
{
    private readonly Dictionary<Hash, object> _sessions = [];

    public int Count => _sessions.Count;

    public string Add()
    {
        var token = "hs1_" + System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        _sessions.Add(HashOf(token), this);
        return token;
    }

    public bool Remove(string token) => _sessions.Remove(HashOf(token));

    public object? Find(string token) => _sessions.TryGetValue(HashOf(token), out var session) ? session : null;

    private static Hash HashOf(string token)
    {
        Span<byte> text = stackalloc byte[token.Length];
        Encoding.ASCII.GetBytes(token, text);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, hash);
        return MemoryMarshal.Read<Hash>(hash);
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Hash(ulong a, ulong b, ulong c, ulong d) : IEquatable<Hash>
    {
        private readonly ulong _a = a;
        private readonly ulong _b = b;
        private readonly ulong _c = c;
        private readonly ulong _d = d;

        public bool Equals(Hash other) => ((_a ^ other._a) | (_b ^ other._b) | (_c ^ other._c) | (_d ^ other._d)) == 0;

        public override bool Equals(object? obj) => obj is Hash other && Equals(other);

        public override int GetHashCode() => (int)_a;
    }
}
