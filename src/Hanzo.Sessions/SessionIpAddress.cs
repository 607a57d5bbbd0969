using System.Net;
using System.Net.Sockets;

namespace Hanzo.Sessions;

/// <summary>Normalizes addresses, so that equal addresses have equal text.</summary>
internal static class SessionIpAddress
{
    /// <summary>Turns an IPv4-mapped address into IPv4, and drops a scope id.</summary>
    public static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes());

    /// <summary>The network that counts as one address: all of IPv4, the leading bits of IPv6.</summary>
    public static string Network(IPAddress address, int ipv6Prefix)
    {
        var plain = Plain(address);
        if (plain.AddressFamily != AddressFamily.InterNetworkV6 || ipv6Prefix == 128)
        {
            return plain.ToString();
        }

        Span<byte> bytes = stackalloc byte[16];
        plain.TryWriteBytes(bytes, out _);
        for (var bit = ipv6Prefix; bit < 128; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return $"{new IPAddress(bytes)}/{ipv6Prefix}";
    }
}
