using System.Data;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Hanzo.Sessions.Postgres;

/// <summary>
/// Creates the tables of <c>Schema.sql</c> and adds the steps of <c>Upgrades</c>, or checks that this version understands
/// what exists. Servers of earlier versions use the schema at the same time.
/// </summary>
/// <param name="database">The database of the schema.</param>
/// <param name="name">Its name, a validated identifier.</param>
/// <param name="startTimeout">How long to wait for a transaction that holds a table.</param>
/// <param name="logger">Hears what is added, and what that waits for.</param>
internal sealed partial class Schema(Database database, string name, TimeSpan startTimeout, ILogger logger)
{
    // The oldest version that can use the schema, which steps do not change: 0.1 refuses any other number.
    private const int Version = 1;

    // Ends the transaction of a server that has stopped in the middle of it.
    private const string KeepIdle = "SET LOCAL idle_in_transaction_session_timeout = '1min'";

    public string Name => name;

    /// <summary>The steps that the schema should have. Tests add some.</summary>
    public IReadOnlyList<SchemaStep> Steps { get; set; } = SchemaStep.All;

    public Task<SessionStoreState> InspectAsync(CancellationToken cancellationToken) =>
        database.RunAsync(_ => InspectOnceAsync(cancellationToken), cancellationToken).WaitAsync(cancellationToken);

    /// <summary>The script that creates the schema under its name, without the steps.</summary>
    public string Script()
    {
        using var script = new StreamReader(typeof(PostgresSessionStore).Assembly.GetManifestResourceStream("Schema.sql")!);
        return Named(name, script.ReadToEnd());
    }

    /// <summary>A script with the name of the schema in it.</summary>
    public static string Named(string name, string script) => script.Replace("hanzo_sessions", $"\"{name}\"", StringComparison.Ordinal);

    private async Task<SessionStoreState> InspectOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await PoolerFaultAsync(cancellationToken).ConfigureAwait(false) is { } fault)
            {
                return new SessionStoreState { WriteFault = fault };
            }

            var connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using var closing = connection.ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            await BeginAsync(connection, TransactionKind.Read).ConfigureAwait(false);
            var state = await StateAsync(connection).ConfigureAwait(false);
            var tables = await TablesAsync(connection).ConfigureAwait(false);
            var version = tables.Contains("schema_version") ? await VersionAsync(connection).ConfigureAwait(false) : null;
            var missing = version == Version ? await MissingAsync(connection, tables).ConfigureAwait(false) : [];
            await ExecuteAsync(connection, "COMMIT").ConfigureAwait(false);
            return state with
            {
                SchemaVersion = version ?? 0,
                ExpectedSchemaVersion = Version,
                WriteFault = state.WriteFault ?? (missing.Count == 0 ? null : MissingFault(missing)),
            };
        }
        catch (NpgsqlException fault) when (database.Connections.ArePooled && fault.InnerException is TimeoutException)
        {
            return new SessionStoreState { WriteFault = database.Connections.TooFewFault };
        }
    }

    private async Task<string?> PoolerFaultAsync(CancellationToken cancellationToken) => database.Connections.IsPreparingByChoice
        ? await TransactionPooling.FaultAsync(database, cancellationToken).ConfigureAwait(false)
        : null;

    /// <summary>
    /// Begins a transaction of several round trips, with the settings of the store: a role may have timeouts that are too
    /// short for any of its statements. The batch leaves the transaction open.
    /// </summary>
    private async Task BeginAsync(NpgsqlConnection connection, TransactionKind kind)
    {
        var batch = database.Batch(connection, kind, turn: null, database.StoreNow);
        await using var disposing = batch.ConfigureAwait(false);
        batch.Timeout = database.PatienceWithLookups;
        batch.BatchCommands.Insert(1, new NpgsqlBatchCommand("SET LOCAL statement_timeout = 0")); // until the settings apply
        batch.BatchCommands.Add(new NpgsqlBatchCommand(KeepIdle));
        await batch.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<SchemaStep>?> MissingAsync(NpgsqlConnection connection)
    {
        var tables = await TablesAsync(connection).ConfigureAwait(false);
        var (versioned, whole) = (tables.Contains("schema_version"), tables.Contains("sessions"));
        if (!versioned && !whole)
        {
            return null;
        }

        var version = versioned ? await VersionAsync(connection).ConfigureAwait(false) : null;
        if (version != Version || !whole)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"The schema {name} in PostgreSQL is of version {version ?? 0}{(whole ? "" : " without the table sessions")}; this version of Hanzo.Sessions works with version {Version}."));
        }

        return await MissingAsync(connection, tables).ConfigureAwait(false);
    }

    /// <summary>The steps that a schema of the right version lacks. Steps of a later version do no harm.</summary>
    private async Task<IReadOnlyList<SchemaStep>> MissingAsync(NpgsqlConnection connection, HashSet<string> tables)
    {
        HashSet<int> added = [];
        if (tables.Contains("schema_steps"))
        {
            var command = database.Command(connection, $"SELECT step FROM \"{name}\".schema_steps");
            await using var disposing = command.ConfigureAwait(false);
            var rows = await command.ExecuteReaderAsync(CancellationToken.None).ConfigureAwait(false);
            await using var reading = rows.ConfigureAwait(false);
            while (await rows.ReadAsync(CancellationToken.None).ConfigureAwait(false))
            {
                added.Add(rows.GetInt32(0));
            }
        }

        return [.. Steps.Where(step => !added.Contains(step.Number))];
    }

    /// <summary>The tables of the schema. Reads the catalog itself: to_regclass may show an earlier state.</summary>
    private async Task<HashSet<string>> TablesAsync(NpgsqlConnection connection)
    {
        var found = database.Command(
            connection,
            $"""
            SELECT pg_catalog.current_setting('server_encoding'), pg_catalog.pg_backend_pid(), ARRAY(
                SELECT tablename::text FROM pg_catalog.pg_tables WHERE schemaname OPERATOR(pg_catalog.=) '{name}')
            """);
        await using var disposing = found.ConfigureAwait(false);
        var rows = await found.ExecuteReaderAsync(CommandBehavior.SingleRow, CancellationToken.None).ConfigureAwait(false);
        await using var reading = rows.ConfigureAwait(false);
        await rows.ReadAsync(CancellationToken.None).ConfigureAwait(false);
        if (rows.GetString(0) is var encoding and not "UTF8")
        {
            throw new InvalidOperationException($"The PostgreSQL database of the session store is in {encoding}; it must be in UTF8.");
        }

        database.Connections.Note(connection, rows.GetInt32(1));
        return [.. rows.GetFieldValue<string[]>(2)];
    }

    private async Task<SessionStoreState> StateAsync(NpgsqlConnection connection)
    {
        // synchronous_commit is not read: the store raises it itself.
        var command = database.Command(
            connection,
            $"""
            SELECT {Database.Numbered(ClockWindow.StoreTime, ["store_now"])}, pg_catalog.current_setting('fsync'),
                pg_catalog.current_setting('full_page_writes'), pg_catalog.pg_is_in_recovery()
            """);
        command.Parameters.Add(Database.StoreNowParameter(database.StoreNow));
        await using var disposing = command.ConfigureAwait(false);
        var rows = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, CancellationToken.None).ConfigureAwait(false);
        await using var reading = rows.ConfigureAwait(false);
        await rows.ReadAsync(CancellationToken.None).ConfigureAwait(false);
        return new SessionStoreState
        {
            StoreTime = SessionRow.Instant(rows, 0),
            DurabilityFault = rows.GetString(1) is "on" && rows.GetString(2) is "on"
                ? null
                : $"PostgreSQL runs with fsync={rows.GetString(1)}, full_page_writes={rows.GetString(2)}: a crash of its machine may lose acknowledged changes.",
            WriteFault = rows.GetBoolean(3) ? "PostgreSQL is in recovery: it only reads, as a replica does." : null,
        };
    }

    private async Task<int?> VersionAsync(NpgsqlConnection connection)
    {
        var command = database.Command(connection, $"SELECT version FROM \"{name}\".schema_version ORDER BY version DESC LIMIT 1");
        await using var disposing = command.ConfigureAwait(false);
        return await command.ExecuteScalarAsync(CancellationToken.None).ConfigureAwait(false) as int?;
    }

    private async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        var command = database.Command(connection, sql);
        await using var disposing = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
    }
}
