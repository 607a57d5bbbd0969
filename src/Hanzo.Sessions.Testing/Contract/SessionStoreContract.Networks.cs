using NUnit.Framework;

namespace Hanzo.Sessions.Testing;

public abstract partial class SessionStoreContract
{
    [Test, Description("A1")]
    public async Task A_create_tells_how_many_networks_the_user_had_and_has()
    {
        (SessionCreation Creation, (int, int) Networks)[] steps =
        [
            (TestSessions.Of(Alice).From("192.0.2.1"), (0, 1)),
            (TestSessions.Of(Alice).From("192.0.2.1").In("mail"), (1, 1)),
            (TestSessions.Of(Alice).From(null), (1, 1)),
            (TestSessions.Of(Bob).From("192.0.2.9"), (0, 1)),
            (TestSessions.Of(Alice).From("192.0.2.2").In("mail").LimitedTo(5, SessionLimitScope.UserAndApplication), (1, 2)),
            (TestSessions.Of(Alice).With(session => session with { IpAddress = "2001:db8::1", IpNetwork = "2001:db8::/64" }), (2, 3)),
            (TestSessions.Of(Alice).With(session => session with { IpAddress = "2001:db8::2", IpNetwork = "2001:db8::/64" }), (3, 3)),
        ];
        foreach (var (creation, networks) in steps)
        {
            var result = await Store.CreateAsync(creation);
            Assert.That((result.NetworksBefore, result.Networks), Is.EqualTo(networks), creation.Session.ToString());
        }
    }

    [Test, Description("A1")]
    public async Task Networks_of_sessions_that_are_over_do_not_count()
    {
        var ended = await AddAsync(TestSessions.Of(Alice).From("192.0.2.1").At(Minute(30)));
        await AddAsync(TestSessions.Of(Alice).From("192.0.2.2"));
        await EndAsync(ended, SignedOut(Minute(31)));
        var result = await Store.CreateAsync(TestSessions.Of(Alice).From("192.0.2.3").At(Minute(60)));

        Assert.That((result.NetworksBefore, result.Networks), Is.EqualTo((0, 1)));
        Assert.That(await Store.ListIpSpreadAsync(SessionScope.AllOrganizations, 2, 50, 0, Minute(60)), Is.Empty);
    }

    [Test, Description("A1")]
    public async Task Networks_of_the_sessions_that_a_create_ends_count_before_it_and_not_after_it()
    {
        var first = await AddAsync(TestSessions.Of(Alice).From("192.0.2.1"));
        await AddAsync(TestSessions.Of(Alice).From("192.0.2.2").At(Minute(1)));
        var replacing = await Store.CreateAsync(TestSessions.Of(Alice).From("192.0.2.3").At(Minute(2)).Over(first.TokenHash));
        var evicting = await Store.CreateAsync(
            TestSessions.Of(Alice).From("192.0.2.4").At(Minute(3)).LimitedTo(1, action: SessionLimitAction.EndOldest));

        Assert.That((replacing.NetworksBefore, replacing.Networks), Is.EqualTo((2, 2)));
        Assert.That((evicting.NetworksBefore, evicting.Networks), Is.EqualTo((2, 1)));
    }

    [Test, Description("A1")]
    public async Task Users_with_as_many_networks_as_the_threshold_are_listed()
    {
        await AddSpreadAsync(Alice, "192.0.2.20", "192.0.2.3", "192.0.2.3", null);
        await AddSpreadAsync(Bob, "192.0.2.1", "192.0.2.1", null);
        await AddSpreadAsync(AliceElsewhere, "192.0.2.1", "192.0.2.2", "192.0.2.3");
        var two = await Store.ListIpSpreadAsync(SessionScope.AllOrganizations, 2, 50, 0, Minute(10));
        var three = await Store.ListIpSpreadAsync(SessionScope.AllOrganizations, 3, 50, 0, Minute(10));
        var acme = await Store.ListIpSpreadAsync(SessionScope.Of("acme"), 2, 50, 0, Minute(10));

        Assert.That(two.Select(spread => (spread.User, spread.SessionCount)), Is.EqualTo(new[] { (Alice, 4), (AliceElsewhere, 3) }));
        Assert.That(two[0].Networks, Is.EqualTo(new[] { "192.0.2.20", "192.0.2.3" }));
        Assert.That(three.Select(spread => spread.User), Is.EqualTo(new[] { AliceElsewhere }));
        Assert.That(acme.Select(spread => spread.User), Is.EqualTo(new[] { Alice }));
    }

    [Test, Description("A1")]
    public async Task The_users_with_many_networks_are_listed_in_pages()
    {
        string[] names = ["B", "a", "c", "\uE000", "😀"];
        foreach (var name in names.Reverse())
        {
            await AddSpreadAsync(new SessionUser("acme", name), "192.0.2.1", "192.0.2.2");
        }

        (int Offset, int Limit, string[] Names)[] pages =
            [(0, 50, names), (0, 2, names[..2]), (2, 2, names[2..4]), (4, 2, names[4..]), (5, 2, []), (9, 2, [])];
        foreach (var page in pages)
        {
            var spreads = await Store.ListIpSpreadAsync(SessionScope.Of("acme"), 2, page.Limit, page.Offset, Minute(10));
            Assert.That(spreads.Select(spread => spread.User.Name), Is.EqualTo(page.Names), page.ToString());
        }
    }

    private Task<SessionCreation[]> AddSpreadAsync(SessionUser user, params string?[] networks) =>
        AddAsync(networks.Select((network, number) => TestSessions.Of(user).In($"app{number % 2}").From(network)));
}
