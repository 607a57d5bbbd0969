namespace Hanzo.Sessions.Tests;

public sealed class IpSpreadTests
{
    [Test, Description("A1 4 or more distinct addresses")]
    public async Task Four_distinct_addresses_raise_the_alarm_and_three_do_not()
    {
        var it = new Harness();
        await From(it, "203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.3");
        Assert.That((await it.Manager.ListIpSpreadAsync(Scope)).Items, Is.Empty);
        Assert.That(it.Observed.IpSpreads, Is.Empty);

        var fourth = await it.SignIn(ip: "203.0.113.4");

        var alarm = (await it.Manager.ListIpSpreadAsync(Scope)).Items.Single();
        Assert.That(alarm.User, Is.EqualTo(Ada));
        Assert.That(alarm.Networks, Is.EqualTo(new[] { "203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.4" }));
        Assert.That(alarm.SessionCount, Is.EqualTo(5));
        Assert.That(it.Observed.IpSpreads.Select(spread => (spread.Session.Id, spread.Networks)), Is.EqualTo(new[] { (fourth.Session.Id, 4) }));
    }

    [Test, Description("A1 announced once per crossing")]
    public async Task The_alarm_is_announced_once_per_crossing_and_again_after_it_was_over()
    {
        var it = new Harness();
        await From(it, "203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.4", "203.0.113.5");
        Assert.That(it.Observed.IpSpreads, Has.Count.EqualTo(1));
        await it.Manager.TerminateAllAsync(Ada, Service);
        Assert.That((await it.Manager.ListIpSpreadAsync(Scope)).Items, Is.Empty);

        await From(it, "203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.4");

        Assert.That(it.Observed.IpSpreads, Has.Count.EqualTo(2));
    }

    [Test, Description("A1 over by time")]
    public async Task The_alarm_holds_while_the_sessions_are_active()
    {
        var it = new Harness();
        await From(it, "203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.4");
        it.Clock.Advance(TimeSpan.FromHours(1) - Ms);
        Assert.That((await it.Manager.ListIpSpreadAsync(Scope)).Items, Has.Count.EqualTo(1));
        it.Clock.Advance(Ms);

        Assert.That((await it.Manager.ListIpSpreadAsync(Scope)).Items, Is.Empty);
    }

    [Test, Description("A1 a crossing is judged inside the create's own lock")]
    [Repeat(20)]
    public async Task Of_parallel_sign_ins_exactly_one_crosses_the_threshold()
    {
        var it = new Harness();

        await Task.WhenAll(Enumerable.Range(1, 8).Select(i => Task.Run(() => it.SignIn(ip: $"203.0.113.{i}"))));

        Assert.That(it.Observed.IpSpreads, Has.Count.EqualTo(1));
    }

    [Test, Description("A1 a sign-in over a session of another address is a move, not a crossing")]
    public async Task A_replaced_session_of_another_address_is_no_crossing()
    {
        var it = new Harness();
        await From(it, "203.0.113.1", "203.0.113.2");
        var third = await it.SignIn(ip: "203.0.113.3");

        await it.SignIn(ip: "203.0.113.4", over: third.Token.Reveal());

        Assert.That(it.Observed.IpSpreads, Is.Empty);
    }

    [Test, Description("A1 an alarm never ends a session")]
    public async Task An_alarm_ends_no_session()
    {
        var it = new Harness();
        await From(it, "203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.4");

        Assert.That(await it.ActiveIds(), Has.Count.EqualTo(4));
        Assert.That(it.Observed.Ended, Is.Empty);
    }

    [Test, Description("A1 the threshold is an option")]
    public async Task The_threshold_can_be_set()
    {
        var it = new Harness(options => options.IpSpreadThreshold = 2);
        await From(it, "203.0.113.1", "203.0.113.2");

        Assert.That(it.Observed.IpSpreads, Has.Count.EqualTo(1));
        Assert.That((await it.Manager.ListIpSpreadAsync(Scope)).Items, Has.Count.EqualTo(1));
    }

    [TestCase("203.0.113.7", "203.0.113.7", "203.0.113.7", Description = "A1 IPv4 as it is")]
    [TestCase("::ffff:203.0.113.7", "203.0.113.7", "203.0.113.7", Description = "A1 IPv4-mapped is IPv4")]
    [TestCase("fe80::1%3", "fe80::1", "fe80::/64", Description = "A1 scope ids are dropped")]
    [TestCase("2001:0DB8:0:0:0:0:0:1", "2001:db8::1", "2001:db8::/64", Description = "A1 one text for one address")]
    [TestCase("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64", Description = "A1 /64")]
    [TestCase("::1", "::1", "::/64", Description = "A1 loopback")]
    public async Task An_address_has_one_text_and_one_network(string given, string address, string network)
    {
        var session = (await new Harness().SignIn(ip: given)).Session;

        Assert.That((session.IpAddress, session.IpNetwork), Is.EqualTo((address, network)));
    }

    [TestCase(128, "2001:db8:1:2:3:4:5:6", Description = "A1 128 counts plain addresses")]
    [TestCase(64, "2001:db8:1:2::/64", Description = "A1 64 by default")]
    [TestCase(56, "2001:db8:1::/56", Description = "A1 the prefix is an option")]
    [TestCase(63, "2001:db8:1:2::/63", Description = "A1 a prefix within a byte")]
    [TestCase(16, "2001::/16", Description = "A1 the shortest prefix")]
    public async Task The_prefix_that_counts_as_one_can_be_set(int prefix, string network)
    {
        var it = new Harness(options => options.IpSpreadIPv6Prefix = prefix);

        Assert.That((await it.SignIn(ip: "2001:db8:1:2:3:4:5:6")).Session.IpNetwork, Is.EqualTo(network));
    }

    [Test, Description("A1 addresses of one /64 are one place")]
    public async Task Addresses_of_one_network_are_one_place()
    {
        var it = new Harness(options => options.IpSpreadThreshold = 2);
        await From(it, "2001:db8::1", "2001:db8::2", "2001:db8::ffff:ffff:ffff:ffff");
        Assert.That(it.Observed.IpSpreads, Is.Empty);

        await From(it, "2001:db8:0:1::1");

        Assert.That(it.Observed.IpSpreads, Has.Count.EqualTo(1));
    }

    [Test, Description("A1, L4 by organization, ordered, in pages")]
    public async Task Alarms_are_listed_by_organization_in_order_and_in_pages()
    {
        var it = new Harness(options => options.IpSpreadThreshold = 2);
        foreach (var user in new[] { Zoe, Ben, Ada })
        {
            await it.SignIn(user, ip: "203.0.113.1");
            await it.SignIn(user, ip: "203.0.113.2");
        }

        Assert.That(await Users(SessionScope.AllOrganizations, 50, 0), Is.EqualTo(new[] { Ada, Ben, Zoe }));
        Assert.That(await Users(Scope, 50, 0), Is.EqualTo(new[] { Ada, Ben }));
        Assert.That(await Users(Scope, 1, 1), Is.EqualTo(new[] { Ben }));
        Assert.That(await Users(Scope, 1, 2), Is.Empty);

        async Task<IEnumerable<SessionUser>> Users(SessionScope scope, int limit, int offset) =>
            (await it.Manager.ListIpSpreadAsync(scope, limit, offset)).Items.Select(alarm => alarm.User);
    }

    private static async Task From(Harness it, params string[] addresses)
    {
        foreach (var address in addresses)
        {
            await it.SignIn(ip: address);
        }
    }
}
