using Microsoft.Data.Sqlite;

namespace Hanzo.Sessions.StoreTests.Sqlite;

public sealed class SqliteInspectionTests
{
    private readonly SqliteFolder _folder = new();

    [OneTimeTearDown]
    public void DeleteFiles() => _folder.Delete();

    [TestCase(false)]
    [TestCase(true)]
    [Description("Health: as the store sets a file up, nothing is wrong with it")]
    public async Task A_file_as_the_store_sets_it_up_is_sound(bool sharedByProcesses)
    {
        await using var store = SqliteFolder.Open(Path.Combine(_folder.Path, $"sound-{sharedByProcesses}.db"), sharedByProcesses);
        await store.PrepareAsync();

        var version = sharedByProcesses ? 2 : 1;
        Assert.That(await store.InspectAsync(), Is.EqualTo(new SessionStoreState { SchemaVersion = version, ExpectedSchemaVersion = version }));
    }

    [TestCase("PRAGMA synchronous = NORMAL")]
    [TestCase("PRAGMA synchronous = OFF")]
    [Description("Health: a writer that does not flush is noticed")]
    public async Task A_writer_that_does_not_flush_is_noticed(string weakening)
    {
        await using var store = SqliteFolder.Open(Path.Combine(_folder.Path, $"{Guid.NewGuid():N}.db"));
        List<SqliteConnection> opened = [];
        store.SessionFile.Opened = opened.Add;
        await store.PrepareAsync();
        await using (var command = opened.Single().CreateCommand())
        {
#pragma warning disable CA2100 // Written above.
            command.CommandText = weakening;
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync();
        }

        Assert.That(
            (await store.InspectAsync()).DurabilityFault,
            Is.EqualTo("SQLite does not flush its commits: a crash of the machine may lose acknowledged changes."));
    }
}
