namespace Hanzo.Sessions.Tests;

public sealed class TimeoutTests
{
    [TestCase(3_599_999, SessionStatus.Active, Description = "V2 one millisecond before the idle timeout of 60 minutes")]
    [TestCase(3_600_000, SessionStatus.IdleTimeout, Description = "V2 exactly at the idle timeout")]
    public async Task An_idle_session_is_over_after_an_hour(int milliseconds, SessionStatus status)
    {
        var it = new Harness();
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

        Assert.That(await it.StatusOf(issued), Is.EqualTo(status));
    }

    [TestCase(-1, SessionStatus.Active, Description = "V2 one millisecond before 24 hours")]
    [TestCase(0, SessionStatus.Expired, Description = "V2 exactly at 24 hours")]
    public async Task A_session_kept_busy_is_over_after_a_day(int milliseconds, SessionStatus status)
    {
        var it = new Harness();
        var issued = await it.SignIn();
        for (var hour = 0; hour < 24; hour++)
        {
            it.Clock.Advance(TimeSpan.FromMinutes(59));
            Assert.That(await it.StatusOf(issued), Is.EqualTo(SessionStatus.Active));
        }

        it.Clock.Advance(TimeSpan.FromMinutes(24) + TimeSpan.FromMilliseconds(milliseconds));

        Assert.That(await it.StatusOf(issued), Is.EqualTo(status));
    }

    [Test, Description("V2 activity never moves ExpiresAt")]
    public async Task Activity_prolongs_the_idle_time_and_never_the_absolute_one()
    {
        var it = new Harness();
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMinutes(30));

        var session = (await it.Validate(issued)).Session!;

        Assert.That(session.LastActiveAt, Is.EqualTo(it.Now));
        Assert.That(session.ActiveUntil, Is.EqualTo(it.Now.AddHours(1)));
        Assert.That(session.ExpiresAt, Is.EqualTo(issued.Session.ExpiresAt));
        Assert.That(await it.Stored(issued), Is.EqualTo(session));
    }

    [Test, Description("V2 whichever comes first")]
    public async Task Close_to_the_absolute_end_activity_no_longer_prolongs()
    {
        var it = new Harness(options => options.AbsoluteTimeout = TimeSpan.FromMinutes(90));
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMinutes(45));

        var session = (await it.Validate(issued)).Session!;

        Assert.That(session.ActiveUntil, Is.EqualTo(session.ExpiresAt));
    }

    [Test, Description("V2 a session whose idle end is its absolute end has expired")]
    public async Task Where_both_ends_fall_together_the_session_has_expired()
    {
        var it = new Harness(options => options.AbsoluteTimeout = options.IdleTimeout);
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromHours(1));

        Assert.That(await it.StatusOf(issued), Is.EqualTo(SessionStatus.Expired));
    }

    [TestCase(999, SessionStatus.Active, Description = "V2 the shortest timeout")]
    [TestCase(1_000, SessionStatus.IdleTimeout, Description = "V2 the shortest timeout")]
    public async Task The_shortest_idle_timeout_is_a_second(int milliseconds, SessionStatus status)
    {
        var it = new Harness(options => options.IdleTimeout = TimeSpan.FromSeconds(1));
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

        Assert.That(await it.StatusOf(issued), Is.EqualTo(status));
    }

    [Test, Description("V2 the longest timeouts do not overflow")]
    public async Task The_longest_timeouts_work()
    {
        var it = new Harness(options => options.IdleTimeout = options.AbsoluteTimeout = TimeSpan.FromDays(3650));
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromDays(3650) - Ms);
        Assert.That(await it.StatusOf(issued), Is.EqualTo(SessionStatus.Active));
        it.Clock.Advance(Ms);

        Assert.That(await it.StatusOf(issued), Is.EqualTo(SessionStatus.Expired));
    }

    [Test, Description("V2 a fraction of a millisecond does not count")]
    public async Task A_session_is_judged_in_whole_milliseconds()
    {
        var it = new Harness();
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        Assert.That(await it.StatusOf(issued), Is.EqualTo(SessionStatus.Active));
    }
}
