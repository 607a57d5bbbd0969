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

    private static Harness Limited(int maximum, SessionLimitAction action) =>
        new(options => (options.MaxSessions, options.AtLimit) = (maximum, action));
}
