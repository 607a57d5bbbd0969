using System.Net;

namespace Hanzo.Sessions.ProofTests.Models;

/// <summary>Where a request comes from, with what the rules make of its address and agent, written down by hand.</summary>
/// <param name="Address">As the host sees it; null if it does not know.</param>
/// <param name="Text">As it is kept.</param>
/// <param name="Family">4 or 6.</param>
/// <param name="MoveNetwork">Names the network within which a change of address is no move.</param>
/// <param name="AlarmNetwork">What counts as one address for the alarm.</param>
/// <param name="Agent">As it names itself; null if it does not. Its first letter stands for its family.</param>
internal sealed record ModelPlace(string? Address, string? Text, int Family, char MoveNetwork, string? AlarmNetwork, string? Agent)
{
    private static readonly ModelPlace[] Addresses =
    [
        new("192.0.2.1", "192.0.2.1", 4, 'a', "192.0.2.1", null),
        new("192.0.2.200", "192.0.2.200", 4, 'a', "192.0.2.200", null),
        new("::ffff:198.51.100.7", "198.51.100.7", 4, 'b', "198.51.100.7", null),
        new("2001:db8:aa::1", "2001:db8:aa::1", 6, 'c', "2001:db8:aa::/64", null),
        new("2001:db8:aa:1::1", "2001:db8:aa:1::1", 6, 'c', "2001:db8:aa:1::/64", null),
        new("2001:db8:bb::1", "2001:db8:bb::1", 6, 'd', "2001:db8:bb::/64", null),
        new(null, null, 0, '-', null, null),
    ];

    private static readonly string?[] Agents = ["Firefox/1.0", "Firefox/2.0", "Chrome/1.0", null];

    private static readonly ModelPlace[] All = [.. Agents.SelectMany(agent => Addresses.Select(it => it with { Agent = agent }))];

    public static ModelPlace Nowhere { get; } = new(null, null, 0, '-', null, null);

    public SessionPlace Place => new(IPAddress, Agent);

    public IPAddress? IPAddress => Address is null ? null : IPAddress.Parse(Address);

    public static ModelPlace Of(int number) => All[number % All.Length];

    /// <summary>The family and the network of an address that is kept.</summary>
    public static (int Family, char MoveNetwork) NetworkOf(string text)
    {
        var place = Array.Find(Addresses, it => string.Equals(it.Text, text, StringComparison.Ordinal))!;
        return (place.Family, place.MoveNetwork);
    }
}
