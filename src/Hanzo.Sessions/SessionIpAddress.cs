using System.Net;
using System.Net.Sockets;

namespace Hanzo.Sessions;

/// <summary>One text for one address, however it arrived.</summary>
internal static class SessionIpAddress
{
    /// <summary>An IPv4-mapped address becomes IPv4, and a scope id is dropped.</summary>
    public static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes());

    /// <summary>What counts as one address: IPv4 as it is, IPv6 by its leading bits.</summary>
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
