using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Hanzo.Sessions.Postgres;

/// <summary>
/// The connections of a store, and whether a pooler stands between them and the server. A pooler in transaction mode runs
/// every transaction on another connection of the server, which does not know the statements that the driver has prepared,
/// or knows others by their names. So the store stops preparing when it notices a pooler, unless the app has chosen it.
/// </summary>
internal sealed class Connections : IAsyncDisposable, IDisposable
{
    // A connection that cannot run this within the time waits for a place in the pool of a pooler.
    private const int Patience = 5;

    private readonly NpgsqlDataSource? _owned;
    private readonly Lazy<NpgsqlDataSource>? _unprepared;
    private readonly ILogger _logger;
    private volatile Source _current;
    private volatile bool _arePooled;

    private Connections(NpgsqlDataSource foreign)
    {
        _logger = NullLogger.Instance;
        _current = new Source(foreign);
        IsPreparingByChoice = new NpgsqlConnectionStringBuilder(foreign.ConnectionString).MaxAutoPrepare > 0;
    }

    private Connections(string connectionString, ILoggerFactory? loggers)
    {
        _logger = loggers?.CreateLogger<PostgresSessionStore>() ?? NullLogger.Instance as ILogger;
        _owned = OwnedDataSource.Create(connectionString, loggers, LookAsync);
        _current = new Source(_owned);
        IsPreparingByChoice = OwnedDataSource.ChoosesToPrepare(connectionString);
        if (!IsPreparingByChoice)
        {
            _unprepared = new(() => OwnedDataSource.Create($"{connectionString};Max Auto Prepare=0", loggers, LookAsync));
        }
    }

    /// <summary>Makes connections that only the store uses.</summary>
    public static Connections Own(string connectionString, ILoggerFactory? loggers) => new(connectionString, loggers);

    /// <summary>Takes those of a data source that the app disposes.</summary>
    public static Connections Of(NpgsqlDataSource foreign) => new(foreign);

    /// <summary>Where the next connection comes from.</summary>
    public Source Current => _current;

    /// <summary>Whether a pooler stands between the store and the server, as far as is known.</summary>
    public bool ArePooled => _arePooled;

    /// <summary>Whether the app has told the driver to prepare statements.</summary>
    public bool IsPreparingByChoice { get; }

    /// <summary>What a pooler whose pool is too small makes of a call.</summary>
    public string TooFewFault =>
        $"The pooler between the app and PostgreSQL gives no connection of the server. In session mode its pool must be as large as the app's, {new NpgsqlConnectionStringBuilder(Current.Primary.ConnectionString).MaxPoolSize}: "
        + "enlarge it, or set a lower Maximum Pool Size in the connection string.";

    /// <summary>Compares the process of the server that runs a statement with the one that the connection was told: a pooler makes that up.</summary>
    public void Note(NpgsqlConnection connection, int process)
    {
        if (process == connection.ProcessID || _arePooled)
        {
            return;
        }

        _arePooled = true;
        if (_unprepared is not null)
        {
            _current = new Source(_unprepared.Value);
            _owned!.Clear();
            Log.PoolerFound(_logger);
        }
    }

    public void Dispose()
    {
        _owned?.Dispose();
        if (_unprepared is { IsValueCreated: true } created)
        {
            created.Value.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_owned is not null)
        {
            await _owned.DisposeAsync().ConfigureAwait(false);
        }

        if (_unprepared is { IsValueCreated: true } created)
        {
            await created.Value.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Looks at a connection that has just been made.</summary>
    private async Task LookAsync(NpgsqlConnection connection)
    {
        var batch = new NpgsqlBatch(connection) { Timeout = Patience };
        await using var disposing = batch.ConfigureAwait(false);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("BEGIN"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SET LOCAL statement_timeout = 0")); // a role may have a very short one
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT pg_catalog.pg_backend_pid()"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        try
        {
            var rows = await batch.ExecuteReaderAsync(CancellationToken.None).ConfigureAwait(false);
            await using var reading = rows.ConfigureAwait(false);
            await rows.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            Note(connection, rows.GetInt32(0));
        }
        catch (NpgsqlException fault) when (_arePooled && fault.InnerException is TimeoutException)
        {
            throw new NpgsqlException(TooFewFault, fault.InnerException);
        }
    }

    /// <summary>A source of connections to the primary, and its hosts if it has several.</summary>
    public sealed class Source(NpgsqlDataSource connections)
    {
        public NpgsqlMultiHostDataSource? Hosts { get; } = connections as NpgsqlMultiHostDataSource;

        public NpgsqlDataSource Primary { get; } =
            (connections as NpgsqlMultiHostDataSource)?.WithTargetSession(TargetSessionAttributes.Primary) ?? connections;
    }
}
