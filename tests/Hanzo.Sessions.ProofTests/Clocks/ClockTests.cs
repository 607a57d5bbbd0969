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
        var clock = new TestClock();
        var store = await StoreOfKind.OpenAsync(kind, _folder, clock);
        for (var number = 0; number < runs; number++)
        {
            clock.SetWallClock(TestSessions.Start);
            var run = new ClockRun(store, clock, string.Create(CultureInfo.InvariantCulture, $"run{number}"));
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
                new TestClock(),
                "run");
            await run.RunAsync(new Random(unchecked(Proof.Seed + runs++)), operations: 60);
            violations = run.Violations;
        }

        Figures.Report($"mutant clock {bug}: caught={violations.Count > 0} runs={runs} seed={Proof.Seed}");
        Assert.That(violations, Is.Not.Empty, Proof.Replay);
    }

    [Test, Description("K2: a server whose clock differs from the store's ends nothing by time")]
    public async Task A_server_whose_clock_is_wrong_ends_nothing_by_time([Values("memory", "SQLite", "PostgreSQL")] string kind)
    {
        var (runs, operations, refusals) = (Proof.Scale(20, 500), 0, 0);
        var clock = new TestClock();
        var store = await OpenWithClockAsync(kind, clock);
        for (var number = 0; number < runs; number++)
        {
            var run = new TwoClockRun(store, clock, string.Create(CultureInfo.InvariantCulture, $"run{number}"));
            await run.RunAsync(new Random(unchecked(Proof.Seed + number)), operations: 60);
            Assert.That(run.Violations, Is.Empty, Proof.Replay);
            operations += run.Operations;
            refusals += run.Refusals;
        }

        Figures.Report($"two clocks, {kind}: runs={runs} operations={operations} refused={refusals} violations=0 seed={Proof.Seed}");
        Assert.That(refusals, Is.GreaterThan(0), "the clocks must differ sometimes");
        await CloseAsync(store);
    }

    [TestCase("tolerance", Description = "Mutant: the tolerance is never reached")]
    [TestCase("create", Description = "Mutant: a create compares no clocks")]
    [TestCase("batch", Description = "Mutant: clean-up compares no clocks")]
    [TestCase("terminate", Description = "Mutant: a termination compares no clocks")]
    public async Task A_store_that_compares_no_clocks_is_caught(string verb)
    {
        var runs = 0;
        IReadOnlyList<string> violations = [];
        while (violations.Count == 0 && runs < 200)
        {
            var clock = new TestClock();
            var store = new ForgetfulOfClocks(await OpenWithClockAsync("memory", clock), verb);
            var run = new TwoClockRun(store, clock, "run");
            await run.RunAsync(new Random(unchecked(Proof.Seed + runs++)), operations: 60);
            violations = run.Violations;
        }

        Figures.Report($"mutant two clocks, {verb}: caught={violations.Count > 0} runs={runs} seed={Proof.Seed}");
        Assert.That(violations, Is.Not.Empty, Proof.Replay);
    }

    private async Task<ISessionStore> OpenWithClockAsync(string kind, TestClock clock) =>
        new StoreWithClock(
            await StoreOfKind.OpenAsync(kind, _folder, clock), string.Equals(kind, "PostgreSQL", StringComparison.Ordinal) ? null : clock);

    private static async Task CloseAsync(ISessionStore store)
    {
        if (store is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }
}
