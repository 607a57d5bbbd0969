using System.Data;
using System.Globalization;
using Npgsql;

namespace Hanzo.Sessions.Postgres;

/// <summary>Creates the tables of <c>Schema.sql</c>, or checks that this version understands those that exist.</summary>
/// <param name="database">The database of the schema.</param>
/// <param name="name">Its name, a validated identifier.</param>
internal sealed class Schema(Database database, string name)
{
    private const int Version = 1;

    public string Name => name;

    /// <summary>Creates the schema unless it exists.</summary>
    /// <param name="turn">The key of the advisory lock under which one server creates it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">The schema, the database or a pooler is not as it must be.</exception>
    public async Task PrepareAsync(long turn, CancellationToken cancellationToken)
    {
        await database.StartAsync(() => PrepareOnceAsync(turn, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (await PoolerFaultAsync(cancellationToken).ConfigureAwait(false) is { } fault)
        {
            throw new InvalidOperationException(fault);
        }
    }

    public Task<SessionStoreState> InspectAsync(CancellationToken cancellationToken) =>
        database.RunAsync(_ => InspectOnceAsync(cancellationToken), cancellationToken).WaitAsync(cancellationToken);

    /// <summary>The script that creates the schema under its name.</summary>
    public string Script()
    {
        using var script = new StreamReader(typeof(PostgresSessionStore).Assembly.GetManifestResourceStream("Schema.sql")!);
        return script.ReadToEnd().Replace("hanzo_sessions", $"\"{name}\"", StringComparison.Ordinal);
    }

    private async Task PrepareOnceAsync(long turn, CancellationToken cancellationToken)
    {
        var connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var closing = connection.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested(); // not later: see Database.TransactAsync
        await BeginAsync(connection, TransactionKind.Read).ConfigureAwait(false);
        var isPrepared = await IsPreparedAsync(connection).ConfigureAwait(false);
        await ExecuteAsync(connection, "COMMIT").ConfigureAwait(false);
        if (isPrepared)
        {
            return;
        }

        // Closing the connection rolls back what is not committed.
        await BeginAsync(connection, TransactionKind.Durable, turn).ConfigureAwait(false);
        if (!await IsPreparedAsync(connection).ConfigureAwait(false))
        {
            await ExecuteAsync(connection, Script()).ConfigureAwait(false);
        }

        await ExecuteAsync(connection, "COMMIT").ConfigureAwait(false);
    }

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
            var (state, isVersioned) = await StateAsync(connection).ConfigureAwait(false);
            var version = isVersioned ? await VersionAsync(connection).ConfigureAwait(false) : null;
            await ExecuteAsync(connection, "COMMIT").ConfigureAwait(false);
            return state with { SchemaVersion = version ?? 0, ExpectedSchemaVersion = Version };
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
    private async Task BeginAsync(NpgsqlConnection connection, TransactionKind kind, long? turn = null)
    {
        var batch = database.Batch(connection, kind, turn, database.StoreNow);
        await using var disposing = batch.ConfigureAwait(false);
        batch.Timeout = turn is null ? database.PatienceWithLookups : batch.Timeout;
        batch.BatchCommands.Insert(1, new NpgsqlBatchCommand("SET LOCAL statement_timeout = 0")); // until the settings apply
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SET LOCAL idle_in_transaction_session_timeout = '1min'"));
        await batch.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private async Task<bool> IsPreparedAsync(NpgsqlConnection connection)
    {
        // Reads the catalog itself: to_regclass may show the state before the wait for the lock.
        var found = database.Command(
            connection,
            $"""
            WITH tables AS (
                SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname OPERATOR(pg_catalog.=) '{name}'
            )
            SELECT pg_catalog.current_setting('server_encoding'), pg_catalog.pg_backend_pid(),
                EXISTS (SELECT FROM tables WHERE tablename OPERATOR(pg_catalog.=) 'schema_version'),
                EXISTS (SELECT FROM tables WHERE tablename OPERATOR(pg_catalog.=) 'sessions')
            """);
        await using var disposing = found.ConfigureAwait(false);
        bool versioned, whole;
        var rows = await found.ExecuteReaderAsync(CommandBehavior.SingleRow, CancellationToken.None).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            await rows.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            if (rows.GetString(0) is var encoding and not "UTF8")
            {
                throw new InvalidOperationException($"The PostgreSQL database of the session store is in {encoding}; it must be in UTF8.");
            }

            database.Connections.Note(connection, rows.GetInt32(1));
            (versioned, whole) = (rows.GetBoolean(2), rows.GetBoolean(3));
        }

        if (!versioned && !whole)
        {
            return false;
        }

        var version = versioned ? await VersionAsync(connection).ConfigureAwait(false) : null;
        if (version != Version || !whole)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"The schema {name} in PostgreSQL is of version {version ?? 0}{(whole ? "" : " without the table sessions")}; this version of Hanzo.Sessions works with version {Version}."));
        }

        return true;
    }

    private async Task<(SessionStoreState State, bool IsVersioned)> StateAsync(NpgsqlConnection connection)
    {
        // synchronous_commit is not read: the store raises it itself.
        var command = database.Command(
            connection,
            $"""
            SELECT {Database.Numbered(ClockWindow.StoreTime, ["store_now"])}, pg_catalog.current_setting('fsync'),
                pg_catalog.current_setting('full_page_writes'), pg_catalog.pg_is_in_recovery(),
                EXISTS (SELECT FROM pg_catalog.pg_tables WHERE schemaname OPERATOR(pg_catalog.=) '{name}'
                    AND tablename OPERATOR(pg_catalog.=) 'schema_version')
            """);
        command.Parameters.Add(Database.StoreNowParameter(database.StoreNow));
        await using var disposing = command.ConfigureAwait(false);
        var rows = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, CancellationToken.None).ConfigureAwait(false);
        await using var reading = rows.ConfigureAwait(false);
        await rows.ReadAsync(CancellationToken.None).ConfigureAwait(false);
        return (
            new SessionStoreState
            {
                StoreTime = SessionRow.Instant(rows, 0),
                DurabilityFault = rows.GetString(1) is "on" && rows.GetString(2) is "on"
                    ? null
                    : $"PostgreSQL runs with fsync={rows.GetString(1)}, full_page_writes={rows.GetString(2)}: a crash of its machine may lose acknowledged changes.",
                WriteFault = rows.GetBoolean(3) ? "PostgreSQL is in recovery: it only reads, as a replica does." : null,
            },
            rows.GetBoolean(4));
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
