using System.Net;

namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>
/// Where the requests of a history come from: two networks of IPv4, one of them with two addresses, and one of IPv6; two kinds of
/// agents, one of them in two versions. And what is a move among them, said more plainly than the library does.
/// </summary>
internal static class Places
{
    private static readonly Dictionary<string, char> Networks = new(StringComparer.Ordinal)
    {
        ["192.0.2.1"] = 'a',
        ["192.0.2.200"] = 'a',
        ["198.51.100.7"] = 'b',
        ["2001:db8:aa::1"] = 'c',
    };

    private static readonly string[] Agents = ["Firefox/1.0", "Firefox/2.0", "Chrome/1.0"];

    public static IReadOnlyList<SessionPlace> All { get; } =
        [.. Networks.Keys.SelectMany(address => Agents.Select(agent => new SessionPlace(IPAddress.Parse(address), agent)))];

    /// <summary>Whether a request from a place is a move of a session that is known as it was shown.</summary>
    public static bool IsMove(SessionFact shown, int place)
    {
        var (address, agent) = All[place];
        var last = shown.Last;
        var known = new[] { shown.Address, last?.OtherAddress, last?.Address }.OfType<string>()
            .LastOrDefault(it => IsIPv6(it) == IsIPv6(address!.ToString()));
        return known is null || Networks[known] != Networks[address!.ToString()] || (last?.Agent ?? shown.Agent)![0] != agent![0];
    }

    private static bool IsIPv6(string address) => address.Contains(':', StringComparison.Ordinal);
}
