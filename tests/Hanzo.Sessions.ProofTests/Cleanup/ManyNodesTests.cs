using System.Globalization;
using Hanzo.Sessions.ProofTests.Crashes;
using Hanzo.Sessions.Sqlite;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Hanzo.Sessions.ProofTests.Cleanup;

/// <summary>Many nodes clean up at once.</summary>
public sealed class ManyNodesTests
{
    private const int Nodes = 4;

    private SqliteFolder _folder = new();

    [SetUp]
    public void MakeFolder() => _folder = new SqliteFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Delete();

    [Test, Description("K1: each expiry is ended and announced once, and validations go on")]
    public async Task Four_nodes_on_PostgreSQL_end_and_announce_each_of_20000_expired_sessions_once()
    {
        var run = new CleanupRun();
        var database = await PostgresDatabase.CreateAsync();
        var stores = Enumerable.Range(0, Nodes).Select(_ => database.Open()).ToList();
        await stores[0].PrepareAsync();
        await AddExpiredAsync(database, run, Proof.Scale(20_000, 200_000));

        await run.RunAsync([.. stores.Select(store => CleanupRun.Node(store))], stores[0]);

        Figures.Report($"clean-up, PostgreSQL: {run}");
        Assert.That(run.Violations, Is.Empty);
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Test, Description("K1: each expiry is ended and announced once, across processes")]
    public async Task Two_processes_and_this_one_on_one_SQLite_file_end_and_announce_each_expired_session_once([Values] bool rollbackJournal)
    {
        var run = new CleanupRun();
        if (rollbackJournal)
        {
            await SqliteFolder.MakeWithRollbackJournalAsync(_folder.File);
        }

        // Whoever cleans up without a pause can keep another process waiting longer than the usual five seconds.
        await using var store = new SqliteSessionStore(
            $"Data Source={_folder.File}", new SqliteSessionStoreOptions { SharedByProcesses = true, BusyTimeout = TimeSpan.FromMinutes(1) });
        await store.PrepareAsync();
        await using var one = await CrashProcess.StartAsync("cleanup", "sqlite-shared", _folder.File, seed: 0);
        await using var two = await CrashProcess.StartAsync("cleanup", "sqlite-shared", _folder.File, seed: 0);
        await run.AddExpiredAsync(store, Proof.Scale(3_000, 20_000));

        // This process has a head start of two pipes, so it begins when one of the others has.
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await run.RunAsync([Begin(one), Begin(two), JoinAsync], store);

        Figures.Report($"clean-up, SQLite shared by processes{(rollbackJournal ? ", rollback journal" : "")}: {run}");
        Assert.That(run.Violations, Is.Empty);

        Func<Action<SessionId>, Task<int>> Begin(CrashProcess process) => async announced =>
        {
            try
            {
                return await OtherAsync(process, id =>
                {
                    announced(id);
                    begun.TrySetResult();
                });
            }
            finally
            {
                begun.TrySetResult();
            }
        };

        async Task<int> JoinAsync(Action<SessionId> announced)
        {
            await begun.Task;
            return await CleanupRun.Node(store, batch: 50)(announced);
        }
    }

    [Test, Description("K1: each expiry is ended and announced once")]
    public async Task Four_managers_on_one_store_in_memory_end_and_announce_each_of_20000_expired_sessions_once()
    {
        var (run, store) = await InMemoryAsync(20_000);
        await run.RunAsync([.. Enumerable.Range(0, Nodes).Select(_ => CleanupRun.Node(store))], store);

        Figures.Report($"clean-up, memory: {run}");
        Assert.That(run.Violations, Is.Empty);
    }

    [TestCase("ReadsThenEnds", Description = "Mutant: reads first and ends then, so two nodes announce the same")]
    [TestCase("LosesTheLast", Description = "Mutant: an ending is not announced")]
    [TestCase("EndsTooMuch", Description = "Mutant: sessions that live are ended")]
    public async Task A_store_with_a_bug_is_caught(string name)
    {
        var (violations, runs) = ((IReadOnlyList<string>)[], 0);
        for (; violations.Count == 0 && runs < 20; runs++)
        {
            var (run, store) = await InMemoryAsync(2_000);
            var careless = new CarelessStore(store, Enum.Parse<CarelessStore.Bug>(name));
            await run.RunAsync([.. Enumerable.Range(0, Nodes).Select(_ => CleanupRun.Node(careless))], store);
            violations = run.Violations;
        }

        Figures.Report($"mutant clean-up {name}: caught={violations.Count > 0} runs={runs}");
        Assert.That(violations, Is.Not.Empty);
    }

    private static async Task<(CleanupRun Run, InMemorySessionStore Store)> InMemoryAsync(int expired)
    {
        var run = new CleanupRun();
        var store = new InMemorySessionStore(Options.Create(new HanzoSessionsOptions { HistoryCapacity = 100_000 }));
        await run.AddExpiredAsync(store, expired);
        return (run, store);
    }

    /// <summary>Far more than sign-ins could make in the time of a test; half of them are filed as if they had been active since.</summary>
    private static async Task AddExpiredAsync(PostgresDatabase database, CleanupRun run, int count)
    {
        await database.ExecuteAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            INSERT INTO hanzo_sessions.sessions (
                id, token_hash, organization, user_name, application, created_at, last_active_at, idle_timeout_ms, expires_at,
                active_until, due_at)
            SELECT
                gen_random_uuid(), sha256(number::text::bytea), 'acme', 'user' || number % 1000, 'shop', at, at, 3600000,
                at + interval '1 day', at + interval '1 hour', at + interval '30 minutes' + interval '30 minutes' * (number % 2)
            FROM generate_series(1, {count}) AS number, date_trunc('milliseconds', now() - interval '2 hours') AS at
            """));
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var ids = new NpgsqlCommand("SELECT id FROM hanzo_sessions.sessions", connection);
        await using var rows = await ids.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            run.AddExpired(new SessionId(rows.GetGuid(0)));
        }
    }

    private static async Task<int> OtherAsync(CrashProcess process, Action<SessionId> announced)
    {
        await process.GoOnAsync();
        while (true)
        {
            var line = await process.ReadLineAsync();
            if (line.Split(' ') is ["done", var ended])
            {
                return int.Parse(ended, CultureInfo.InvariantCulture);
            }

            announced(SessionId.Parse(line));
        }
    }
}
