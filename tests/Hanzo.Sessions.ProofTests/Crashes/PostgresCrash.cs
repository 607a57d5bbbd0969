using Hanzo.Sessions.Postgres;
using Npgsql;

namespace Hanzo.Sessions.ProofTests.Crashes;

/// <summary>A PostgreSQL server of its own to crash, and a manager on it that stays.</summary>
internal sealed class PostgresCrash : IAsyncDisposable
{
    private const string Name = "crash";

    private readonly PostgresServer _server;
    private readonly PostgresSessionStore _store;
    private readonly PostgresProxy? _proxy;
    private readonly SessionManager _judge;

    private PostgresCrash(PostgresServer server, PostgresSessionStore store, PostgresProxy? proxy, Func<ISessionStore, ISessionStore>? bug)
    {
        (_server, _store, _proxy) = (server, store, proxy);
        Sessions = CrashRound.Manager(bug?.Invoke(store) ?? store);
        _judge = CrashRound.Manager(store);
    }

    public SessionManager Sessions { get; }

    public CrashVerdict Verdict { get; } = new();

    /// <summary>Starts a server.</summary>
    /// <param name="roleSetting">A default of the role that the store connects as.</param>
    /// <param name="rewrite">What to change in what the store says, and into what.</param>
    /// <param name="bug">Puts something between manager and store.</param>
    public static async Task<PostgresCrash> StartAsync(
        string roleSetting = "", (string Text, string By)? rewrite = null, Func<ISessionStore, ISessionStore>? bug = null)
    {
        PostgresServer.Require();

        // What is not flushed at a commit stays so for ten seconds, and the server may crash as often as it is killed.
        var server = await PostgresServer.StartNewAsync("wal_writer_delay=10000", "restart_after_crash=on");
        var database = new PostgresDatabase(await server.CreateDatabaseAsync());
        await using (var owner = database.Open())
        {
            await owner.PrepareAsync();
        }

        var role = await database.CreateRoleAsync(roleSetting);
        var proxy = rewrite is null ? null : new PostgresProxy(role) { Rewrite = rewrite };

        // What is tried again with success is no failure, and so none for a bug to swallow: servers restart quickly.
        var store = PostgresDatabase.OpenAs(
            proxy?.ConnectionString ?? role, $"Application Name={Name}", options => options.Retries = bug is null ? options.Retries : 0);
        return new PostgresCrash(server, store, proxy, bug);
    }

    /// <summary>Runs rounds, each with another seed, and judges each.</summary>
    /// <param name="rounds">How many.</param>
    /// <param name="kill">Kills something.</param>
    /// <param name="seed">Where their seeds begin.</param>
    /// <param name="until">Ends them early.</param>
    public async Task<CrashVerdict> RunAsync(int rounds, Func<PostgresCrash, Task> kill, int seed, Func<CrashVerdict, bool>? until = null)
    {
        for (var round = 0; round < rounds && until?.Invoke(Verdict) is not true; round++)
        {
            var ledger = await CrashRound.RunAsync(Sessions, unchecked(seed + (round * 1000)), () => kill(this));
            await Until.TrueAsync(async () => await AnswerAsync("SELECT 1") is int, "the server has recovered");
            await Verdict.AddAsync(ledger, _judge);
        }

        return Verdict;
    }

    /// <summary>Kills the process of one of the store's connections while it works, which makes the whole server recover from a crash.</summary>
    public async Task KillBackendAsync()
    {
        object? working = null;
        await Until.TrueAsync(
            async () => (working = await AnswerAsync(
                $"SELECT pid FROM pg_stat_activity WHERE application_name = '{Name}' AND state = 'active' ORDER BY random() LIMIT 1")) is int,
            "a connection of the store works");
        _server.KillBackend((int)working!);
    }

    /// <summary>What the server answers; null while it recovers from a kill.</summary>
    private async Task<object?> AnswerAsync(string sql)
    {
        try
        {
            return await PostgresServer.ExecuteAsync(_server.ConnectionString, sql);
        }
        catch (NpgsqlException fault) when (fault.IsTransient)
        {
            return null;
        }
    }

    /// <summary>Kills the server and starts it again.</summary>
    public async Task KillServerAsync()
    {
        await _server.KillAsync();
        await _server.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        await _server.DisposeAsync();
    }
}
