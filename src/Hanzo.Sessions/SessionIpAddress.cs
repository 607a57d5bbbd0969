using System.Net;
using System.Net.Sockets;

namespace Hanzo.Sessions;

/// <summary>One text for one address, whatever way it came in.</summary>
public static class SessionIpAddress
{
    /// <summary>The form of <see cref="Session.IpAddress"/>: IPv4-mapped addresses become IPv4, scope ids are dropped.</summary>
    /// <param name="address">The address of a client.</param>
    public static string Normalise(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return Plain(address).ToString();
    }

    /// <summary>What counts as one address: IPv4 as it is, IPv6 by its leading bits.</summary>
    internal static string Network(IPAddress address, int ipv6Prefix)
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

    private static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes());
}
