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

        using var second = SqliteWorker.Start("hold", _folder.File);

        Assert.That(await second.ReadAsync(), Does.StartWith("refused").And.Contains("in use by another process").And.Contains("SharedByProcesses"));
        Assert.That(await OutcomeAsync(store), Is.EqualTo(SessionCreationOutcome.Created));
    }

    [Test]
    public async Task A_process_that_shares_the_file_is_refused_by_one_that_does_not()
    {
        using var store = _folder.Open();
        await store.PrepareAsync();

        using var second = SqliteWorker.Start("hold", _folder.File, sharedByProcesses: true);

        Assert.That(await second.ReadAsync(), Does.StartWith("refused"));
    }

    [Test]
    public async Task A_process_that_wants_the_file_alone_is_refused_by_those_that_share_it()
    {
        using var store = _folder.Open(sharedByProcesses: true);
        await store.PrepareAsync();

        using var second = SqliteWorker.Start("hold", _folder.File);

        Assert.That(await second.ReadAsync(), Does.StartWith("refused"));
    }

    [Test]
    public async Task The_file_is_free_again_when_its_process_was_killed()
    {
        using (var first = SqliteWorker.Start("hold", _folder.File))
        {
            Assert.That(await first.ReadAsync(), Is.EqualTo("ready"));
        }

        using var store = _folder.Open();
        await store.PrepareAsync();

        Assert.That(await OutcomeAsync(store), Is.EqualTo(SessionCreationOutcome.Created));
    }

    [Test, Description("C2: exactly N are admitted, across processes")]
    public async Task Processes_that_share_a_file_start_on_it_at_once_and_admit_exactly_the_limit()
    {
        using var first = SqliteWorker.Start("create", _folder.File, sharedByProcesses: true);
        using var second = SqliteWorker.Start("create", _folder.File, sharedByProcesses: true);
        Assert.That(new[] { await first.ReadAsync(), await second.ReadAsync() }, Is.All.EqualTo("ready"));

        await first.GoOnAsync();
        await second.GoOnAsync();
        var created = Count(await first.ReadAsync()) + Count(await second.ReadAsync());

        using var store = _folder.Open(sharedByProcesses: true);
        await store.PrepareAsync();
        Assert.That(created, Is.EqualTo(10));
        Assert.That(await store.CountAsync(All(SessionView.Sessions), TestSessions.Start, 100), Is.EqualTo(10));
        Assert.That(JournalMode(_folder.File), Is.Not.EqualTo("wal"));

        static int Count(string line) => int.Parse(line.Split(' ')[1], provider: null);
    }

    [Test, Description("T8: success is reported only after a durable commit")]
    public async Task A_process_killed_in_the_middle_has_lost_nothing_that_it_had_answered([Values] bool shared)
    {
        var acknowledged = 0;
        for (var round = 0; round < 10; round++)
        {
            using var worker = SqliteWorker.Start("write", _folder.File, shared);
            List<string> lines = [];
            while (lines.Count < 20 * (round + 1))
            {
                lines.Add(await worker.ReadAsync());
            }

            lines.AddRange(await worker.KillAsync());
            acknowledged += lines.Count;
            await AssertAllHoldAsync(lines, shared);
        }

        TestContext.Out.WriteLine($"{acknowledged} acknowledged writes in 10 rounds, 0 lost.");
    }

    private async Task AssertAllHoldAsync(List<string> lines, bool shared)
    {
        using (var store = _folder.Open(shared))
        {
            await store.PrepareAsync();
            foreach (var words in lines.Select(line => line.Split(' ')).Where(words => words.Length == 2))
            {
                switch (words[0])
                {
                    case "created":
                        var created = await store.FindAsync(SessionId.Parse(words[1]));
                        Assert.That(created?.End, Is.Null, "a created session is active");
                        Assert.That(created?.Payload.Length, Is.EqualTo(3), "a created session is whole");
                        break;
                    case "ended":
                        var ended = await store.FindAsync(SessionId.Parse(words[1]));
                        Assert.That(ended?.End?.Reason, Is.EqualTo(SessionEndReason.SignedOut), "an ended session stays ended");
                        break;
                    case "rotated":
                        var old = new SessionTokenHash(Convert.FromHexString(words[1]));
                        Assert.That(await store.FindByTokenAsync(old), Is.Null, "a rotated token stays dead");
                        break;
                }
            }
        }

        Assert.That(SqliteFileTests.Ask(_folder.File, "PRAGMA integrity_check"), Is.EqualTo("ok"));
    }

    private static async Task<SessionCreationOutcome> OutcomeAsync(SqliteSessionStore store) =>
        (await store.CreateAsync(TestSessions.Of(TestSessions.Alice))).Outcome;

    private static SessionQuery All(SessionView view) =>
        new() { View = view, Filter = new SessionFilter { Scope = SessionScope.AllOrganizations } };

    private static object? JournalMode(string file) => SqliteFileTests.Ask(file, "PRAGMA journal_mode");
}
