namespace Hanzo.Sessions.Tests;

public sealed class EvictionTests
{
    [Test, Description("C3 end the oldest")]
    public async Task The_oldest_session_makes_room()
    {
        var it = Limited(2, SessionLimitAction.EndOldest);
        var oldest = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMinutes(5));
        var other = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMinutes(5));
        await it.Validate(oldest);

        var newest = await it.SignIn();

        Assert.That(Ids(newest.Ended), Is.EqualTo(Ids([oldest])));
        Assert.That(await it.ActiveIds(), Is.EquivalentTo(Ids([other, newest])));
        Assert.That(await it.EndOf(oldest), Is.EqualTo(new SessionEnd(it.Now, SessionEndReason.Evicted, SessionActor.Of(Ada))));
    }

    [Test, Description("C3 end the least recently active")]
    public async Task The_least_recently_active_session_makes_room()
    {
        var it = Limited(2, SessionLimitAction.EndLeastRecentlyActive);
        var oldest = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMinutes(5));
        var idle = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMinutes(5));
        await it.Validate(oldest);

        var newest = await it.SignIn();

        Assert.That(Ids(newest.Ended), Is.EqualTo(Ids([idle])));
        Assert.That(await it.ActiveIds(), Is.EquivalentTo(Ids([oldest, newest])));
    }

    [TestCase(SessionLimitAction.EndOldest, Description = "C3 down to a lowered limit")]
    [TestCase(SessionLimitAction.EndLeastRecentlyActive, Description = "C3 down to a lowered limit")]
    public async Task Ending_goes_down_to_a_limit_that_was_lowered_since(SessionLimitAction action)
    {
        var policies = new Policies();
        var it = new Harness(options => options.AtLimit = action, policies: policies);
        var issued = new List<IssuedSession>();
        for (var i = 0; i < 10; i++)
        {
            issued.Add(await it.SignIn());
            it.Clock.Advance(Ms);
        }

        policies.Change = policy => policy with { MaxSessions = 3 };
        var newest = await it.SignIn();

        Assert.That(Ids(newest.Ended), Is.EqualTo(Ids(issued.Take(8))));
        Assert.That(await it.ActiveIds(), Is.EquivalentTo(Ids([issued[8], issued[9], newest])));
    }

    [Test, Description("C3 refuse ends nothing when the limit was lowered")]
    public async Task Refusing_ends_nothing_when_the_limit_was_lowered_since()
    {
        var policies = new Policies();
        var it = new Harness(policies: policies);
        await it.SignIn(5);
        policies.Change = policy => policy with { MaxSessions = 3 };

        await Assert.ThrowsAsync<SessionLimitExceededException>(() => it.SignIn());
        Assert.That(await it.ActiveIds(), Has.Count.EqualTo(5));
    }

    [TestCase(SessionLimitAction.EndOldest, Description = "C3 never the one just created")]
    [TestCase(SessionLimitAction.EndLeastRecentlyActive, Description = "C3 never the one just created")]
    public async Task The_new_session_is_never_the_one_that_ends_even_when_the_clock_was_set_back(SessionLimitAction action)
    {
        var it = Limited(1, action);
        var later = await it.SignIn();
        it.Clock.SetWallClock(it.Now - TimeSpan.FromHours(1));

        var newest = await it.SignIn();

        Assert.That(Ids(newest.Ended), Is.EqualTo(Ids([later])));
        Assert.That(await it.StatusOf(newest), Is.EqualTo(SessionStatus.Active));
    }

    [Test, Description("C3 scope: the other applications are left alone")]
    public async Task Only_sessions_that_count_are_ended()
    {
        var it = new Harness(options => (options.MaxSessions, options.LimitScope, options.AtLimit) =
            (1, SessionLimitScope.UserAndApplication, SessionLimitAction.EndOldest));
        var elsewhere = await it.SignIn(application: "a");
        var here = await it.SignIn(application: "b");
        var ben = await it.SignIn(Ben, application: "b");

        var newest = await it.SignIn(application: "b");

        Assert.That(Ids(newest.Ended), Is.EqualTo(Ids([here])));
        Assert.That(await it.StatusOf(elsewhere), Is.EqualTo(SessionStatus.Active));
        Assert.That(await it.StatusOf(ben), Is.EqualTo(SessionStatus.Active));
    }

    [Test, Description("C3 ties are broken by id")]
    public async Task Of_sessions_of_the_same_instant_the_lowest_id_ends()
    {
        var it = Limited(3, SessionLimitAction.EndOldest);
        var issued = await it.SignIn(3);

        var newest = await it.SignIn();

        Assert.That(Ids(newest.Ended), Is.EqualTo(new[] { Ids(issued).Min() }));
    }

    private static Harness Limited(int maximum, SessionLimitAction action) =>
        new(options => (options.MaxSessions, options.AtLimit) = (maximum, action));
}
