using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.Tests;

public sealed class CleanupServiceTests
{
    private const int CleanedUp = 7;
    private const int CleanupFailed = 8;
    private const int ClockJumped = 9;

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

    [TestCase(300_000, 1, Description = "K1 a jump of five minutes")]
    [TestCase(300_001, 0, Description = "K1 a jump of more than five minutes")]
    [TestCase(-300_000, 1, Description = "K1 a jump back of five minutes")]
    [TestCase(-300_001, 0, Description = "K1 a jump back of more than five minutes")]
    public async Task After_the_clock_has_jumped_one_run_is_left_out(int milliseconds, int runs)
    {
        var it = new Harness();
        using var service = Service(it);
        await service.StartAsync(CancellationToken.None);
        await it.Clock.WaitForTimersAsync();

        it.Clock.SetWallClock(it.Now.AddMilliseconds(milliseconds));
        await Tick(it);

        Assert.That((Runs(it, CleanedUp), Runs(it, ClockJumped)), Is.EqualTo((runs, 1 - runs)));
        await Tick(it);
        Assert.That(Runs(it, CleanedUp), Is.EqualTo(runs + 1));
        await service.StopAsync(CancellationToken.None);
    }

    [Test, Description("K1 a jump while a clean-up runs")]
    public async Task After_the_clock_has_jumped_during_a_run_the_next_one_is_left_out()
    {
        Harness? it = null;
        var store = new Mock<ISessionStore>();
        store.Setup(mock => mock.ExpireBatchAsync(It.IsAny<StoreInstant>(), It.IsAny<int>(), It.IsAny<CancellationToken>()))
            .Callback(() => it!.Clock.SetWallClock(it.Now.AddDays(1)))
            .ReturnsAsync([]);
        it = new Harness(wrap: _ => store.Object);
        using var service = Service(it);
        await service.StartAsync(CancellationToken.None);

        await Tick(it);
        await Tick(it);

        Assert.That((Runs(it, CleanedUp), Runs(it, ClockJumped)), Is.EqualTo((1, 1)));
        await service.StopAsync(CancellationToken.None);
    }

    [Test, Description("K1 survives a failing store")]
    public async Task A_run_that_fails_is_logged_and_the_next_one_comes()
    {
        var fault = new TimeoutException("the database is away");
        var store = new Mock<ISessionStore>();
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
