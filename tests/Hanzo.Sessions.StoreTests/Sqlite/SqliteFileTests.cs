using System.Runtime.Versioning;
using Hanzo.Sessions.Sqlite;
using Hanzo.Sessions.Testing;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Hanzo.Sessions.StoreTests.Sqlite;

public sealed class SqliteFileTests
{
    private SqliteFolder _folder = new();

    [SetUp]
    public void MakeFolder() => _folder = new SqliteFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Delete();

    [Test]
    public void A_missing_folder_is_named()
    {
        var file = Path.Combine(_folder.Path, "missing", "sessions.db");
        using var store = SqliteFolder.Open(file);

        Assert.That(() => store.PrepareAsync(), Throws.TypeOf<DirectoryNotFoundException>().With.Message.Contains(file));
    }

    [Test, Description("V6: it fails, and does not answer that there is no session")]
    public void A_store_that_nobody_has_prepared_makes_no_file()
    {
        using var store = _folder.Open();

        Assert.That(
            async () => await store.FindByTokenAsync(TestSessions.NewTokenHash()),
            Throws.TypeOf<SqliteException>().With.Message.Contains("unable to open database file"));
        Assert.That(File.Exists(_folder.File), Is.False);
    }

    [Test, Description("V6: a store that is not prepared fails")]
    public async Task A_store_works_as_soon_as_it_is_prepared_although_it_has_failed_before()
    {
        using var store = _folder.Open();
        Assert.That(async () => await store.FindByTokenAsync(TestSessions.NewTokenHash()), Throws.TypeOf<SqliteException>());

        await store.PrepareAsync();

        Assert.That((await store.FindByTokenAsync(TestSessions.NewTokenHash())).Session, Is.Null);
    }

    [Test]
    public void A_file_that_is_no_database_is_refused_by_the_driver_and_left_as_it_is()
    {
        File.WriteAllText(_folder.File, new string('x', 5000));
        using var store = _folder.Open();

        Assert.That(() => store.PrepareAsync(), Throws.TypeOf<SqliteException>().With.Property("SqliteErrorCode").EqualTo(26));
        Assert.That(File.ReadAllText(_folder.File), Is.EqualTo(new string('x', 5000)));
    }

    [Test]
    public void A_database_of_something_else_is_refused_and_left_as_it_is()
    {
        SqliteFolder.Ask(_folder.File, "CREATE TABLE users (name TEXT)");
        var before = File.ReadAllBytes(_folder.File);
        using var store = _folder.Open();

        Assert.That(
            () => store.PrepareAsync(),
            Throws.InvalidOperationException.With.Message.Contains(_folder.File).And.Message.Contains("a file of their own"));
        Assert.That(File.ReadAllBytes(_folder.File), Is.EqualTo(before));
    }

    [Test]
    public async Task A_file_whose_tables_another_process_makes_at_the_same_moment_is_taken_as_it_is()
    {
        // In this mode the other one does not have to wait for who is looking.
        SqliteFolder.Ask(_folder.File, "PRAGMA journal_mode = wal");
        using var store = _folder.Open(sharedByProcesses: true);
        var made = false;
        store.SessionFile.Opened = connection => raw.sqlite3_trace(connection.Handle, (_, sql) => MakeTables(sql), null);

        await store.PrepareAsync();

        Assert.That(made, Is.True);
        Assert.That((await store.FindAsync(SessionId.New(TestSessions.Start))).Session, Is.Null);

        void MakeTables(string statement)
        {
            if (!made && statement is "PRAGMA user_version")
            {
                made = true;
                SqliteFolder.Ask(_folder.File, $"BEGIN; {Schema.Script()} COMMIT");
            }
        }
    }

    [Test, Description("V6: a store that was refused at start fails")]
    public async Task A_file_of_a_later_version_is_refused_with_one_clear_message()
    {
        using (var store = _folder.Open())
        {
            await store.PrepareAsync();
        }

        SqliteFolder.Ask(_folder.File, "PRAGMA user_version = 3");
        using var again = _folder.Open();

        Assert.That(
            () => again.PrepareAsync(),
            Throws.InvalidOperationException.With.Message.Contains("has version 3").And.Message.Contains("understands versions up to 2"));
        Assert.That(async () => await again.FindAsync(SessionId.New(TestSessions.Start)), Throws.InvalidOperationException);
    }

    [Test]
    public async Task A_read_only_file_is_refused_at_start()
    {
        // Root may write to a file that says it is read-only, so for root it is the disk.
        using var disk = Environment.IsPrivilegedProcess ? Disk.Mount(_folder.Path, kilobytes: 4096) : null;
        var file = disk?.File ?? _folder.File;
        using (var store = SqliteFolder.Open(file))
        {
            await store.PrepareAsync();
        }

        if (disk is null)
        {
            File.SetAttributes(file, FileAttributes.ReadOnly);
        }

        disk?.TurnReadOnly();
        using var again = SqliteFolder.Open(file);

        Assert.That(
            () => again.PrepareAsync(),
            Throws.TypeOf<SqliteException>().With.Property("SqliteErrorCode").EqualTo(8)
                .Or.InstanceOf<IOException>().With.Message.Contains(file)
                .Or.TypeOf<UnauthorizedAccessException>().With.Message.Contains(file));
    }

    [Test, Description("C2 T8 of two processes that create a file at once, the second leaves the file of the first alone")]
    public void A_new_file_replaces_none()
    {
        var (first, second, path) = (_folder.File + "-1", _folder.File + "-2", _folder.File);
        File.WriteAllText(first, "first");
        File.WriteAllText(second, "second");

        NewFile.Publish(first, path);
        Assert.That(() => NewFile.Publish(second, path), Throws.InstanceOf<IOException>());

        Assert.That(File.ReadAllText(path), Is.EqualTo("first"));
    }

    [Test]
    public async Task Stores_of_one_process_that_start_at_once_make_the_schema_once_and_share_the_file()
    {
        var stores = Enumerable.Range(0, 8).Select(_ => _folder.Open()).ToList();
        await Task.WhenAll(stores.Select(store => Task.Run(() => store.PrepareAsync())));

        var creation = TestSessions.Of(TestSessions.Alice);
        await stores[0].CreateAsync(creation);
        stores[0].Dispose();

        Assert.That((await stores[7].FindAsync(creation.Session.Id)).Session, Is.EqualTo(creation.Session));
        stores.ForEach(store => store.Dispose());
        Assert.That(async () => await stores[7].FindAsync(creation.Session.Id), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => stores[7].CreateAsync(creation), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task Stores_of_one_process_with_different_settings_cannot_share_a_file()
    {
        using var store = _folder.Open();
        await store.PrepareAsync();

        Assert.That(() => _folder.Open(sharedByProcesses: true), Throws.InvalidOperationException.With.Message.Contains("different settings"));
    }

    [Test, Description("T8: success is reported only after a durable commit")]
    public async Task Commits_are_flushed_to_the_disk_and_the_log_is_write_ahead()
    {
        using var store = _folder.Open();
        await store.PrepareAsync();

        var settings = await store.SessionFile.WriteAsync(
            connection => (connection.Run("PRAGMA journal_mode"), connection.Run("PRAGMA synchronous"), connection.Run("PRAGMA secure_delete")),
            CancellationToken.None);

        Assert.That(settings, Is.EqualTo(((object)"wal", (object)2L, (object)1L)));
    }

    [Test]
    [Platform(Exclude = "Win"), UnsupportedOSPlatform("windows")]
    public async Task The_files_are_for_their_owner_only()
    {
        using var store = _folder.Open();
        await store.PrepareAsync();
        await store.CreateAsync(TestSessions.Of(TestSessions.Alice));

        Assert.That(
            Directory.GetFiles(_folder.Path).Select(File.GetUnixFileMode),
            Has.Exactly(4).Items.And.All.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test, Description("K1: ending a session removes its claims")]
    public async Task The_claims_of_an_ended_session_are_gone_from_the_file()
    {
        var claims = new string('c', 20_000) + "what the claims say";
        var creation = TestSessions.Of(TestSessions.Alice).Carrying(System.Text.Encoding.ASCII.GetBytes(claims));
        using (var store = _folder.Open())
        {
            await store.PrepareAsync();
            await store.CreateAsync(creation);
            await store.TerminateAsync(
                SessionFilter.Of(TestSessions.Alice), new SessionEnd(TestSessions.Start, SessionEndReason.SignedOut, null));
        }

        Assert.That(Directory.GetFiles(_folder.Path).Select(File.ReadAllText), Has.None.Contains("what the claims say"));
    }
}
