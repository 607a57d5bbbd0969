using System.Globalization;
using Hanzo.Sessions.Sqlite;
using Hanzo.Sessions.Testing;

namespace Hanzo.Sessions.StoreTests.Sqlite;

public sealed class SqliteProcessTests
{
    private SqliteFolder _folder = new();

    [SetUp]
    public void MakeFolder() => _folder = new SqliteFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Delete();

    [Test, Description("T8, V4: a store that several writers would corrupt keeps them out")]
    public async Task A_second_process_is_refused_and_the_first_goes_on()
    {
        using var store = _folder.Open();
        await store.PrepareAsync();

        await using var second = Start("hold", patience: 1);

        Assert.That(
            await second.ReadLineAsync(),
            Does.StartWith("refused").And.Contains("in use by another process, and stayed so for 00:00:01").And.Contains("SharedByProcesses"));
        Assert.That(await OutcomeAsync(store), Is.EqualTo(SessionCreationOutcome.Created));
    }

    [Test]
    public async Task A_process_that_shares_the_file_is_refused_by_one_that_does_not()
    {
        using var store = _folder.Open();
        await store.PrepareAsync();

        await using var second = Start("hold", sharedByProcesses: true, patience: 1);

        Assert.That(await second.ReadLineAsync(), Does.StartWith("refused"));
    }

    [Test]
    public async Task A_process_that_wants_the_file_alone_is_refused_by_those_that_share_it()
    {
        using var store = _folder.Open(sharedByProcesses: true);
        await store.PrepareAsync();

        await using var second = Start("hold", patience: 1);

        Assert.That(await second.ReadLineAsync(), Does.StartWith("refused"));
    }

    [TestCase(false)]
    [TestCase(true)]
    [Description("T8, V4: in a restart the new process waits for the old one")]
    public async Task A_process_that_starts_while_the_old_one_stops_waits_for_it(bool sharedByProcesses)
    {
        using var store = _folder.Open();
        await store.PrepareAsync();
        await using var second = Start("restart", sharedByProcesses, patience: 60);
        Assert.That(await second.ReadLineAsync(), Is.EqualTo("opening"));

        Assert.That(await OutcomeAsync(store), Is.EqualTo(SessionCreationOutcome.Created));
        Assert.That(() => second.ReadLineAsync(TimeSpan.FromMilliseconds(200)), Throws.TypeOf<TimeoutException>());
        store.Dispose();

        Assert.That(await second.ReadLineAsync(), Is.EqualTo("ready"));
    }

    [Test]
    public async Task The_file_is_free_again_when_its_process_was_killed()
    {
        await using (var first = Start("hold"))
        {
            Assert.That(await first.ReadLineAsync(), Is.EqualTo("ready"));
        }

        using var store = _folder.Open();
        await store.PrepareAsync();

        Assert.That(await OutcomeAsync(store), Is.EqualTo(SessionCreationOutcome.Created));
    }

    [TestCase("wal")]
    [TestCase("truncate")]
    [Description("C2: exactly N are admitted, across processes")]
    public async Task Processes_that_share_a_file_start_on_it_at_once_and_admit_exactly_the_limit(string journal)
    {
        if (journal is "truncate")
        {
            await SqliteFolder.MakeWithRollbackJournalAsync(_folder.File);
        }

        await using var first = Start("create", sharedByProcesses: true);
        await using var second = Start("create", sharedByProcesses: true);
        Assert.That(new[] { await first.ReadLineAsync(), await second.ReadLineAsync() }, Is.All.EqualTo("ready"));

        await first.WriteLineAsync();
        await second.WriteLineAsync();
        var created = Count(await first.ReadLineAsync()) + Count(await second.ReadLineAsync());

        using var store = _folder.Open(sharedByProcesses: true);
        await store.PrepareAsync();
        Assert.That(created, Is.EqualTo(10));
        Assert.That(await store.CountAsync(All(SessionView.Sessions), TestSessions.Start, 100), Is.EqualTo(10));
        Assert.That(await JournalAsync(store), Is.EqualTo(journal));

        static int Count(string line) => int.Parse(line.Split(' ')[1], provider: null);
    }

    [Test, Description("M1: a process whose SQLite could corrupt the log of several keeps out of it")]
    public async Task A_process_of_0_1_refuses_a_file_that_was_made_for_several([Values("sqlite", "shared")] string kind)
    {
        using (var store = _folder.Open(sharedByProcesses: true))
        {
            await store.PrepareAsync();
            Assert.That(await JournalAsync(store), Is.EqualTo("wal"));
        }

        await using var old = Released.Start("serve", kind, _folder.File);
        Assert.That(await old.ReadLineAsync(), Does.StartWith("refused").And.Contains("has version 2").And.Contains("update the package"));
        Assert.That(SqliteFolder.Ask(_folder.File, "PRAGMA journal_mode"), Is.EqualTo("wal"));
    }

    [Test, Description("M1: servers of the version before go on")]
    public async Task A_file_of_0_1_is_shared_with_a_process_of_0_1_through_a_rollback_journal()
    {
        await Released.CopyFileAsync(_folder.File);
        using (var store = _folder.Open(sharedByProcesses: true))
        {
            await store.PrepareAsync();
        }

        await using var old = Released.Start("serve", "shared", _folder.File);
        var address = await old.ReadLineAsync();
        using var again = _folder.Open(sharedByProcesses: true);
        await again.PrepareAsync();

        using var client = new HttpClient();
        using var signedIn = await client.PostAsync(new Uri($"{address}/login?name=new"), content: null);
        Assert.That(SessionToken.TryParse(await signedIn.Content.ReadAsStringAsync(), out var token), Is.True);
        Assert.That((await again.FindByTokenAsync(token.Hash())).Session?.User.Name, Is.EqualTo("new"));
        Assert.That(await OutcomeAsync(again), Is.EqualTo(SessionCreationOutcome.Created));
        Assert.That(await JournalAsync(again), Is.EqualTo("truncate"));
    }

    /// <summary>Starts another process. Its first line is <c>ready</c>, or <c>refused</c> and why.</summary>
    private WorkerProcess Start(string task, bool sharedByProcesses = false, int patience = 5) => WorkerProcess.Start(
        "Hanzo.Sessions.StoreTests.SqliteWorker",
        task,
        _folder.File,
        sharedByProcesses ? "shared" : "alone",
        patience.ToString(CultureInfo.InvariantCulture));

    private static async Task<SessionCreationOutcome> OutcomeAsync(SqliteSessionStore store) =>
        (await store.CreateAsync(TestSessions.Of(TestSessions.Alice))).Outcome;

    private static SessionListing All(SessionView view) => SessionQuery.Of(SessionScope.AllOrganizations).Resolve(view);

    private static Task<object?> JournalAsync(SqliteSessionStore store) =>
        store.SessionFile.WriteAsync(connection => connection.Run("PRAGMA journal_mode"), CancellationToken.None);
}
