using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.Tests;

public sealed class CleanupServiceTests
{
    private const int CleanedUp = 7;
    private const int CleanupFailed = 8;
    private const int ClocksDiffer = 13;
    private const int ClockBehind = 14;

    [Test, Description("K1 through its timer")]
    public async Task The_service_ends_expired_sessions_when_its_time_comes()
    {
        var it = new Harness();
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromHours(1));
        using var service = Service(it);
        await service.StartAsync(CancellationToken.None);

        await Tick(it);

        Assert.That(Ids(it.Observed.Ended), Is.EqualTo(Ids([issued])));
        await service.StopAsync(CancellationToken.None);
    }

    [Test, Description("K1 ended and announced once, run after run")]
    public async Task Run_after_run_each_expiry_is_announced_once()
    {
        var it = new Harness();
        await it.SignIn(3);
        using var service = Service(it);
        await service.StartAsync(CancellationToken.None);
        for (var i = 0; i < 100; i++)
        {
            await Tick(it);
        }

        Assert.That(it.Observed.Ended, Has.Count.EqualTo(3));
        Assert.That(Runs(it, CleanedUp), Is.EqualTo(100));
        await service.StopAsync(CancellationToken.None);
    }

    [Test, Description("K1 jittered start and period")]
    public async Task The_first_wait_is_up_to_a_period_and_later_ones_are_a_period_give_or_take_a_tenth()
    {
        var it = new Harness(options => options.CleanupInterval = TimeSpan.FromMinutes(10));
        using var service = Service(it);
        await service.StartAsync(CancellationToken.None);

        var first = await Tick(it);
        List<TimeSpan> later = [];
        for (var i = 0; i < 50; i++)
        {
            later.Add(await Tick(it));
        }

        Assert.That(first, Is.InRange(TimeSpan.Zero, TimeSpan.FromMinutes(10)));
        Assert.That(later, Has.All.InRange(TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(11)));
        Assert.That(later.Distinct().Count(), Is.GreaterThan(25));
        await service.StopAsync(CancellationToken.None);
    }

    [TestCase(60_000, 0, Description = "K2 a clock that is behind the newest sign-in by the tolerance")]
    [TestCase(60_001, 1, Description = "K2 by more than the tolerance: the clock was set back")]
    [TestCase(-7_200_000, 0, Description = "K2 one that is ahead cannot be noticed in memory")]
    public async Task A_clock_that_is_behind_what_the_store_was_given_is_warned_of(int milliseconds, int warnings)
    {
        var it = new Harness();
        var issued = await it.SignIn();
        it.Clock.SetWallClock(it.Now.AddMilliseconds(-milliseconds));

        await it.Manager.CheckClockAsync(CancellationToken.None);

        Assert.That(Runs(it, ClockBehind), Is.EqualTo(warnings));
        if (warnings > 0)
        {
            var line = it.Log.Lines.Single(one => one.Id.Id == ClockBehind);
            Assert.That(line.Everything, Does.Contain($"{it.Now.UtcDateTime:O}").And.Contain($"{issued.Session.CreatedAt.UtcDateTime:O}"));
        }
    }

    [Test, Description("K2 memory and SQLite trust the machine's clock: they warn after each run, and clean up")]
    public async Task A_clock_that_was_set_back_is_warned_of_after_each_run()
    {
        var it = new Harness();
        await it.SignIn();
        it.Clock.SetWallClock(it.Now.AddHours(-2));
        using var service = Service(it);
        await service.StartAsync(CancellationToken.None);

        await Tick(it);
        await Tick(it);

        Assert.That((Runs(it, ClockBehind), Runs(it, CleanedUp)), Is.EqualTo((2, 2)));
        await service.StopAsync(CancellationToken.None);
    }

    [Test, Description("K2 clocks that differ are no failure of clean-up: the manager logs them, and the next run goes on")]
    public async Task A_run_that_the_clocks_forbid_is_no_failure()
    {
        var store = new Mock<ISessionStore>();
        store.Setup(mock => mock.InspectAsync(It.IsAny<CancellationToken>())).ReturnsAsync(new SessionStoreState());
        store.SetupSequence(mock => mock.ExpireBatchAsync(It.IsAny<StoreInstant>(), It.IsAny<int>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new SessionClockException(TestSessions.Start, TestSessions.Start.AddHours(-2)))
            .ReturnsAsync([]);
        var it = new Harness(wrap: _ => store.Object);
        using var service = Service(it);
        await service.StartAsync(CancellationToken.None);

        await Tick(it);
        Assert.That((Runs(it, ClocksDiffer), Runs(it, CleanupFailed), Runs(it, CleanedUp)), Is.EqualTo((1, 0, 0)));
        await Tick(it);
        Assert.That((Runs(it, ClocksDiffer), Runs(it, CleanupFailed), Runs(it, CleanedUp)), Is.EqualTo((1, 0, 1)));
        await service.StopAsync(CancellationToken.None);
    }

    [Test, Description("K1 survives a failing store")]
    public async Task A_run_that_fails_is_logged_and_the_next_one_comes()
    {
        var fault = new TimeoutException("the database is away");
        var store = new Mock<ISessionStore>();
        store.Setup(mock => mock.InspectAsync(It.IsAny<CancellationToken>())).ReturnsAsync(new SessionStoreState());
        store.SetupSequence(mock => mock.ExpireBatchAsync(It.IsAny<StoreInstant>(), It.IsAny<int>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(fault)
            .ThrowsAsync(new OperationCanceledException("a command timed out"))
            .ReturnsAsync([]);
        var it = new Harness(wrap: _ => store.Object);
        using var service = Service(it);
        await service.StartAsync(CancellationToken.None);

        await Tick(it);
        await Tick(it);
        Assert.That(Runs(it, CleanupFailed), Is.EqualTo(2));
        Assert.That(it.Log.Lines.First().Everything, Does.Contain(fault.Message));
        await Tick(it);

        Assert.That(Runs(it, CleanedUp), Is.EqualTo(1));
        await service.StopAsync(CancellationToken.None);
    }

    [Test, Description("K1 can be switched off")]
    public async Task Switched_off_the_service_ends_at_once()
    {
        var it = new Harness(options => options.CleanupEnabled = false);
        using var service = Service(it);

        await service.StartAsync(CancellationToken.None);
        await service.ExecuteTask!;

        Assert.Throws<InvalidOperationException>(() => it.Clock.AdvanceToNextTimer());
    }

    [Test, Description("K1 stops when the host stops")]
    public async Task The_service_stops_in_the_middle_of_its_wait()
    {
        var it = new Harness();
        using var service = Service(it);
        await service.StartAsync(CancellationToken.None);
        await it.Clock.WaitForTimersAsync();

        await service.StopAsync(CancellationToken.None);

        Assert.That(service.ExecuteTask!.IsCompleted);
        Assert.That(it.Log.Lines, Is.Empty);
    }

    private static int Runs(Harness it, int eventId) => it.Log.Lines.Count(line => line.Id.Id == eventId);

    // A run ends with the timer of the next wait, so whoever waits for that has seen the run.
    private static async Task<TimeSpan> Tick(Harness it)
    {
        await it.Clock.WaitForTimersAsync();
        var waited = it.Clock.AdvanceToNextTimer();
        await it.Clock.WaitForTimersAsync();
        return waited;
    }

    private static SessionCleanupService Service(Harness it) => new(
        it.Manager, Options.Create(it.Settings), it.Clock, new RecordedLogger<SessionCleanupService>(it.Log));
}
