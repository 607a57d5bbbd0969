using System.Globalization;
using Npgsql;

namespace Hanzo.Sessions.Postgres;

/// <summary>Creating the schema and adding steps to it: one server does it, and the others look until it is done.</summary>
internal sealed partial class Schema
{
    // Requests that have waited behind a step get through before it is tried again.
    private static readonly TimeSpan LetRequestsPass = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UntilNextLook = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(500);

    // A transaction of the store that is idle for a minute is ended: see BeginAsync.
    private static readonly TimeSpan BetweenSigns = TimeSpan.FromSeconds(10);

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

    private async Task PrepareOnceAsync(long turn, CancellationToken cancellationToken)
    {
        var started = database.Clock.GetTimestamp();
        HashSet<(int, string)>? inTheWay = null;
        while (true)
        {
            var missing = await MissingAsync(cancellationToken).ConfigureAwait(false);
            if (missing is { Count: 0 })
            {
                return;
            }

            var (step, pause) = (missing?[0], UntilNextLook);
            try
            {
                if (await AddAsync(step, turn, cancellationToken).ConfigureAwait(false))
                {
                    continue;
                }
            }
            catch (PostgresException refusal) when (refusal.SqlState is PostgresErrorCodes.InsufficientPrivilege)
            {
                throw new InvalidOperationException(RightsFault(step, refusal), refusal);
            }
            catch (PostgresException refusal) when (refusal.SqlState is PostgresErrorCodes.LockNotAvailable && step is not null)
            {
                var holders = await HoldersAsync(cancellationToken).ConfigureAwait(false);
                if (inTheWay is null)
                {
                    Log.StepWaits(logger, step, name, startTimeout);
                }

                holders.IntersectWith(inTheWay ?? holders);
                inTheWay = holders;
                if (database.Clock.GetElapsedTime(started) >= startTimeout)
                {
                    throw new InvalidOperationException(BlockedFault(step, inTheWay.Select(holder => holder.Item1)), refusal);
                }

                pause = LetRequestsPass * (1 + Random.Shared.NextDouble());
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
            return await RunInTurnAsync(turn, CreateAsync, cancellationToken).ConfigureAwait(false);
        }

        foreach (var transaction in step.Transactions(name))
        {
            var isRun = await RunInTurnAsync(
                turn, connection => RunAsync(connection, step, transaction, cancellationToken), cancellationToken).ConfigureAwait(false);
            if (!isRun)
            {
                return false;
            }
        }

        Log.StepAdded(logger, step, name);
        return true;
    }

    private async Task CreateAsync(NpgsqlConnection connection)
    {
        if (await MissingAsync(connection).ConfigureAwait(false) is null)
        {
            await ExecuteAsync(connection, Script()).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(
        NpgsqlConnection connection, SchemaStep step, SchemaTransaction transaction, CancellationToken cancellationToken)
    {
        // Another server may have added it since this one has looked.
        if ((await MissingAsync(connection).ConfigureAwait(false))!.Contains(step))
        {
            foreach (var statement in transaction.Before)
            {
                await RunBesideAsync(connection, statement, cancellationToken).ConfigureAwait(false);
            }

            await ExecuteAsync(connection, transaction.Sql).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Runs work in a transaction that has the turn; returns false, without waiting, if another server has it. A server that
    /// waited for the lock would hold a snapshot, for which a <c>CREATE INDEX CONCURRENTLY</c> of the other one waits.
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

    /// <summary>
    /// Runs a statement on another connection, outside a transaction and for as long as it takes, while the first one keeps
    /// the turn.
    /// </summary>
    private async Task RunBesideAsync(NpgsqlConnection keeper, string statement, CancellationToken cancellationToken)
    {
        var connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var closing = connection.ConfigureAwait(false);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await KeepTurnAsync(keeper).ConfigureAwait(false);
        var running = RunOutsideAsync(connection, statement, end.Token);
        try
        {
            while (await Task.WhenAny(running, Task.Delay(BetweenSigns, database.Clock, CancellationToken.None)).ConfigureAwait(false) != running)
            {
                await KeepTurnAsync(keeper).ConfigureAwait(false);
            }
        }
        catch (NpgsqlException)
        {
            // The turn is lost, and another server may begin the same.
            await end.CancelAsync().ConfigureAwait(false);
            await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await running.ConfigureAwait(false);
    }

    // Not by SELECT: the driver leaves its portal open, which holds a snapshot until the next command, and the statement beside
    // would wait for that.
    private Task KeepTurnAsync(NpgsqlConnection keeper) => ExecuteAsync(keeper, KeepIdle);

    private async Task RunOutsideAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        // Behind a pooler the settings would be those of a connection that others use too.
        if (!database.Connections.ArePooled)
        {
            await ExecuteAsync(connection, SettingsOutside()).ConfigureAwait(false);
        }

        try
        {
            var command = database.Command(connection, statement);
            await using var disposing = command.ConfigureAwait(false);
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!database.Connections.ArePooled && connection.State is System.Data.ConnectionState.Open)
            {
                await ExecuteAsync(connection, "RESET search_path; RESET statement_timeout; RESET lock_timeout").ConfigureAwait(false);
            }
        }
    }

    private string SettingsOutside() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        SET search_path = pg_catalog;
        SET statement_timeout = 0;
        SET lock_timeout = {(long)(startTimeout > ShortestWait ? startTimeout : ShortestWait).TotalMilliseconds}
        """);

    /// <summary>The transactions of others that hold a lock on the sessions now.</summary>
    private async Task<HashSet<(int Process, string Transaction)>> HoldersAsync(CancellationToken cancellationToken)
    {
        var connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var closing = connection.ConfigureAwait(false);
        var command = database.Command(
            connection,
            $"""
            SELECT DISTINCT pid, virtualtransaction FROM pg_catalog.pg_locks
            WHERE granted AND pid IS NOT NULL AND pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid()
                AND relation OPERATOR(pg_catalog.=) '"{name}".sessions'::pg_catalog.regclass
                AND database OPERATOR(pg_catalog.=) (
                    SELECT oid FROM pg_catalog.pg_database WHERE datname OPERATOR(pg_catalog.=) pg_catalog.current_database())
            """);
        await using var disposing = command.ConfigureAwait(false);
        HashSet<(int, string)> holders = [];
        var rows = await command.ExecuteReaderAsync(CancellationToken.None).ConfigureAwait(false);
        await using var reading = rows.ConfigureAwait(false);
        while (await rows.ReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            holders.Add((rows.GetInt32(0), rows.GetString(1)));
        }

        return holders;
    }

    private string RightsFault(SchemaStep? step, PostgresException refusal) =>
        (step is null
            ? $"The schema {name} is missing in PostgreSQL, and the role of the session store may not create it ({refusal.MessageText}). "
            : $"The schema {name} in PostgreSQL lacks step {step}, and the role of the session store may not add it ({refusal.MessageText}). ")
        + $"{RunByHand(step is null ? "Schema.sql and then every script of Upgrades" : step.File)} as a role that may.";

    private string BlockedFault(SchemaStep step, IEnumerable<int> processes) => string.Create(
        CultureInfo.InvariantCulture,
        $"The schema {name} in PostgreSQL lacks step {step}, and could not get it within {startTimeout}: other transactions stood in the way all the time{(string.Join(", ", processes) is { Length: > 0 } ids ? $" (process {ids})" : "")}. ")
        + "Such are a dump, an autovacuum, and a client that is idle in a transaction. End them, or set a longer StartTimeout.";

    private string MissingFault(IReadOnlyList<SchemaStep> missing) =>
        $"The schema {name} in PostgreSQL lacks step {string.Join(", ", missing)}. {RunByHand(string.Join(", ", missing.Select(step => step.File)))}, "
        + $"or let a server do it ({nameof(HanzoSessionsOptions.PrepareStoreAtStart)}).";

    private static string RunByHand(string scripts) => $"Run {scripts} of the package Hanzo.Sessions.Postgres (folder sql)";
}
