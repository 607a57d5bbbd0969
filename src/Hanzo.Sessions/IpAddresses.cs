using System.Net;
using System.Net.Sockets;

namespace Hanzo.Sessions;

/// <summary>One text for one address.</summary>
internal static class IpAddresses
{
    /// <summary>IPv4-mapped addresses become IPv4, scope ids are dropped.</summary>
    public static IPAddress Normalise(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes());

    /// <summary>What counts as one address: IPv4 as it is, IPv6 by its leading bits.</summary>
    public static string Network(IPAddress normalised, int ipv6Prefix)
    {
        if (normalised.AddressFamily != AddressFamily.InterNetworkV6 || ipv6Prefix == 128)
        {
            return normalised.ToString();
        }

        Span<byte> bytes = stackalloc byte[16];
        normalised.TryWriteBytes(bytes, out _);
        for (var bit = ipv6Prefix; bit < 128; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return $"{new IPAddress(bytes)}/{ipv6Prefix}";
    }
}
