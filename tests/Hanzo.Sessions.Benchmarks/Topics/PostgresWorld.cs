using Hanzo.Sessions.Benchmarks.Harness;
using Hanzo.Sessions.Postgres;
using Hanzo.Sessions.TestServers;
using Npgsql;

namespace Hanzo.Sessions.Benchmarks.Topics;

/// <summary>A PostgreSQL server of our own with a table full of active sessions, four to a user.</summary>
internal sealed class PostgresWorld : IAsyncDisposable
{
    private readonly PostgresServer _server;

    private PostgresWorld(PostgresServer server, string connectionString)
    {
        _server = server;
        ConnectionString = connectionString;
        Store = new PostgresSessionStore(connectionString);

        // The benchmark asks about validations without a write and about writes, never about a mixture.
        Manager = Population.Manager(Store, options => options.ActivityResolution = TimeSpan.FromMinutes(30));
    }

    public string ConnectionString { get; }

    public PostgresSessionStore Store { get; }

    public SessionManager Manager { get; }

    /// <param name="run">Hears which PostgreSQL it is.</param>
    /// <param name="sessions">How many there are.</param>
    /// <param name="asReleased">Whether the schema is that of 0.1, which the store has not upgraded yet.</param>
    public static async Task<PostgresWorld> StartAsync(Run run, int sessions, bool asReleased = false)
    {
        // As PostgreSQL comes, but for the memory that it may use and for checkpoints that come less often.
        var server = await PostgresServer.StartNewAsync("shared_buffers=1GB", "max_wal_size=8GB", "autovacuum_naptime=10min");
        var world = new PostgresWorld(server, await server.CreateDatabaseAsync());
        run.PostgresVersion = (string?)await PostgresServer.ExecuteAsync(world.ConnectionString, "SHOW server_version");
        await (asReleased ? Released.CreateSchemaAsync(world.ConnectionString) : world.Store.PrepareAsync());
        await world.FillAsync(0, sessions);
        return world;
    }

    /// <summary>Adds sessions, each created some milliseconds before the one before it, and tells the planner about them.</summary>
    public async Task FillAsync(int first, int count, string organization = "acme", int perUser = Population.PerUser)
    {
        const int most = 1_000_000;
        for (var done = 0; done < count; done += most)
        {
            await InsertAsync(first + done, Math.Min(most, count - done), organization, perUser);
        }

        await ExecuteAsync("VACUUM ANALYZE hanzo_sessions.sessions");
        await ExecuteAsync("CHECKPOINT");
    }

    private Task InsertAsync(int first, int count, string organization, int perUser) => ExecuteAsync(
        $"""
        INSERT INTO hanzo_sessions.sessions (
            id, token_hash, organization, user_name, application, ip_address, ip_network, user_agent, authentication_methods,
            created_at, last_active_at, idle_timeout_ms, expires_at, active_until, due_at, payload)
        SELECT gen_random_uuid(), sha256(convert_to('{organization}' || i, 'UTF8')), '{organization}', 'user-' || (i / {perUser}),
            CASE WHEN i % 2 = 0 THEN 'shop' ELSE 'mail' END, '192.0.2.' || (i % 200), '192.0.2.' || (i % 200),
            'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'pwd',
            at, at, 86400000, at + interval '24 hours', at + interval '24 hours', at + interval '24 hours',
            decode(repeat('ab', 300), 'hex')
        FROM (
            SELECT i, date_trunc('milliseconds', now()) - i * interval '1 millisecond' AS at
            FROM generate_series({first}, {first + count - 1}) AS i) AS numbers
        """);

    public Task ExecuteAsync(string sql) => PostgresServer.ExecuteAsync(ConnectionString, sql);

    public Task<string> CreateDatabaseAsync() => _server.CreateDatabaseAsync();

    /// <summary>Connections as somebody sets them who wants them fast.</summary>
    public NpgsqlDataSource Connect(string settings = "No Reset On Close=true") =>
        NpgsqlDataSource.Create($"{ConnectionString};Max Auto Prepare=100;Auto Prepare Min Usages=2;{settings}");

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        await _server.DisposeAsync();
    }
}
