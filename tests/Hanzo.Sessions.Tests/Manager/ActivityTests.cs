namespace Hanzo.Sessions.Tests;

public sealed class ActivityTests
{
    [TestCase(60, 59_999, false, Description = "V3 one millisecond before the resolution of 60 s")]
    [TestCase(60, 60_000, true, Description = "V3 exactly at the resolution of 60 s")]
    [TestCase(5, 29_999, false, Description = "V3 a tenth of an idle timeout of 5 minutes")]
    [TestCase(5, 30_000, true, Description = "V3 a tenth of an idle timeout of 5 minutes")]
    [TestCase(600, 59_999, false, Description = "V3 at most 60 s")]
    [TestCase(600, 60_000, true, Description = "V3 at most 60 s")]
    public async Task Activity_is_written_once_per_tenth_of_the_idle_timeout_and_minute(int idleMinutes, int milliseconds, bool written)
    {
        var it = new Harness(options => options.IdleTimeout = TimeSpan.FromMinutes(idleMinutes));
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

        var answered = (await it.Validate(issued)).Session!.LastActiveAt;

        var expected = written ? it.Now : issued.Session.CreatedAt;
        Assert.That((await it.Stored(issued)).LastActiveAt, Is.EqualTo(expected));
        Assert.That(answered, Is.EqualTo(expected));
    }

    [TestCase(9_999, false, Description = "V3 a resolution of one's own")]
    [TestCase(10_000, true, Description = "V3 a resolution of one's own")]
    public async Task The_resolution_can_be_set(int milliseconds, bool written)
    {
        var it = new Harness(options => options.ActivityResolution = TimeSpan.FromSeconds(10));
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        await it.Validate(issued);

        Assert.That((await it.Stored(issued)).LastActiveAt, Is.EqualTo(written ? it.Now : issued.Session.CreatedAt));
    }

    [Test, Description("V3 zero: at every request")]
    public async Task With_a_resolution_of_zero_every_request_of_another_instant_is_written()
    {
        var touches = 0;
        var it = new Harness(options => options.ActivityResolution = TimeSpan.Zero, wrap: inner => new CountedStore(inner, _ => touches++));
        var issued = await it.SignIn();
        await it.Validate(issued);
        Assert.That(touches, Is.Zero);
        it.Clock.Advance(Ms);
        await it.Validate(issued);
        await it.Validate(issued);

        Assert.That(touches, Is.EqualTo(1));
    }

    [Test, Description("V3 a provider's short timeout keeps a long resolution in bounds")]
    public async Task A_resolution_is_never_more_than_half_of_a_sessions_idle_timeout()
    {
        var policies = new Policies { Change = policy => policy with { IdleTimeout = TimeSpan.FromSeconds(20) } };
        var it = new Harness(options => options.ActivityResolution = TimeSpan.FromMinutes(20), policies: policies);
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromSeconds(10) - Ms);
        await it.Validate(issued);
        Assert.That((await it.Stored(issued)).LastActiveAt, Is.EqualTo(issued.Session.CreatedAt));
        it.Clock.Advance(Ms);
        await it.Validate(issued);

        Assert.That((await it.Stored(issued)).LastActiveAt, Is.EqualTo(it.Now));
    }

    [Test, Description("V3 at most once per resolution")]
    public async Task A_thousand_requests_in_ten_minutes_are_written_ten_times()
    {
        var touches = 0;
        var it = new Harness(wrap: inner => new CountedStore(inner, _ => touches++));
        var issued = await it.SignIn();
        for (var i = 0; i < 1_000; i++)
        {
            it.Clock.Advance(TimeSpan.FromMilliseconds(600));
            await it.Validate(issued);
        }

        Assert.That(touches, Is.EqualTo(10));
    }

    [Test, Description("V3 never moves time backwards")]
    public async Task Activity_never_moves_backwards_when_the_clock_does()
    {
        var it = new Harness(options => options.ActivityResolution = TimeSpan.Zero);
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMinutes(10));
        await it.Validate(issued);
        var latest = it.Now;
        it.Clock.SetWallClock(latest.AddMinutes(-5));

        Assert.That(await it.StatusOf(issued), Is.EqualTo(SessionStatus.Active));
        Assert.That((await it.Stored(issued)).LastActiveAt, Is.EqualTo(latest));
    }

    [Test, Description("V3 early by at most one resolution, never late")]
    public async Task An_unwritten_activity_ends_a_session_at_most_one_resolution_early()
    {
        var it = new Harness();
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromSeconds(60) - Ms);
        await it.Validate(issued);
        it.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(60));
        Assert.That(await it.StatusOf(issued, passive: true), Is.EqualTo(SessionStatus.Active));
        it.Clock.Advance(Ms);

        Assert.That(await it.StatusOf(issued, passive: true), Is.EqualTo(SessionStatus.IdleTimeout));
    }

    [Test, Description("V3 V8 activity that is counted later, for a host with a check of its own in between")]
    public async Task Activity_that_is_recorded_later_is_written_when_due([Values(59, 60)] int seconds)
    {
        var it = new Harness();
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromSeconds(seconds));

        var recorded = await it.Manager.RecordUseAsync(issued.Session, default);

        Assert.That(recorded!.LastActiveAt, Is.EqualTo(seconds < 60 ? issued.Session.CreatedAt : it.Now));
        Assert.That((await it.Stored(issued)).LastActiveAt, Is.EqualTo(recorded.LastActiveAt));
    }

    [Test, Description("V2 activity that is recorded too late does not count")]
    public async Task Activity_that_is_recorded_when_the_session_is_over_does_not_count([Values] bool timedOut)
    {
        var it = new Harness();
        var issued = await it.SignIn();
        it.Clock.Advance(timedOut ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(30));
        if (!timedOut)
        {
            await it.Manager.SignOutAsync(issued.Session);
        }

        Assert.That(await it.Manager.RecordUseAsync(issued.Session, default), Is.Null);
        Assert.That((await it.Stored(issued)).LastActiveAt, Is.EqualTo(issued.Session.CreatedAt));
    }
}
