using System.Diagnostics;
using Hanzo.Sessions.StoreTests.BrokenStores;

namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>Random histories of many clients on the same few users: what they answer must be possible.</summary>
[Description("C1 C2 C3 C5 V1 V2 V3 V4 V7 T1 T4 T5 T6 T8 T9 T10 L1 L2 L3 L4 L5 U1 U2 U3 U4 U5 U6 U7 K1: whatever the interleaving")]
public sealed class HistoryTests
{
    private const int OperationsOfEach = 30;

    private readonly List<Action> _cleanUp = [];

    [TearDown]
    public void CleanUp()
    {
        _cleanUp.ForEach(it => it());
        _cleanUp.Clear();
    }

    [Test]
    public void No_interleaving_of_calls_makes_the_memory_store_break_a_promise()
    {
        var figures = new HistoryFigures("memory, interleaved by seed");
        for (var number = 0; number < Proof.Scale(800, 30_000); number++)
        {
            figures.Add(number, InterleavedHistory.Run(Proof.Seed, number, new InMemorySessionStore(HistoryPlan.Settings), (store, random) => new PausingStore(store, random)));
        }

        figures.Report();
    }

    [Test]
    public void One_seed_gives_one_history()
    {
        var first = Outline();
        Assert.That(Outline(), Is.EqualTo(first));

        // Ids and tokens differ from run to run; nothing else may.
        static string Outline() => string.Join('\n', InterleavedHistory
            .Run(Proof.Seed, 0, new InMemorySessionStore(HistoryPlan.Settings), (store, random) => new PausingStore(store, random))
            .Select(it => $"{it.Client} {it.Kind} {it.Start} {it.End} {it.FirstInstant} {it.LastInstant} {it.Status} {it.IsRefused} {it.Ended.Count} {it.Listed?.Count}"));
    }

    [Test]
    public void The_store_that_the_broken_ones_are_made_of_breaks_no_promise_itself()
    {
        var figures = new HistoryFigures("plain store, interleaved by seed");
        for (var number = 0; number < Proof.Scale(300, 3_000); number++)
        {
            figures.Add(number, InterleavedHistory.Run(Proof.Seed, number, new PlainStore(), (store, random) => new PausingStore(store, random)));
        }

        figures.Report();
    }

    [Test]
    public void Eight_threads_on_the_memory_store_see_every_promise_kept()
    {
        var figures = new HistoryFigures("memory, 8 threads");
        using var board = Board.InMemory(TestSessions.Start);
        var store = new InMemorySessionStore(HistoryPlan.Settings);
        for (var number = 0; number < Proof.Scale(100, 6_000); number++)
        {
            board.Clear();
            var plan = new HistoryPlan(Proof.Seed, number, 2 * OperationsOfEach);
            var run = new HistoryRun(plan, store, board, firstClient: 0, clients: 8);
            figures.Add(number, [.. run.Run(), .. Finish(plan, store, board, run.Known)]);
        }

        figures.Report();
    }

    [Test, Description("K2: the same while clocks are compared and time moves in flight; a call that is refused is no fact")]
    public async Task Eight_threads_see_every_promise_kept_also_while_clocks_are_compared([Values("memory", "PostgreSQL")] string kind)
    {
        var figures = new HistoryFigures($"{kind}, 8 threads, clocks compared");
        using var board = Board.InMemory(TestSessions.Start);
        var clock = new BoardClock(board);
        await using var store = kind is "memory"
            ? new StoreWithClock(new InMemorySessionStore(HistoryPlan.Settings), clock)
            : new StoreWithClock((await PostgresDatabase.CreateAsync()).Open(clock: clock), clock: null);
        await store.PrepareAsync();
        for (var number = 0; number < (kind is "memory" ? Proof.Scale(60, 2_000) : Proof.Scale(6, 100)); number++)
        {
            board.Clear();
            var plan = new HistoryPlan(Proof.Seed, number, kind is "memory" ? 2 * OperationsOfEach : OperationsOfEach);
            var run = new HistoryRun(plan, store, board, firstClient: 0, clients: 8, comparesClocks: true);
            figures.Add(number, [.. run.Run(), .. Finish(plan, store, board, run.Known)]);
        }

        figures.Report();
    }

    [Test]
    public async Task Two_processes_on_one_SQLite_file_see_every_promise_kept([Values] bool rollbackJournal)
    {
        var folder = new SqliteFolder();
        _cleanUp.Add(folder.Delete);
        if (rollbackJournal)
        {
            await SqliteFolder.MakeWithRollbackJournalAsync(folder.File);
        }

        using var store = folder.Open(sharedByProcesses: true);
        await RunInTwoProcessesAsync($"SQLite, 2 processes, 8 threads{(rollbackJournal ? ", rollback journal" : "")}", store, "sqlite", $"Data Source={folder.File}", Proof.Scale(10, 200));
    }

    [Test]
    public async Task Two_processes_on_one_PostgreSQL_database_see_every_promise_kept()
    {
        var database = await PostgresDatabase.CreateAsync();
        await using var store = database.Open();
        await RunInTwoProcessesAsync("PostgreSQL, 2 processes, 8 threads", store, "postgres", database.ConnectionString, Proof.Scale(25, 600));
    }

    private async Task RunInTwoProcessesAsync(string suite, ISessionStore store, string kind, string place, int histories)
    {
        var figures = new HistoryFigures(suite);
        var folder = Directory.CreateTempSubdirectory("hanzo-sessions-board-").FullName;
        _cleanUp.Add(() => Directory.Delete(folder, recursive: true));
        var boardFile = Path.Combine(folder, "board");
        using var board = Board.Create(boardFile, TestSessions.Start);
        await store.PrepareAsync();
        await using var worker = await HistoryWorker.StartAsync(kind, place, boardFile);
        for (var number = 0; number < histories; number++)
        {
            board.Clear();
            var plan = new HistoryPlan(Proof.Seed, number, OperationsOfEach);
            var here = new HistoryRun(plan, store, board, firstClient: 0, clients: 4);
            var operations = await worker.RunAsync(plan, here);
            figures.Add(number, [.. operations, .. Finish(plan, store, board, here.Known)]);
        }

        figures.Report();
    }

    private static IReadOnlyList<Operation> Finish(HistoryPlan plan, ISessionStore store, Board board, IEnumerable<KnownSession> known)
    {
        var manager = plan.ManagerOf(store, board);
        var last = new HistoryClient(
            plan, manager.Sessions, board, number: 8, movesTime: true, Stopwatch.GetTimestamp, () => Task.CompletedTask);
        last.FinishAsync(known).GetAwaiter().GetResult();
        return [.. last.Operations, manager.Alarms(Stopwatch.GetTimestamp())];
    }
}
