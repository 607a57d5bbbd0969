using Hanzo.Sessions.Sqlite;
using Microsoft.Data.Sqlite;

namespace Hanzo.Sessions.TestServers;

/// <summary>A temporary folder with a session file in it.</summary>
public sealed class SqliteFolder
{
    private readonly Lazy<string> _path = new(() => Directory.CreateTempSubdirectory("hanzo-sessions-").FullName);

    public string Path => _path.Value;

    public string File => System.IO.Path.Combine(Path, "sessions.db");

    public SqliteSessionStore Open(bool sharedByProcesses = false) => Open(File, sharedByProcesses);

    public static SqliteSessionStore Open(string file, bool sharedByProcesses = false) =>
        new($"Data Source={file}", new SqliteSessionStoreOptions { SharedByProcesses = sharedByProcesses });

    /// <summary>Makes a file that several processes share through a rollback journal, as 0.1 did.</summary>
    public static async Task MakeWithRollbackJournalAsync(string file)
    {
        await using var store = Open(file);
        await store.PrepareAsync();
    }

    public void Delete()
    {
        if (_path.IsValueCreated)
        {
            Directory.Delete(Path, recursive: true);
        }
    }

    /// <summary>Asks a file itself, beneath the store.</summary>
    /// <returns>The first value of the first row.</returns>
    public static object? Ask(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written in the tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
