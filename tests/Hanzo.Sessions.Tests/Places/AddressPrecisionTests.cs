using System.Net;

namespace Hanzo.Sessions.Tests;

/// <summary>U7: addresses kept as their network only.</summary>
public sealed class AddressPrecisionTests
{
    [TestCase("203.0.113.7", "203.0.113.0/24", "198.51.100.9", "198.51.100.0/24", Description = "U7 IPv4")]
    [TestCase("2001:db8:1:2::7", "2001:db8:1::/48", "2001:db8:2:3::9", "2001:db8:2::/48", Description = "U7 IPv6")]
    [TestCase("::ffff:203.0.113.7", "203.0.113.0/24", "2001:db8:2:3::9", "2001:db8:2::/48", Description = "U7 an IPv4-mapped address")]
    public async Task An_address_is_kept_logged_and_told_as_its_network_only(string address, string network, string other, string otherNetwork)
    {
        var it = new Harness(options => options.AddressPrecision = SessionAddressPrecision.Network);
        var issued = await it.SignIn(ip: address);
        await it.Manager.ValidateAsync(issued.Token.Reveal(), new SessionPlace(IPAddress.Parse(address), null));
        Assert.That(it.Observed.Moved, Is.Empty, "its own network is known");

        await it.Manager.ValidateAsync(issued.Token.Reveal(), new SessionPlace(IPAddress.Parse(other), null));

        var stored = await it.Stored(issued);
        Assert.That((stored.IpAddress, stored.IpNetwork), Is.EqualTo((network, network)));
        Assert.That((stored.LastUse!.IpAddress, stored.LastUse.IpNetwork), Is.EqualTo((otherNetwork, otherNetwork)));
        var moved = it.Observed.Moved.Single();
        Assert.That((moved.From.IpAddress, moved.To.IpAddress), Is.EqualTo((network, otherNetwork)));
        Assert.That(it.Log.Lines.Select(line => line.Everything), Has.None.Contains(address).And.None.Contains(other));
    }

    [Test, Description("U7 an address still selects the sessions of its network")]
    public async Task A_filter_by_address_selects_what_is_kept_of_it()
    {
        var it = new Harness(options => options.AddressPrecision = SessionAddressPrecision.Network);
        var issued = await it.SignIn(ip: "203.0.113.7");
        await it.SignIn(ip: "198.51.100.9");
        var filter = SessionFilter.Of(Harness.Scope) with { IpAddress = IPAddress.Parse("203.0.113.200") };

        var page = await it.Manager.ListAsync(new SessionQuery { Filter = filter });
        var ended = await it.Manager.TerminateMatchingAsync(filter, Service);

        Assert.That(Harness.Ids(page), Is.EqualTo(new[] { issued.Session.Id }));
        Assert.That(Harness.Ids(ended), Is.EqualTo(new[] { issued.Session.Id }));
    }

    [Test, Description("L3 a filter by address selects by the sign-in and by the last use")]
    public async Task A_filter_by_address_selects_by_either_place()
    {
        var it = new Harness();
        var moved = await it.SignIn(ip: "203.0.113.7");
        await it.Manager.ValidateAsync(moved.Token.Reveal(), new SessionPlace(IPAddress.Parse("198.51.100.9"), null));
        await it.SignIn(ip: "192.0.2.1");

        foreach (var address in new[] { "203.0.113.7", "198.51.100.9" })
        {
            var filter = SessionFilter.Of(Harness.Scope) with { IpAddress = IPAddress.Parse(address) };
            Assert.That(Harness.Ids(await it.Manager.ListAsync(new SessionQuery { Filter = filter })), Is.EqualTo(new[] { moved.Session.Id }), address);
        }
    }

    [TestCase(25, 48, "MoveIPv4Prefix is 25; it must be from 8 to 24", Description = "U7 prefixes within what is kept")]
    [TestCase(24, 49, "MoveIPv6Prefix is 49; it must be from 16 to 48", Description = "U7 prefixes within what is kept")]
    public void A_prefix_of_moves_must_be_within_what_is_kept(int ipv4, int ipv6, string message) =>
        Assert.That(
            () => new Harness(options =>
            {
                options.AddressPrecision = SessionAddressPrecision.Network;
                (options.MoveIPv4Prefix, options.MoveIPv6Prefix) = (ipv4, ipv6);
            }),
            Throws.TypeOf<Microsoft.Extensions.Options.OptionsValidationException>().With.Message.Contains(message));
}
