using Hanzo.Sessions.Sqlite;

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

    public void Delete()
    {
        if (_path.IsValueCreated)
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
