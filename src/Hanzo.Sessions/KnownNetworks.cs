using System.Net;
using System.Net.Sockets;

namespace Hanzo.Sessions;

/// <summary>
/// The networks in which a session is known, at most one of each address family, as numbers: every request is compared with
/// them, and reading the session's texts would take longer than all the rest. They follow from the session, so they take no
/// part in its equality.
/// </summary>
internal struct KnownNetworks : IEquatable<KnownNetworks>
{
    private const int HasIPv4 = 1;
    private const int HasIPv6 = 2;
    private const int IsRead = 4;

    private ulong _ipv6;
    private uint _ipv4;
    private int _state;

    /// <summary>Whether the texts have been read. Two threads may read them at once, and write the same.</summary>
    public readonly bool AreRead => (Volatile.Read(in _state) & IsRead) != 0;

    public readonly bool Any => (_state & (HasIPv4 | HasIPv6)) != 0;

    /// <summary>Reads the texts: a later one takes the place of an earlier one of its family.</summary>
    public void Read(string? first, string? second, string? third)
    {
        // Through variables: another thread may be comparing with what this one wrote before.
        var (state, ipv4, ipv6) = (IsRead, 0u, 0ul);
        foreach (var text in (ReadOnlySpan<string?>)[first, second, third])
        {
            if (SessionIpAddress.Parse(text) is not { } address)
            {
                continue;
            }

            if (SessionIpAddress.Read(address, out var narrow, out var wide) == AddressFamily.InterNetwork)
            {
                (state, ipv4) = (state | HasIPv4, narrow);
            }
            else
            {
                (state, ipv6) = (state | HasIPv6, wide);
            }
        }

        (_ipv4, _ipv6) = (ipv4, ipv6);
        Volatile.Write(ref _state, state);
    }

    /// <summary>Whether a family is known; if so, whether the address is in its network.</summary>
    public readonly (bool IsFamilyKnown, bool IsNetworkKnown) Compare(IPAddress address, int ipv4Prefix, int ipv6Prefix) =>
        SessionIpAddress.Read(address, out var ipv4, out var ipv6) == AddressFamily.InterNetwork
            ? ((_state & HasIPv4) != 0, (ulong)(ipv4 ^ _ipv4) >> (32 - ipv4Prefix) == 0)
            : ((_state & HasIPv6) != 0, (ipv6 ^ _ipv6) >> (64 - ipv6Prefix) == 0);

    public readonly bool Equals(KnownNetworks other) => true;

    public override readonly bool Equals(object? obj) => obj is KnownNetworks;

    public override readonly int GetHashCode() => 0;
}
