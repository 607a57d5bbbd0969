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

        await using var second = Start("hold");

        Assert.That(await second.ReadLineAsync(), Does.StartWith("refused").And.Contains("in use by another process").And.Contains("SharedByProcesses"));
        Assert.That(await OutcomeAsync(store), Is.EqualTo(SessionCreationOutcome.Created));
    }

    [Test]
    public async Task A_process_that_shares_the_file_is_refused_by_one_that_does_not()
    {
        using var store = _folder.Open();
        await store.PrepareAsync();

        await using var second = Start("hold", sharedByProcesses: true);

        Assert.That(await second.ReadLineAsync(), Does.StartWith("refused"));
    }

    [Test]
    public async Task A_process_that_wants_the_file_alone_is_refused_by_those_that_share_it()
    {
        using var store = _folder.Open(sharedByProcesses: true);
        await store.PrepareAsync();

        await using var second = Start("hold");

        Assert.That(await second.ReadLineAsync(), Does.StartWith("refused"));
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

    [Test, Description("C2: exactly N are admitted, across processes")]
    public async Task Processes_that_share_a_file_start_on_it_at_once_and_admit_exactly_the_limit()
    {
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
        Assert.That(JournalMode(_folder.File), Is.Not.EqualTo("wal"));

        static int Count(string line) => int.Parse(line.Split(' ')[1], provider: null);
    }

    /// <summary>Starts another process. Its first line is <c>ready</c>, or <c>refused</c> and why.</summary>
    private WorkerProcess Start(string task, bool sharedByProcesses = false) =>
        WorkerProcess.Start("Hanzo.Sessions.StoreTests.SqliteWorker", task, _folder.File, sharedByProcesses ? "shared" : "alone");

    private static async Task<SessionCreationOutcome> OutcomeAsync(SqliteSessionStore store) =>
        (await store.CreateAsync(TestSessions.Of(TestSessions.Alice))).Outcome;

    private static SessionListing All(SessionView view) => SessionQuery.Of(SessionScope.AllOrganizations).Resolve(view);

    private static object? JournalMode(string file) => SqliteFolder.Ask(file, "PRAGMA journal_mode");
}
