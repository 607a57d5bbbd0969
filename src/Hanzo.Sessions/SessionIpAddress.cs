using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Hanzo.Sessions;

/// <summary>Normalizes addresses, so that equal addresses have equal text.</summary>
internal static class SessionIpAddress
{
    /// <summary>The bits that <see cref="SessionAddressPrecision.Network"/> keeps.</summary>
    public const int KeptIPv4Prefix = 24;

    /// <inheritdoc cref="KeptIPv4Prefix"/>
    public const int KeptIPv6Prefix = 48;

    /// <summary>Turns an IPv4-mapped address into IPv4, and drops a scope id.</summary>
    public static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes());

    /// <summary>The text that the store keeps of an address.</summary>
    public static string Text(IPAddress address, SessionAddressPrecision precision) =>
        precision == SessionAddressPrecision.Network
            ? Network(address, KeptIPv4Prefix, KeptIPv6Prefix)
            : Plain(address).ToString();

    /// <summary>The network that counts as one address: all of IPv4, the leading bits of IPv6, but never more than is kept.</summary>
    public static string AlarmNetwork(IPAddress address, int ipv6Prefix, SessionAddressPrecision precision) =>
        precision == SessionAddressPrecision.Network
            ? Network(address, KeptIPv4Prefix, Math.Min(ipv6Prefix, KeptIPv6Prefix))
            : Network(address, 32, ipv6Prefix);

    /// <summary>
    /// The address as two numbers that compare fast: all of IPv4, or the upper half of IPv6. Returns its family, and allocates
    /// nothing.
    /// </summary>
    public static AddressFamily Read(IPAddress address, out uint ipv4, out ulong ipv6)
    {
        (ipv4, ipv6) = (0, 0);
        UInt128 room = default; // Every request comes by here, and stackalloc would cost more than the rest.
        var bytes = MemoryMarshal.AsBytes(new Span<UInt128>(ref room));
        if (!address.TryWriteBytes(bytes, out var written))
        {
            throw new UnreachableException();
        }

        if (written == 4 || address.IsIPv4MappedToIPv6)
        {
            ipv4 = BinaryPrimitives.ReadUInt32BigEndian(bytes[(written - 4)..]);
            return AddressFamily.InterNetwork;
        }

        ipv6 = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        return AddressFamily.InterNetworkV6;
    }

    /// <summary>The address of a text that the store has kept: an address or a network; null if it is neither.</summary>
    public static IPAddress? Parse(string? text) =>
        text is not null && IPAddress.TryParse(text.AsSpan(0, text.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? slash : text.Length), out var address)
            ? address
            : null;

    private static string Network(IPAddress address, int ipv4Prefix, int ipv6Prefix)
    {
        var plain = Plain(address);
        Span<byte> bytes = stackalloc byte[16];
        plain.TryWriteBytes(bytes, out var length);
        var prefix = length == 4 ? ipv4Prefix : ipv6Prefix;
        if (prefix == length * 8)
        {
            return plain.ToString();
        }

        for (var bit = prefix; bit < length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return $"{new IPAddress(bytes[..length])}/{prefix}";
    }
}
