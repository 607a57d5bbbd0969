namespace Hanzo.Sessions.ProofTests.Crashes;

/// <summary>The process that uses the sessions is killed, and others go on with what it has left.</summary>
public sealed class ClientCrashTests
{
    private const string Victim = "victim";

    private SqliteFolder _folder = new();

    [SetUp]
    public void MakeFolder() => _folder = new SqliteFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Delete();

    [Test, Description("T8 C1 U5 U7: what a process was answered holds when it is killed")]
    public async Task A_killed_process_on_PostgreSQL_has_lost_nothing_that_it_was_answered()
    {
        var database = await PostgresDatabase.CreateAsync();
        await using var store = database.Open();
        await store.PrepareAsync();
        var verdict = new CrashVerdict();
        for (var round = 0; round < Proof.Scale(10, 100); round++)
        {
            var ledger = await KillAsync("postgres", $"{database.ConnectionString};Application Name={Victim}", round);
            await WaitForTheServerAsync(database);
            await verdict.AddAsync(ledger, CrashRound.Manager(store));
        }

        verdict.AssertNothingLost("PostgreSQL client process killed");
    }

    [Test, Description("T8 C1 U5 U7: what a process was answered holds when it is killed")]
    public async Task A_killed_process_on_SQLite_has_lost_nothing_that_it_was_answered([Values("sqlite", "sqlite-shared", "sqlite-shared, rollback journal")] string kind)
    {
        if (kind.EndsWith("journal", StringComparison.Ordinal))
        {
            await SqliteFolder.MakeWithRollbackJournalAsync(_folder.File);
        }

        var verdict = await RunOnSqliteAsync(kind.Split(',')[0], "none", Proof.Scale(10, 100), until: _ => false);
        verdict.AssertNothingLost($"SQLite process killed ({kind})");
    }

    [TestCase("forgetful", Description = "Mutant: the end of a session is answered before it is written")]
    [TestCase("one-by-one", Description = "Mutant: the end of all sessions is many ends")]
    [TestCase("moves-then-ends", Description = "Mutant: a move is written before its session is ended")]
    [TestCase("ends-then-forgets", Description = "Mutant: the sessions of a user are ended before they are forgotten")]
    public async Task A_store_with_a_bug_is_caught(string bug)
    {
        var verdict = await RunOnSqliteAsync("sqlite", bug, rounds: 40, until: it => it.Violations.Count > 0);
        Figures.Report($"mutant {bug}: caught={verdict.Violations.Count > 0} {verdict} seed={Proof.Seed}");
        Assert.That(verdict.Violations, Is.Not.Empty, Proof.Replay);
    }

    private async Task<CrashVerdict> RunOnSqliteAsync(string kind, string bug, int rounds, Func<CrashVerdict, bool> until)
    {
        var verdict = new CrashVerdict();
        for (var round = 0; round < rounds && !until(verdict); round++)
        {
            var ledger = await KillAsync(kind, _folder.File, round, bug);
            await using var store = _folder.Open(sharedByProcesses: kind is "sqlite-shared");
            await store.PrepareAsync();
            await verdict.AddAsync(ledger, CrashRound.Manager(store));
            Assert.That(SqliteFolder.Ask(_folder.File, "PRAGMA integrity_check"), Is.EqualTo("ok"), Proof.Replay);
        }

        return verdict;
    }

    private static async Task<CrashLedger> KillAsync(string kind, string where, int round, string bug = "none")
    {
        var seed = unchecked(Proof.Seed + (round * 1000));
        await using var process = await CrashProcess.StartAsync("crash", kind, where, seed, bug);
        return await process.KillInTheMiddleAsync(new Random(seed).Next(20, 150));
    }

    /// <summary>The server finishes what the client had sent before it was killed; until then nobody knows what is done.</summary>
    private static async Task WaitForTheServerAsync(PostgresDatabase database)
    {
        const string connections = $"SELECT count(*) FROM pg_stat_activity WHERE application_name = '{Victim}' AND datname = current_database()";
        await Until.TrueAsync(async () => await database.ExecuteAsync(connections) is 0L, "the connections of the killed process close");
    }
}
