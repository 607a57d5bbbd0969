using Hanzo.Sessions.Benchmarks.Harness;
using Hanzo.Sessions.Sqlite;
using Microsoft.Data.Sqlite;

namespace Hanzo.Sessions.Benchmarks.Topics;

/// <summary>A session file full of active sessions, four to a user, in a temporary folder.</summary>
internal sealed class SqliteWorld : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hanzo-sessions-benchmark-").FullName;

    private SqliteWorld()
    {
        File = Path.Combine(_folder, "sessions.db");
        Store = new SqliteSessionStore($"Data Source={File}");
        Manager = Population.Manager(Store, options => options.ActivityResolution = TimeSpan.FromMinutes(30));
    }

    public string File { get; }

    public string Folder => _folder;

    public SqliteSessionStore Store { get; }

    public SessionManager Manager { get; }

    public static async Task<SqliteWorld> CreateAsync(int sessions)
    {
        var world = new SqliteWorld();
        await world.Store.PrepareAsync();
        await using var connection = world.Open();
        Execute(connection, "PRAGMA synchronous = OFF");
        Execute(
            connection,
            $"""
            WITH RECURSIVE number (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM number WHERE i + 1 < {sessions}),
            now (at) AS (SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER))
            INSERT INTO sessions (id, token_hash, organization, user_name, application, ip_address, ip_network, user_agent,
                authentication_methods, created_at, last_active_at, idle_timeout, expires_at, active_until, payload)
            SELECT lower(hex(randomblob(16))), randomblob(32), 'acme', 'user-' || (i / {Population.PerUser}),
                iif(i % 2 = 0, 'shop', 'mail'), '192.0.2.' || (i % 200), '192.0.2.' || (i % 200),
                'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'pwd',
                at - i, at - i, 86400000, at - i + 86400000, at - i + 86400000, zeroblob(300)
            FROM number, now
            """);
        return world;
    }

    /// <summary>Another connection, set as the store sets its own.</summary>
    public SqliteConnection Open() => Open(File);

    public static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        Execute(connection, "PRAGMA journal_mode = WAL");
        Execute(connection, "PRAGMA synchronous = FULL");
        Execute(connection, "PRAGMA busy_timeout = 5000");
        return connection;
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Every text is written in this project.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.CommandTimeout = 600;
        command.ExecuteNonQuery();
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
