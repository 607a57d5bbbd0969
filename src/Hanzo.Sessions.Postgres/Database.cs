using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Transactions;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Hanzo.Sessions.Postgres;

/// <summary>Connections to the server, transactions of one round trip, and retries.</summary>
internal sealed class Database(Connections connections, PostgresSessionStoreOptions options, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly string _settings = Settings(options, options.StatementTimeout);
    private readonly string _settingsForUser = Settings(options, options.StatementTimeout) + PlanForAnyUser;
    private readonly string _durableSettings = Settings(options, options.StatementTimeout) + RaiseDurability;
    private readonly string _durableSettingsForUser = Settings(options, options.StatementTimeout) + RaiseDurability + PlanForAnyUser;
    private readonly string _durableBulkSettings = Settings(options, BulkTimeout(options)) + RaiseDurability;
    private readonly string _activitySettings = Settings(options, options.StatementTimeout) + DoNotWaitForTheDisk;
    private readonly string _activitySettingsForUser = Settings(options, options.StatementTimeout) + DoNotWaitForTheDisk + PlanForAnyUser;

    private readonly ConcurrentDictionary<string, string> _numbered = new(StringComparer.Ordinal);

    /// <summary>How long the driver waits, in seconds: longer than the server, whose error says what went wrong.</summary>
    private readonly int _patience = Patience(options, options.StatementTimeout);
    private readonly int _patienceWithBulk = Patience(options, BulkTimeout(options));

    /// <summary>
    /// How long the driver waits for a lookup, in seconds. A lookup has no transaction that sets the server's timeouts, so
    /// the driver gives up. The connection stays usable, and the store does not try the lookup again.
    /// </summary>
    public int PatienceWithLookups { get; } =
        (int)Math.Ceiling(Math.Min(options.LockTimeout.TotalSeconds, options.StatementTimeout.TotalSeconds));

    /// <summary>Runs work, and runs it again after a failure that may pass soon.</summary>
    /// <param name="work">The work. Its argument says whether an earlier attempt, whose answer was lost, may have committed.</param>
    /// <param name="cancellationToken">Ends the attempts.</param>
    public async Task<T> RunAsync<T>(Func<bool, Task<T>> work, CancellationToken cancellationToken)
    {
        bool unsure;
        try
        {
            return await work(false).ConfigureAwait(false);
        }
        catch (NpgsqlException fault) when (MayRetry(fault, attempt: 0))
        {
            unsure = !Failure.ChangedNothing(fault);
        }

        return await RetryAsync(work, cancellationToken, unsure).ConfigureAwait(false);
    }

    /// <summary>Continues <see cref="RunAsync{T}(Func{bool, Task{T}}, CancellationToken)"/> after the first attempt has failed.</summary>
    public async Task<T> RetryAsync<T>(Func<bool, Task<T>> work, CancellationToken cancellationToken, bool unsure = false)
    {
        for (var attempt = 1; ; attempt++)
        {
            await Task.Delay(Wait(attempt), clock, cancellationToken).ConfigureAwait(false);

            // Otherwise the driver keeps skipping a host that lost one connection.
            Hosts?.ClearDatabaseStates();
            try
            {
                return await work(unsure).ConfigureAwait(false);
            }
            catch (NpgsqlException fault) when (MayRetry(fault, attempt))
            {
                unsure |= !Failure.ChangedNothing(fault);
            }
        }
    }

    /// <summary>
    /// Runs work when the host starts. While the server cannot be reached, or is not ready, it tries again for
    /// <see cref="PostgresSessionStoreOptions.StartTimeout"/>.
    /// </summary>
    public async Task StartAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        var (started, isLogged) = (clock.GetTimestamp(), false);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await work().ConfigureAwait(false);
                return;
            }
            catch (NpgsqlException fault) when (IsAway(fault) && clock.GetElapsedTime(started) < options.StartTimeout)
            {
                if (!isLogged)
                {
                    Log.ServerAwaited(logger, options.StartTimeout, fault);
                    isLogged = true;
                }
            }
            catch (NpgsqlException fault) when (MayRetry(fault, attempt))
            {
            }

            await Task.Delay(Wait(attempt + 1), clock, cancellationToken).ConfigureAwait(false);
            Hosts?.ClearDatabaseStates();
        }
    }

    /// <summary>Whether to try again after the given attempt, counted from 0.</summary>
    public bool MayRetry(NpgsqlException fault, int attempt) =>
        attempt < options.Retries && (Failure.MayPass(fault) || (Hosts is not null && Failure.MayPassAtHosts(fault)));

    /// <summary>
    /// Runs one command in its own transaction, in one round trip: begin, settings, the lock if there is one, the
    /// command, commit. Nothing in it depends on the defaults of the role or of the connection.
    /// </summary>
    /// <param name="kind">What the transaction must guarantee.</param>
    /// <param name="command">The command. It returns rows.</param>
    /// <param name="read">Reads the command's rows.</param>
    /// <param name="turn">The key of the advisory lock, if any. A separate statement takes it, so the command's snapshot begins after that.</param>
    /// <param name="cancellationToken">Cancels until the batch is sent.</param>
    public async Task<T> TransactAsync<T>(
        TransactionKind kind, NpgsqlBatchCommand command, Func<NpgsqlDataReader, Task<T>> read, long? turn, CancellationToken cancellationToken) =>
        (await SendAsync(kind, command, StoreNow, read, turn, cancellationToken).ConfigureAwait(false)).Result;

    /// <summary>
    /// Runs a command that changes something, as <see cref="TransactAsync"/> does. The command has the condition
    /// <see cref="ClockWindow.Agrees"/>: if the clocks differ by more than the tolerance, it changes nothing.
    /// </summary>
    /// <param name="kind">What the transaction must guarantee.</param>
    /// <param name="command">The command, without the parameters of the condition.</param>
    /// <param name="now">The instant of the step, with the tolerance.</param>
    /// <param name="read">Reads the command's rows.</param>
    /// <param name="turn">The key of the advisory lock, if any.</param>
    /// <param name="unsure">Whether an earlier attempt, whose answer was lost, may have committed.</param>
    /// <param name="cancellationToken">Cancels until the batch is sent.</param>
    /// <exception cref="SessionClockException">The clocks differ by more than the tolerance.</exception>
    public async Task<T> StepAsync<T>(
        TransactionKind kind,
        NpgsqlBatchCommand command,
        StoreInstant now,
        Func<NpgsqlDataReader, Task<T>> read,
        long? turn,
        bool unsure,
        CancellationToken cancellationToken)
    {
        var (window, storeNow) = (new ClockWindow(now), StoreNow);
        var isNamed = command.Parameters is [{ ParameterName.Length: > 0 }, ..];
        command
            .With(storeNow, isNamed ? "store_now" : null)
            .With(window.From, isNamed ? "clock_from" : null)
            .With(window.To, isNamed ? "clock_to" : null);
        var (result, storeTime) = await SendAsync(kind, command, storeNow, read, turn, cancellationToken).ConfigureAwait(false);
        return window.Contains(storeTime) ? result : throw new SessionClockException(now.At, storeTime, unsure);
    }

    /// <summary>Runs <see cref="StepAsync"/>, and runs it again after a failure that may pass soon.</summary>
    /// <param name="kind">What the transaction must guarantee.</param>
    /// <param name="command">Creates the command, once per attempt.</param>
    /// <param name="now">The instant of the step, with the tolerance.</param>
    /// <param name="read">Reads the command's rows.</param>
    /// <param name="cancellationToken">Cancels until the batch is sent, and between attempts.</param>
    public Task<T> RunStepAsync<T>(
        TransactionKind kind,
        Func<NpgsqlBatchCommand> command,
        StoreInstant now,
        Func<NpgsqlDataReader, Task<T>> read,
        CancellationToken cancellationToken) =>
        RunAsync(unsure => StepAsync(kind, command(), now, read, turn: null, unsure, cancellationToken), cancellationToken);

    /// <summary>Sends a transaction; returns also what the clock of the database showed when it began.</summary>
    /// <param name="kind">What the transaction must guarantee.</param>
    /// <param name="command">The command. It returns rows.</param>
    /// <param name="storeNow">What replaces the clock of the database; null in production.</param>
    /// <param name="read">Reads the command's rows.</param>
    /// <param name="turn">The key of the advisory lock, if any.</param>
    /// <param name="cancellationToken">Cancels until the batch is sent.</param>
    public async Task<(T Result, DateTimeOffset StoreTime)> SendAsync<T>(
        TransactionKind kind,
        NpgsqlBatchCommand command,
        DateTimeOffset? storeNow,
        Func<NpgsqlDataReader, Task<T>> read,
        long? turn,
        CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var closing = connection.ConfigureAwait(false);
        var batch = Batch(connection, kind, turn, storeNow);
        await using var disposing = batch.ConfigureAwait(false);
        batch.BatchCommands.Add(Numbered(command));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));

        // Do not cancel the batch once it is sent: if the driver is interrupted while it prepares a statement, the
        // connection's next caller fails. The server's timeouts bound the wait.
        cancellationToken.ThrowIfCancellationRequested();
        var rows = await batch.ExecuteReaderAsync(CancellationToken.None).ConfigureAwait(false);
        await using var reading = rows.ConfigureAwait(false);
        await rows.ReadAsync(CancellationToken.None).ConfigureAwait(false);
        var storeTime = SessionRow.Instant(rows, 0);
        for (var passed = turn is null ? 1 : 2; passed > 0; passed--)
        {
            await rows.NextResultAsync(CancellationToken.None).ConfigureAwait(false);
        }

        var result = await read(rows).ConfigureAwait(false);

        // Only reading all results proves that the commit succeeded.
        while (await rows.NextResultAsync(CancellationToken.None).ConfigureAwait(false))
        {
        }

        return (result, storeTime);
    }

    /// <summary>Runs <see cref="TransactAsync"/>, and runs it again after a failure that may pass soon.</summary>
    /// <param name="kind">What the transaction must guarantee.</param>
    /// <param name="command">
    /// Creates the command, once per attempt: a sent command remembers the statement that its connection prepared, and
    /// another connection does not know that statement, or knows a different one by its name.
    /// </param>
    /// <param name="read">Reads the command's rows.</param>
    /// <param name="cancellationToken">Cancels until the batch is sent, and between attempts.</param>
    public Task<T> RunAsync<T>(
        TransactionKind kind, Func<NpgsqlBatchCommand> command, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken) =>
        RunAsync(_ => TransactAsync(kind, command(), read, turn: null, cancellationToken), cancellationToken);

    public TimeProvider Clock => clock;

    /// <summary>Whether another clock than the system's was given to the store. It then replaces that of the database too.</summary>
    public bool IsClockReplaced => clock != TimeProvider.System;

    /// <summary>What replaces the clock of the database (@store_now); null in production.</summary>
    public DateTimeOffset? StoreNow => IsClockReplaced ? clock.GetUtcNow() : null;

    public Connections Connections => connections;

    private NpgsqlMultiHostDataSource? Hosts => connections.Current.Hosts;

    public static NpgsqlParameter StoreNowParameter(DateTimeOffset? storeNow) =>
        new NpgsqlParameter<DateTime?> { NpgsqlDbType = NpgsqlDbType.TimestampTz, TypedValue = storeNow?.UtcDateTime };

    public async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var source = connections.Current;
            var connection = source.Primary.CreateConnection();
            try
            {
                await OpenAsync(connection, cancellationToken).ConfigureAwait(false);
                if (source == connections.Current)
                {
                    return connection;
                }
            }
            catch
            {
                await connection.DisposeAsync().ConfigureAwait(false);
                throw;
            }

            // It has turned out that a pooler stands in between.
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Opens a connection outside any ambient transaction of the caller.</summary>
    public static Task OpenAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        return Transaction.Current is null ? connection.OpenAsync(cancellationToken) : OpenOutsideAsync();

        async Task OpenOutsideAsync()
        {
            using var outside = new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Creates a command outside a transaction: its text must be safe under any search_path.</summary>
    [SuppressMessage("Security", "CA2100", Justification = "The text is written in this package.")]
    public NpgsqlCommand Command(NpgsqlConnection connection, string sql) =>
        new(sql, connection) { CommandTimeout = _patience };

    /// <summary>Starts the batch of a transaction: begin, settings, and the lock if there is one.</summary>
    /// <remarks>The settings return what the clock of the database shows: in a transaction it stands still.</remarks>
    public NpgsqlBatch Batch(NpgsqlConnection connection, TransactionKind kind, long? turn, DateTimeOffset? storeNow)
    {
        var batch = new NpgsqlBatch(connection) { Timeout = kind == TransactionKind.DurableBulk ? _patienceWithBulk : _patience };
        batch.BatchCommands.Add(new NpgsqlBatchCommand(kind is TransactionKind.Read or TransactionKind.ReadOfUser
            ? "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY"
            : "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(kind switch
        {
            TransactionKind.Durable when turn is not null => _durableSettingsForUser,
            TransactionKind.Durable => _durableSettings,
            TransactionKind.DurableBulk => _durableBulkSettings,
            TransactionKind.ReadOfUser => _settingsForUser,
            TransactionKind.Activity when turn is not null => _activitySettingsForUser,
            TransactionKind.Activity => _activitySettings,
            _ => _settings,
        }).With(storeNow));
        if (turn is { } key)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT pg_advisory_xact_lock($1)").With(key));
        }

        return batch;
    }

    // The search_path of the connection is not trusted: until this has run, every function is named with its schema.
    private static string Settings(PostgresSessionStoreOptions options, TimeSpan statementTimeout) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        SELECT {Numbered(ClockWindow.StoreTime, ["store_now"])},
               pg_catalog.set_config('search_path', 'pg_catalog', true),
               pg_catalog.set_config('lock_timeout', '{(long)options.LockTimeout.TotalMilliseconds}', true),
               pg_catalog.set_config('statement_timeout', '{(long)statementTimeout.TotalMilliseconds}', true),
               CASE WHEN pg_catalog.current_setting('transaction_timeout', true) OPERATOR(pg_catalog.<>) '0'
                    THEN pg_catalog.set_config('transaction_timeout', '0', true) END
        """); // PostgreSQL 17 has transaction_timeout; others show null

    private static TimeSpan BulkTimeout(PostgresSessionStoreOptions options) => 20 * options.StatementTimeout;

    private static int Patience(PostgresSessionStoreOptions options, TimeSpan statementTimeout) =>
        (int)Math.Ceiling((statementTimeout + options.LockTimeout).TotalSeconds) + 5;

    private const string DoNotWaitForTheDisk =
        """
        ,
               pg_catalog.set_config('synchronous_commit', 'off', true)
        """;

    // A plan for the actual values is worse: if the statistics do not have an organization yet, the planner expects no rows
    // of it, and reads all of them to find one user's.
    private const string PlanForAnyUser =
        """
        ,
               pg_catalog.set_config('plan_cache_mode', 'force_generic_plan', true)
        """;

    private const string RaiseDurability =
        """
        ,
               pg_catalog.set_config(
                   'synchronous_commit',
                   CASE WHEN pg_catalog.current_setting('synchronous_commit') OPERATOR(pg_catalog.=) ANY (ARRAY['off', 'local'])
                        THEN 'on' ELSE pg_catalog.current_setting('synchronous_commit') END,
                   true)
        """;

    /// <summary>
    /// Replaces named parameters with numbered ones: with names, the driver would parse the whole text at every call.
    /// There is one text per kind of list and filter.
    /// </summary>
    [SuppressMessage("Security", "CA2100", Justification = "The text is written in this package.")]
    private NpgsqlBatchCommand Numbered(NpgsqlBatchCommand command)
    {
        if (command.Parameters is [{ ParameterName.Length: > 0 }, ..])
        {
            command.CommandText = _numbered.GetOrAdd(
                command.CommandText,
                static (text, parameters) => Numbered(text, parameters.Select(parameter => parameter.ParameterName)),
                command.Parameters.Cast<NpgsqlParameter>());
            foreach (NpgsqlParameter parameter in command.Parameters)
            {
                parameter.ParameterName = string.Empty;
            }
        }

        return command;
    }

    /// <summary>Replaces the names of parameters with their numbers, counted in the given order.</summary>
    public static string Numbered(string sql, IEnumerable<string> names) => names
        .Select((name, index) => (Name: name, Number: index + 1))
        .OrderByDescending(parameter => parameter.Name.Length)
        .Aggregate(sql, (text, parameter) => text.Replace($"@{parameter.Name}", $"${parameter.Number}", StringComparison.Ordinal));

    private bool IsAway(NpgsqlException fault) => Failure.IsAway(fault) || (Hosts is not null && Failure.MayPassAtHosts(fault));

    private static TimeSpan Wait(int attempt)
    {
        var longest = FirstWait * Math.Pow(2, Math.Min(attempt - 1, 10));
        return (longest < LongestWait ? longest : LongestWait) * (0.5 + (0.5 * Random.Shared.NextDouble()));
    }
}
