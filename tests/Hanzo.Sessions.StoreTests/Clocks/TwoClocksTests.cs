using Hanzo.Sessions.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.StoreTests.Clocks;

/// <summary>A server whose clock differs from the store's ends nothing by time.</summary>
[TestFixture("memory"), TestFixture("SQLite"), TestFixture("PostgreSQL")]
public sealed class TwoClocksTests(string kind)
{
    private const int ClocksDiffer = 13;
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly double[] Differences = [-40 * 24 * 60, -120, -1.1, 1.1, 61, 40 * 24 * 60];

    private ClockWorld _world = null!;

    [SetUp]
    public async Task OpenAsync() => _world = await ClockWorld.OpenAsync(kind);

    [TearDown]
    public async Task CloseAsync()
    {
        if (_world is not null)
        {
            await _world.DisposeAsync();
        }
    }

    [Test, Description("K2 clean-up and purge pause, also on a server that starts with a wrong clock")]
    public async Task Clean_up_ends_and_purges_nothing([ValueSource(nameof(Differences))] double minutes)
    {
        var (ended, late, active) = (await _world.SignInAsync(), await _world.SignInAsync(), await _world.SignInAsync(TestSessions.Bob));
        await _world.Right.SignOutAsync(ended.Session);
        _world.Advance(TimeSpan.FromMinutes(59));
        await _world.Right.ValidateAsync(active.Token.Reveal());
        _world.Advance(TimeSpan.FromMinutes(1));
        _world.SetWrongBy(TimeSpan.FromMinutes(minutes));

        await Assert.ThatAsync(() => _world.Wrong.CleanUpAsync(), Throws.TypeOf<SessionClockException>());

        Assert.That((await _world.StoredAsync(late)).End, Is.Null);
        Assert.That((await _world.StoredAsync(active)).End, Is.Null);
        Assert.That((await _world.StoredAsync(ended)).End, Is.Not.Null);
        Assert.That((await _world.Right.ValidateAsync(active.Token.Reveal())).IsActive);
    }

    [Test, Description("K2 when the clock is right again, clean-up goes on by itself")]
    public async Task Clean_up_goes_on_when_the_clocks_agree_again()
    {
        await _world.SignInAsync();
        _world.Advance(TimeSpan.FromHours(1));
        _world.SetWrongBy(TimeSpan.FromHours(2));
        await Assert.ThatAsync(() => _world.Wrong.CleanUpAsync(), Throws.TypeOf<SessionClockException>());
        _world.SetWrongBy(TimeSpan.Zero);

        Assert.That(await _world.Wrong.CleanUpAsync(), Is.EqualTo(new SessionCleanupResult(1, 0)));
    }

    [TestCase(61, 0, null, Description = "K2 fresh to the store, over to a server that is ahead")]
    [TestCase(-61, 60, null, Description = "K2 over to the store, active to a server that is behind")]
    [TestCase(30, 10, SessionStatus.Active, Description = "K2 active to both, server ahead")]
    [TestCase(-30, 10, SessionStatus.Active, Description = "K2 active to both, server behind")]
    [TestCase(-120, 0, SessionStatus.Active, Description = "K2 two hours behind does not refuse the others' fresh sessions")]
    [TestCase(-40 * 24 * 60, 59, SessionStatus.Active, Description = "K2 forty days behind does not either")]
    [TestCase(61, 60, SessionStatus.IdleTimeout, Description = "K2 over to both, server ahead")]
    [TestCase(-30, 90, SessionStatus.IdleTimeout, Description = "K2 over to both, server behind")]
    public async Task A_validation_lets_in_what_both_call_active_ends_what_both_call_over_and_fails_otherwise(
        int minutes, int age, SessionStatus? expected)
    {
        var issued = await _world.SignInAsync();
        _world.Advance(TimeSpan.FromMinutes(age));
        _world.SetWrongBy(TimeSpan.FromMinutes(minutes));

        async Task<SessionValidation> ValidateAsync() => await _world.Wrong.ValidateAsync(issued.Token.Reveal(), passive: true);
        if (expected is null)
        {
            var refusal = await Assert.ThrowsAsync<SessionClockException>(ValidateAsync);
            Assert.That((refusal!.ServerTime, refusal.StoreTime), Is.EqualTo((_world.WrongNow, _world.Now)));
        }
        else
        {
            Assert.That((await ValidateAsync()).Status, Is.EqualTo(expected));
        }

        Assert.That((await _world.StoredAsync(issued)).End, Is.EqualTo(expected == SessionStatus.IdleTimeout
            ? new SessionEnd(issued.Session.CreatedAt.AddHours(1), SessionEndReason.IdleTimeout, By: null)
            : null));
    }

    [TestCase(0, Description = "K2 exactly at the instant at which one clock calls it over")]
    [TestCase(-1, Description = "K2 one millisecond before")]
    public async Task What_is_over_to_one_clock_only_is_neither_let_in_nor_ended(int milliseconds)
    {
        var issued = await _world.SignInAsync();
        _world.SetWrongBy(TimeSpan.FromHours(1) + TimeSpan.FromMilliseconds(milliseconds));

        async Task<SessionValidation> ValidateAsync() => await _world.Wrong.ValidateAsync(issued.Token.Reveal(), passive: true);
        if (milliseconds < 0)
        {
            Assert.That((await ValidateAsync()).IsActive);
        }
        else
        {
            await Assert.ThatAsync(ValidateAsync, Throws.TypeOf<SessionClockException>());
        }

        Assert.That((await _world.StoredAsync(issued)).End, Is.Null);
    }

    [TestCase(30, 0, Description = "K2 ahead: by the store's clock")]
    [TestCase(-5, -5, Description = "K2 behind: by the server's clock")]
    [TestCase(-11, null, Description = "K2 behind the last activity: none")]
    public async Task An_activity_is_dated_by_the_earlier_clock(int minutes, int? expected)
    {
        var issued = await _world.SignInAsync();
        _world.Advance(TimeSpan.FromMinutes(10));
        _world.SetWrongBy(TimeSpan.FromMinutes(minutes));
        var dated = expected is { } shift ? _world.Now.AddMinutes(shift) : issued.Session.CreatedAt;

        Assert.That((await _world.Wrong.ValidateAsync(issued.Token.Reveal())).Session?.LastActiveAt, Is.EqualTo(dated));
        Assert.That((await _world.StoredAsync(issued)).LastActiveAt, Is.EqualTo(dated));
    }

    [TestCase(30, 0, Description = "K2 ahead: by the store's clock")]
    [TestCase(-5, -5, Description = "K2 behind: by the server's clock")]
    public async Task An_activity_that_is_recorded_later_is_dated_by_the_earlier_clock_too(int minutes, int expected)
    {
        var issued = await _world.SignInAsync();
        _world.Advance(TimeSpan.FromMinutes(10));
        _world.SetWrongBy(TimeSpan.FromMinutes(minutes));

        Assert.That((await _world.Wrong.RecordUseAsync(issued.Session, default))?.LastActiveAt, Is.EqualTo(_world.Now.AddMinutes(expected)));
        Assert.That((await _world.StoredAsync(issued)).LastActiveAt, Is.EqualTo(_world.Now.AddMinutes(expected)));
        _world.SetWrongBy(TimeSpan.FromMinutes(61));
        await Assert.ThatAsync(async () => await _world.Wrong.RecordUseAsync(issued.Session, default), Throws.TypeOf<SessionClockException>());
    }

    [Test, Description("K2 what writes an instant fails, and changes nothing")]
    public async Task A_sign_in_and_a_rotation_are_refused([ValueSource(nameof(Differences))] double minutes)
    {
        var issued = await _world.SignInAsync();
        _world.SetWrongBy(TimeSpan.FromMinutes(minutes));

        await Assert.ThatAsync(
            () => _world.Wrong.CreateAsync(new NewSession { User = TestSessions.Alice, PresentedToken = issued.Token.Reveal() }),
            Throws.TypeOf<SessionClockException>());
        await Assert.ThatAsync(
            () => _world.Wrong.AdoptAsync(new NewSession { User = TestSessions.Alice }, SessionToken.New(), _world.WrongNow.AddDays(1)),
            Throws.TypeOf<SessionClockException>());
        await Assert.ThatAsync(() => _world.Wrong.RotateAsync(issued.Token.Reveal()), Throws.TypeOf<SessionClockException>());
        await Assert.ThatAsync(
            () => _world.Wrong.ReplacePayloadAsync(issued.Token.Reveal(), default, new byte[] { 9 }), Throws.TypeOf<SessionClockException>());

        Assert.That((await _world.Right.ValidateAsync(issued.Token.Reveal())).IsActive);
        Assert.That((await _world.Right.GetQuotaAsync(TestSessions.Alice, "default")).Used, Is.EqualTo(1));
    }

    [TestCase(60_000, true, Description = "K2 exactly at the tolerance")]
    [TestCase(60_001, false, Description = "K2 one millisecond beyond it")]
    [TestCase(-60_000, true, Description = "K2 exactly at the tolerance")]
    [TestCase(-60_001, false, Description = "K2 one millisecond beyond it")]
    public async Task Within_the_tolerance_the_clock_of_the_server_counts(int milliseconds, bool agrees)
    {
        _world.SetWrongBy(TimeSpan.FromMilliseconds(milliseconds));
        var signIn = () => _world.Wrong.CreateAsync(new NewSession { User = TestSessions.Alice });
        if (agrees)
        {
            var issued = await signIn();
            Assert.That((await _world.StoredAsync(issued)).CreatedAt, Is.EqualTo(_world.WrongNow));
            Assert.That((await _world.Wrong.ValidateAsync(issued.Token.Reveal())).IsActive);
            Assert.That(await _world.Wrong.CleanUpAsync(), Is.Default);
            Assert.That(await _world.Wrong.RotateAsync(issued.Token.Reveal()), Is.Not.Null);
        }
        else
        {
            await Assert.ThatAsync(signIn, Throws.TypeOf<SessionClockException>());
        }
    }

    [Test, Description("K2 T1 T3 T5 T6 T7 an end that was asked for is never refused")]
    public async Task An_end_that_was_asked_for_ends_what_it_selects_dated_by_the_earlier_clock(
        [ValueSource(nameof(Differences))] double minutes,
        [Values("one", "record", "user", "matching", "organization", "sign-out", "user disabled", "password")] string how)
    {
        var issued = await _world.SignInAsync();
        _world.Advance(TimeSpan.FromMinutes(5));
        _world.SetWrongBy(TimeSpan.FromMinutes(minutes));
        var (user, wrong) = (TestSessions.Alice, _world.Wrong);

        await (how switch
        {
            "one" => wrong.TerminateAsync(user, issued.Session.Id, ClockWorld.Caller),
            "record" => wrong.TerminateRecordAsync(user, "default", ClockWorld.Caller),
            "user" => wrong.TerminateAllAsync(user, ClockWorld.Caller),
            "matching" => wrong.TerminateMatchingAsync(SessionFilter.Of(SessionScope.Of("acme")) with { Application = "default" }, ClockWorld.Caller),
            "organization" => wrong.TerminateOrganizationAsync("acme", ClockWorld.Caller),
            "sign-out" => wrong.SignOutAsync(issued.Session),
            "user disabled" => wrong.TerminateUserAsync(user, SessionEndReason.UserDisabled, SessionActor.Service("a test")),
            _ => (Task)wrong.RenewAsync(user, currentToken: null, SessionActor.Service("a test")),
        });

        var end = (await _world.StoredAsync(issued)).End;
        Assert.That(end?.At, Is.EqualTo(minutes < 0 ? _world.WrongNow : _world.Now));
        Assert.That(end!.Reason, Is.Not.EqualTo(SessionEndReason.IdleTimeout).And.Not.EqualTo(SessionEndReason.Expired));
        Assert.That((await _world.Right.ValidateAsync(issued.Token.Reveal())).Status, Is.EqualTo(SessionStatus.Terminated));
    }

    [TestCase(61, 0, false, Description = "K2 over to a server that is ahead, active to the store: ended as asked")]
    [TestCase(-61, 60, false, Description = "K2 over to the store, active to a server that is behind: ended as asked")]
    [TestCase(61, 60, true, Description = "K2 over to both: a timeout")]
    [TestCase(-30, 90, true, Description = "K2 over to both: a timeout")]
    public async Task Only_what_both_clocks_call_over_counts_as_a_timeout(int minutes, int age, bool timedOut)
    {
        var issued = await _world.SignInAsync();
        _world.Advance(TimeSpan.FromMinutes(age));
        _world.SetWrongBy(TimeSpan.FromMinutes(minutes));

        var ended = await _world.Wrong.TerminateAllAsync(TestSessions.Alice, ClockWorld.Caller);

        Assert.That(ended, Has.Count.EqualTo(timedOut ? 0 : 1));
        Assert.That((await _world.StoredAsync(issued)).End?.Reason, Is.EqualTo(
            timedOut ? SessionEndReason.IdleTimeout : SessionEndReason.TerminatedByAdmin));
    }

    [Test, Description("K2 T4 the caller's own session stays protected")]
    public async Task The_current_session_is_protected_also_then()
    {
        var issued = await _world.SignInAsync();
        _world.SetWrongBy(TimeSpan.FromHours(-2));

        await Assert.ThatAsync(
            () => _world.Wrong.TerminateAllAsync(TestSessions.Alice, SessionCaller.Of(issued.Session)), Throws.TypeOf<CurrentSessionException>());
        Assert.That((await _world.StoredAsync(issued)).End, Is.Null);
    }

    [Test, Description("K2 L5 history shows no timeout that the store's clock does not know")]
    public async Task By_id_a_session_is_not_shown_as_over_that_one_clock_calls_active()
    {
        var issued = await _world.SignInAsync();
        _world.SetWrongBy(TimeSpan.FromHours(2));
        Assert.That((await _world.Wrong.FindAsync(SessionScope.AllOrganizations, issued.Session.Id))!.End, Is.Null);
    }

    [Test, Description("K2 a call that only waited is done at a fresh instant")]
    public async Task A_step_that_only_waited_is_done_once_at_a_fresh_instant()
    {
        _world.Store.OnTheWay = () => _world.Advance(TimeSpan.FromMinutes(2));
        var issued = await _world.Wrong.CreateAsync(new NewSession { User = TestSessions.Alice });
        Assert.That(issued.Session.CreatedAt, Is.EqualTo(_world.Now));
        Assert.That((await _world.Right.GetQuotaAsync(TestSessions.Alice, "default")).Used, Is.EqualTo(1));

        _world.Store.OnTheWay = () => _world.Advance(TimeSpan.FromMinutes(2));
        Assert.That(await _world.Wrong.RotateAsync(issued.Token.Reveal()) is { } rotated ? rotated.Session.Id : default, Is.EqualTo(issued.Session.Id));

        _world.Store.OnTheWay = () => _world.Advance(TimeSpan.FromMinutes(2));
        Assert.That(await _world.Wrong.CleanUpAsync(), Is.Default);

        _world.Store.OnTheWay = () => _world.Advance(TimeSpan.FromMinutes(2));
        Assert.That(await _world.Wrong.TerminateAllAsync(TestSessions.Alice, ClockWorld.Caller), Has.Count.EqualTo(1));
        Assert.That((await _world.StoredAsync(issued)).End!.At, Is.EqualTo(_world.Now));
        Assert.That(_world.Log.Lines, Is.Empty);
    }

    [Test, Description("K2 a lookup that only waited")]
    public async Task A_validation_that_only_waited_is_answered([Values] bool passive)
    {
        var issued = await _world.SignInAsync();
        _world.Advance(TimeSpan.FromMinutes(5));
        _world.Store.OnTheWay = () => _world.Advance(TimeSpan.FromMinutes(2));

        Assert.That((await _world.Wrong.ValidateAsync(issued.Token.Reveal(), passive)).IsActive);
        Assert.That((await _world.StoredAsync(issued)).LastActiveAt, Is.EqualTo(passive ? issued.Session.CreatedAt : _world.Now));
        Assert.That(_world.Log.Lines, Is.Empty);
    }

    [Test, Description("K2 a clock that is corrected during the call")]
    public async Task A_clock_that_is_set_right_during_a_call_refuses_nothing([Values(-120, 120)] int minutes)
    {
        _world.SetWrongBy(TimeSpan.FromMinutes(minutes));
        _world.Store.OnTheWay = () => _world.SetWrongBy(TimeSpan.Zero);
        var issued = await _world.Wrong.CreateAsync(new NewSession { User = TestSessions.Alice });

        _world.SetWrongBy(TimeSpan.FromMinutes(minutes));
        _world.Store.OnTheWay = () => _world.SetWrongBy(TimeSpan.Zero);
        Assert.That((await _world.Wrong.ValidateAsync(issued.Token.Reveal())).IsActive);
        Assert.That((await _world.StoredAsync(issued)).CreatedAt, Is.EqualTo(_world.Now));
    }

    [Test, Description("K2 a clock that is set wrong during the call ends nothing")]
    public async Task A_clock_that_is_set_wrong_during_a_call_ends_nothing([Values(-120, 120)] int minutes)
    {
        var issued = await _world.SignInAsync();
        _world.SetWrongBy(TimeSpan.Zero);
        _world.Store.OnTheWay = () => _world.SetWrongBy(TimeSpan.FromMinutes(minutes));
        try
        {
            Assert.That((await _world.Wrong.ValidateAsync(issued.Token.Reveal())).IsActive);
        }
        catch (SessionClockException) when (minutes > 0)
        {
            // The two clocks disagree about this session.
        }

        Assert.That((await _world.StoredAsync(issued)).End, Is.Null);
    }

    [Test, Description("K2 one error line per minute, with both times, and it goes on by itself")]
    public async Task One_error_line_a_minute_names_both_times()
    {
        var issued = await _world.SignInAsync();
        _world.SetWrongBy(TimeSpan.FromHours(-2));
        for (var i = 0; i < 100; i++)
        {
            await _world.Wrong.ValidateAsync(issued.Token.Reveal());
        }

        Assert.That(_world.Log.Lines, Has.Count.EqualTo(1));
        var (id, level, text) = _world.Log.Lines.Single();
        Assert.That((id, level), Is.EqualTo((ClocksDiffer, LogLevel.Error)));
        Assert.That(text, Does.Contain("2025-12-31T22:00:00").And.Contain("2026-01-01T00:00:00"));

        _world.Advance(TimeSpan.FromMinutes(1) - Millisecond);
        await _world.Wrong.ValidateAsync(issued.Token.Reveal());
        Assert.That(_world.Log.Lines, Has.Count.EqualTo(1));
        _world.Advance(Millisecond);
        await _world.Wrong.ValidateAsync(issued.Token.Reveal());
        Assert.That(_world.Log.Lines, Has.Count.EqualTo(2));

        _world.SetWrongBy(TimeSpan.Zero);
        _world.Advance(TimeSpan.FromMinutes(5));
        await _world.Wrong.ValidateAsync(issued.Token.Reveal());
        await _world.Wrong.CreateAsync(new NewSession { User = TestSessions.Alice });
        Assert.That(_world.Log.Lines, Has.Count.EqualTo(2));
    }

    [Test, Description("K2 K1 the background service pauses, says so once a minute, and goes on")]
    public async Task The_background_service_pauses_while_the_clocks_differ()
    {
        var issued = await _world.SignInAsync();
        _world.SetWrongBy(TimeSpan.FromMinutes(61));
        using var service = new SessionCleanupService(_world.Wrong, Options.Create(_world.Settings), _world.WrongClock);
        await service.StartAsync(CancellationToken.None);
        await RunAsync();
        await RunAsync();
        Assert.That((await _world.StoredAsync(issued)).End, Is.Null);
        Assert.That(_world.Log.Lines.Select(line => line.Id).Distinct(), Is.EqualTo(new[] { ClocksDiffer }));

        _world.Clock.SetWallClock(issued.Session.CreatedAt.AddMinutes(61));
        _world.SetWrongBy(TimeSpan.Zero);
        await RunAsync();
        Assert.That((await _world.StoredAsync(issued)).End?.Reason, Is.EqualTo(SessionEndReason.IdleTimeout));
        await service.StopAsync(CancellationToken.None);

        // A run ends with the timer of the next wait. Both clocks go on alike.
        async Task RunAsync()
        {
            await _world.WrongClock.WaitForTimersAsync();
            _world.Clock.Advance(_world.WrongClock.AdvanceToNextTimer());
            await _world.WrongClock.WaitForTimersAsync();
        }
    }

    [Test, Description("K2 the tolerance is an option")]
    public async Task The_tolerance_can_be_set()
    {
        await _world.DisposeAsync();
        _world = await ClockWorld.OpenAsync(kind, options => options.ClockTolerance = TimeSpan.FromMinutes(5));
        _world.SetWrongBy(TimeSpan.FromMinutes(5));
        Assert.That(await _world.Wrong.CreateAsync(new NewSession { User = TestSessions.Alice }), Is.Not.Null);
        _world.SetWrongBy(TimeSpan.FromMinutes(5) + Millisecond);
        await Assert.ThatAsync(
            () => _world.Wrong.CreateAsync(new NewSession { User = TestSessions.Alice }), Throws.TypeOf<SessionClockException>());
    }
}
