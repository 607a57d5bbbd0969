using Hanzo.Sessions.Sqlite;
using Hanzo.Sessions.Testing;
using SQLitePCL;

namespace Hanzo.Sessions.StoreTests.Upgrades;

/// <summary>A file that 0.1 has made gets the steps that it lacks.</summary>
public sealed class SqliteUpgradeTests
{
    private SqliteFolder _folder = null!;

    [SetUp]
    public async Task MakeFileAsync()
    {
        _folder = new SqliteFolder();
        await Released.CopyFileAsync(_folder.File);
    }

    [TearDown]
    public void DeleteFolder() => _folder.Delete();

    [Test, Description("M1 there is one way a schema comes to be")]
    public async Task An_upgraded_file_is_the_same_as_a_new_one([Values] bool sharedByProcesses)
    {
        var created = Path.Combine(_folder.Path, "new.db");
        await PrepareAsync(_folder.File, sharedByProcesses);
        await PrepareAsync(created, sharedByProcesses);

        Assert.That(await Catalog.ReadAsync(_folder.File), Is.EqualTo(await Catalog.ReadAsync(created)).And.Some.Contains("moved_at"));
        Assert.That(SqliteFolder.Ask(_folder.File, "SELECT count(*) FROM schema_steps"), Is.EqualTo((long)SchemaStep.All.Count));
        Assert.That(SqliteFolder.Ask(_folder.File, "PRAGMA user_version"), Is.EqualTo(1L), "0.1 can open it");
        Assert.That(SqliteFolder.Ask(_folder.File, "PRAGMA integrity_check"), Is.EqualTo("ok"));
    }

    [Test, Description("M1 a step of a later version adds, and does no harm")]
    public async Task A_step_that_this_version_does_not_know_is_left_alone()
    {
        await PrepareAsync(_folder.File);
        SqliteFolder.Ask(_folder.File, "INSERT INTO schema_steps (step, name, applied_at) VALUES (99, 'later', 0)");

        await PrepareAsync(_folder.File);
        using var store = _folder.Open();
        Assert.That((await store.InspectAsync()).WriteFault, Is.Null);
    }

    [Test, Description("M1 PrepareStoreAtStart off: the store says which step is missing, until the script has run")]
    public async Task A_store_that_is_not_prepared_refuses_the_file_and_names_the_missing_step()
    {
        var fault = $"The session file '{_folder.File}' lacks step 1 (place): an earlier version made it. Run Upgrades/001-place.sql of the "
            + "package Hanzo.Sessions.Sqlite (folder sql), or let the host prepare the store (PrepareStoreAtStart).";
        using var store = _folder.Open();
        Assert.That((await store.InspectAsync()).WriteFault, Is.EqualTo(fault));
        Assert.That(
            async () => await store.FindByTokenAsync(TestSessions.NewTokenHash()),
            Throws.InstanceOf<InvalidOperationException>().With.Message.EqualTo(fault));
        Assert.That(
            () => store.CreateAsync(TestSessions.Of(TestSessions.Alice)),
            Throws.InstanceOf<InvalidOperationException>().With.Message.EqualTo(fault));

        SqliteFolder.Ask(_folder.File, SchemaStep.All[0].Script);

        Assert.That((await store.InspectAsync()).WriteFault, Is.Null);
        Assert.That((await store.CreateAsync(TestSessions.Of(TestSessions.Alice))).Outcome, Is.EqualTo(SessionCreationOutcome.Created));
    }

    [Test, Description("M1 a store that has refused the file upgrades it when it is prepared")]
    public async Task A_store_that_has_refused_the_file_upgrades_it_when_it_is_prepared()
    {
        using var store = _folder.Open();
        Assert.That(async () => await store.FindAsync(default), Throws.InstanceOf<InvalidOperationException>());

        await store.PrepareAsync();
        Assert.That((await store.FindAsync(default)).Session, Is.Null);
    }

    [Test, Description("M1 a crash at every point of an upgrade leaves a file that opens, with all that was in it")]
    public async Task A_process_that_is_killed_at_any_statement_leaves_a_file_that_opens([Values] bool sharedByProcesses)
    {
        List<string> crashed = [];
        using (var store = _folder.Open(sharedByProcesses))
        {
            store.SessionFile.Opened = connection => raw.sqlite3_trace(connection.Handle, (object _, string _) => KeepFiles(), null);
            await store.PrepareAsync();
            KeepFiles();
        }

        var (before, upgraded) = (0, 0);
        foreach (var file in crashed)
        {
            _ = await Catalog.ReadAsync(file) is var catalog && catalog.Any(line => line.Contains("moved_at", StringComparison.Ordinal)) ? upgraded++ : before++;
            using var store = SqliteFolder.Open(file, sharedByProcesses);
            await store.PrepareAsync();

            Assert.That(SqliteFolder.Ask(file, "SELECT count(moved_at) FROM active_sessions"), Is.Zero);
            Assert.That(SqliteFolder.Ask(file, "SELECT count(*) FROM schema_steps"), Is.EqualTo((long)SchemaStep.All.Count));
            Assert.That(SqliteFolder.Ask(file, "PRAGMA integrity_check"), Is.EqualTo("ok"));
            foreach (var released in Released.Sessions("sessions.db"))
            {
                Assert.That((await store.FindAsync(SessionId.Parse(released.Id))).Session, Is.Not.Null, released.What);
            }
        }

        Assert.That(before, Is.GreaterThan(10), "killed before the commit");
        Assert.That(upgraded, Is.GreaterThan(0), "killed after the commit");

        // What a killed process leaves: all that it has written, whether or not it is on the disk. The index of a log is rebuilt.
        void KeepFiles()
        {
            var copy = Path.Combine(_folder.Path, $"crash-{crashed.Count}.db");
            foreach (var part in new[] { "", "-wal", "-journal" }.Where(part => File.Exists(_folder.File + part)))
            {
                File.Copy(_folder.File + part, copy + part);
            }

            crashed.Add(copy);
        }
    }

    [Test, Description("M1 none waits longer than a second, however many sessions there are: no row is read")]
    public async Task An_upgrade_reads_no_row()
    {
        SqliteFolder.Ask(
            _folder.File,
            """
            WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 10000)
            INSERT INTO sessions (id, token_hash, organization, user_name, application, created_at, last_active_at, idle_timeout, expires_at, active_until)
            SELECT printf('%032x', number), randomblob(32), 'acme', 'many', 'shop', 0, 0, 1, 1, 1 FROM numbers
            """);
        var instructions = 0;
        using var store = _folder.Open();
        store.SessionFile.Opened = connection => raw.sqlite3_progress_handler(connection.Handle, 100, _ => (instructions += 100) * 0, null);

        await store.PrepareAsync();
        Assert.That(instructions, Is.InRange(100, 10_000));
    }

    [Test, Description("M1 by one of the processes that start together, while one of 0.1 goes on")]
    public async Task Processes_that_start_at_once_beside_one_of_0_1_add_each_step_once()
    {
        await using var old = Released.Start("serve", "shared", _folder.File);
        var address = new Uri(await old.ReadLineAsync());
        var processes = Enumerable.Range(0, 3)
            .Select(_ => WorkerProcess.Start("Hanzo.Sessions.StoreTests.SqliteWorker", "hold", _folder.File, "shared", "30")).ToList();
        foreach (var process in processes)
        {
            Assert.That(await process.ReadLineAsync(), Is.EqualTo("ready"));
        }

        using var client = new HttpClient { BaseAddress = address };
        Assert.That(await client.GetStringAsync(new Uri("/health", UriKind.Relative)), Is.EqualTo("Healthy"));
        Assert.That(SqliteFolder.Ask(_folder.File, "SELECT count(*) FROM schema_steps"), Is.EqualTo((long)SchemaStep.All.Count));
        foreach (var process in processes)
        {
            await process.DisposeAsync();
        }
    }

    private static async Task PrepareAsync(string file, bool sharedByProcesses = false)
    {
        using var store = SqliteFolder.Open(file, sharedByProcesses);
        await store.PrepareAsync();
    }
}
