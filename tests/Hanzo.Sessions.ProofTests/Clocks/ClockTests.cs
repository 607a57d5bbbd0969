using System.Globalization;
using Hanzo.Sessions.StoreTests.BrokenStores;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.ProofTests.Clocks;

/// <summary>The wall clock is set forward and back under every store.</summary>
public sealed class ClockTests
{
    private SqliteFolder _folder = new();

    [SetUp]
    public void MakeFolder() => _folder = new SqliteFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Delete();

    [Test, Description("V7 V2: once answered as over a session stays over, whatever the clock does")]
    public async Task A_jump_forward_ends_sessions_and_a_jump_back_revives_none([Values("memory", "SQLite", "PostgreSQL")] string kind)
    {
        var (runs, operations, jumps) = (Proof.Scale(20, 500), 0, 0);
        var store = await OpenAsync(kind);
        for (var number = 0; number < runs; number++)
        {
            var run = new ClockRun(store, string.Create(CultureInfo.InvariantCulture, $"run{number}"));
            await run.RunAsync(new Random(unchecked(Proof.Seed + number)), operations: 60);
            Assert.That(run.Violations, Is.Empty, Proof.Replay);
            operations += run.Operations;
            jumps += run.Jumps;
        }

        Figures.Report($"clock jumps, {kind}: runs={runs} operations={operations} jumps={jumps} violations=0 seed={Proof.Seed}");
        await CloseAsync(store);
    }

    [TestCase("expire", Description = "Mutant: a timeout is answered and not written down")]
    [TestCase("batch", Description = "Mutant: clean-up answers and does not write down")]
    [TestCase("termination", Description = "Mutant: a termination passes over what looks timed out")]
    [TestCase("eager", Description = "Mutant: the latest instant ever seen counts")]
    public async Task A_store_with_a_bug_is_caught(string bug)
    {
        var runs = 0;
        IReadOnlyList<string> violations = [];
        while (violations.Count == 0 && runs < 200)
        {
            var store = new InMemorySessionStore(Options.Create(new HanzoSessionsOptions()));
            var run = new ClockRun(
                bug switch
                {
                    "expire" => new RevivingStore(store, inBatches: false),
                    "batch" => new RevivingStore(store, inBatches: true),
                    "termination" => new TerminationFaults.LeavesTimedOutToLateActivities(),
                    _ => new EagerStore(store),
                },
                "run");
            await run.RunAsync(new Random(unchecked(Proof.Seed + runs++)), operations: 60);
            violations = run.Violations;
        }

        Figures.Report($"mutant clock {bug}: caught={violations.Count > 0} runs={runs} seed={Proof.Seed}");
        Assert.That(violations, Is.Not.Empty, Proof.Replay);
    }

    [Test, Description("K1: clean-up leaves a run out after a jump of more than five minutes")]
    public async Task Clean_up_pauses_when_the_clock_has_jumped_on_every_store([Values("memory", "SQLite", "PostgreSQL")] string kind)
    {
        var store = await OpenAsync(kind);
        Assert.That(await EndedAfterAsync(store, new TestClock(), TimeSpan.FromHours(2)), Is.EqualTo((0, 1)));
        Figures.Report($"clean-up after a jump of the clock, {kind}: ended-at-once=0 ended-a-period-later=1");
        await CloseAsync(store);
    }

    [Test, Description("Mutant: the jump is measured by the clock that has jumped")]
    public async Task A_clean_up_that_does_not_notice_the_jump_is_caught()
    {
        var store = await OpenAsync("memory");
        var (atOnce, _) = await EndedAfterAsync(store, new TestClock(), TimeSpan.FromHours(2), clock => new OneClock(clock));
        Figures.Report($"mutant jump not noticed: caught={atOnce > 0}");
        Assert.That(atOnce, Is.EqualTo(1));
    }

    /// <summary>How many sessions the background service ends in its first run after a jump, and in the one after that.</summary>
    private static async Task<(int AtOnce, int Later)> EndedAfterAsync(
        ISessionStore store, TestClock clock, TimeSpan jump, Func<TestClock, TimeProvider>? seen = null)
    {
        var options = Options.Create(new HanzoSessionsOptions());
        var sessions = new SessionManager(store, options, clock, []);
        var issued = await sessions.CreateAsync(new NewSession { User = TestSessions.Alice });
        using var service = new SessionCleanupService(sessions, options, seen?.Invoke(clock) ?? clock);
        await service.StartAsync(CancellationToken.None);
        await clock.WaitForTimersAsync();
        clock.SetWallClock(clock.GetUtcNow() + jump);
        var atOnce = await RunAsync();
        var later = await RunAsync();
        await service.StopAsync(CancellationToken.None);
        return (atOnce, later - atOnce);

        // A run ends with the timer of the next wait, so whoever waits for that has seen the run.
        async Task<int> RunAsync()
        {
            clock.AdvanceToNextTimer();
            await clock.WaitForTimersAsync();
            return (await store.FindAsync(issued.Session.Id))?.End is null ? 0 : 1;
        }
    }

    private Task<ISessionStore> OpenAsync(string kind) => StoreOfKind.OpenAsync(kind, _folder);

    private static async Task CloseAsync(ISessionStore store)
    {
        if (store is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }

    /// <summary>A bug to be found: time that passes is measured by the wall clock.</summary>
    private sealed class OneClock(TestClock clock) : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override long GetTimestamp() => clock.GetUtcNow().Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            clock.CreateTimer(callback, state, dueTime, period);
    }
}
