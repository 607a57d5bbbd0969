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
internal sealed class Schema(Database database, string name, TimeSpan startTimeout, ILogger logger)
{
    // The oldest version that can use the schema, which steps do not change: 0.1 refuses any other number.
    private const int Version = 1;

    // Requests that have waited behind a step get through before it is tried again.
    private static readonly TimeSpan LetRequestsPass = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UntilNextLook = TimeSpan.FromMilliseconds(100);

    public string Name => name;

    /// <summary>The steps that the schema should have. Tests add some.</summary>
    public IReadOnlyList<SchemaStep> Steps { get; set; } = SchemaStep.All;

    /// <summary>Creates the schema unless it exists, and adds the steps that it lacks.</summary>
    /// <param name="turn">The key of the advisory lock under which one server does that.</param>
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

    /// <summary>The script that creates the schema under its name, without the steps.</summary>
    public string Script()
    {
        using var script = new StreamReader(typeof(PostgresSessionStore).Assembly.GetManifestResourceStream("Schema.sql")!);
        return Named(name, script.ReadToEnd());
    }

    /// <summary>A script with the name of the schema in it.</summary>
    public static string Named(string name, string script) => script.Replace("hanzo_sessions", $"\"{name}\"", StringComparison.Ordinal);

    private async Task PrepareOnceAsync(long turn, CancellationToken cancellationToken)
    {
        var (started, isLogged) = (database.Clock.GetTimestamp(), false);
        while (true)
        {
            var missing = await MissingAsync(cancellationToken).ConfigureAwait(false);
            if (missing is { Count: 0 })
            {
                return;
            }

            var pause = UntilNextLook;
            try
            {
                if (await AddAsync(missing?[0], turn, cancellationToken).ConfigureAwait(false))
                {
                    continue;
                }
            }
            catch (PostgresException refusal) when (refusal.SqlState is PostgresErrorCodes.InsufficientPrivilege)
            {
                throw new InvalidOperationException(RightsFault(missing?[0], refusal), refusal);
            }
            catch (PostgresException refusal) when (refusal.SqlState is PostgresErrorCodes.LockNotAvailable && missing is not null)
            {
                if (database.Clock.GetElapsedTime(started) >= startTimeout)
                {
                    throw new InvalidOperationException(BlockedFault(missing[0]), refusal);
                }

                pause = LetRequestsPass * (1 + Random.Shared.NextDouble());
                if (!isLogged)
                {
                    Log.StepWaits(logger, missing[0], name, startTimeout);
                    isLogged = true;
                }
            }

            await Task.Delay(pause, database.Clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The steps that are missing; null if the schema is.</summary>
    private async Task<IReadOnlyList<SchemaStep>?> MissingAsync(CancellationToken cancellationToken)
    {
        var connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var closing = connection.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested(); // not later: see Database.TransactAsync
        await BeginAsync(connection, TransactionKind.Read).ConfigureAwait(false);
        var missing = await MissingAsync(connection).ConfigureAwait(false);
        await ExecuteAsync(connection, "COMMIT").ConfigureAwait(false);
        return missing;
    }

    /// <summary>Creates the schema, or adds a step to it; returns false if another server does it now.</summary>
    private async Task<bool> AddAsync(SchemaStep? step, long turn, CancellationToken cancellationToken)
    {
        if (step is null)
        {
            return await RunInTurnAsync(
                turn,
                async connection =>
                {
                    if (await MissingAsync(connection).ConfigureAwait(false) is null)
                    {
                        await ExecuteAsync(connection, Script()).ConfigureAwait(false);
                    }
                },
                cancellationToken).ConfigureAwait(false);
        }

        foreach (var transaction in step.Transactions(name))
        {
            if (!await RunInTurnAsync(turn, connection => RunAsync(connection, step, transaction), cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }

        Log.StepAdded(logger, step, name);
        return true;
    }

    private async Task RunAsync(NpgsqlConnection connection, SchemaStep step, SchemaTransaction transaction)
    {
        // Another server may have added it since this one has looked.
        if ((await MissingAsync(connection).ConfigureAwait(false))!.Contains(step))
        {
            await ExecuteAsync(connection, transaction.Sql).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Runs work in a transaction that has the turn; returns false, without waiting, if another server has it. A server that
    /// waited for the lock would hold a snapshot, and that server's <c>CREATE INDEX CONCURRENTLY</c> would wait for it.
    /// </summary>
    private async Task<bool> RunInTurnAsync(long turn, Func<NpgsqlConnection, Task> work, CancellationToken cancellationToken)
    {
        var connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var closing = connection.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        await BeginAsync(connection, TransactionKind.Durable).ConfigureAwait(false);
        var command = database.Command(connection, "SELECT pg_try_advisory_xact_lock($1)");
        await using var disposing = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = turn });
        var isMine = await command.ExecuteScalarAsync(CancellationToken.None).ConfigureAwait(false) is true;
        if (isMine)
        {
            await work(connection).ConfigureAwait(false);
        }

        // If the work fails, closing the connection rolls back what is not committed.
        await ExecuteAsync(connection, "COMMIT").ConfigureAwait(false);
        return isMine;
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
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SET LOCAL idle_in_transaction_session_timeout = '1min'"));
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

    private string RightsFault(SchemaStep? step, PostgresException refusal) =>
        (step is null
            ? $"The schema {name} is missing in PostgreSQL, and the role of the session store may not create it ({refusal.MessageText}). "
            : $"The schema {name} in PostgreSQL lacks step {step}, and the role of the session store may not add it ({refusal.MessageText}). ")
        + $"{RunByHand(step is null ? "Schema.sql and then every script of Upgrades" : step.File)} as a role that may.";

    private string BlockedFault(SchemaStep step) =>
        $"The schema {name} in PostgreSQL lacks step {step}, and could not get it within {startTimeout}: other transactions held the "
        + "table sessions all the time, for example a dump or a session that is idle in transaction. End them, or set a longer StartTimeout.";

    private string MissingFault(IReadOnlyList<SchemaStep> missing) =>
        $"The schema {name} in PostgreSQL lacks step {string.Join(", ", missing)}. {RunByHand(string.Join(", ", missing.Select(step => step.File)))}, "
        + $"or let a server do it ({nameof(HanzoSessionsOptions.PrepareStoreAtStart)}).";

    private static string RunByHand(string scripts) => $"Run {scripts} of the package Hanzo.Sessions.Postgres (folder sql)";

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
