using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Npgsql;

namespace Hanzo.Sessions.Postgres;

/// <summary>
/// Finds a session by a key, in one round trip: every request of a signed-in user pays for it. Concurrent lookups share
/// statements. The next lookup uses a command again, with its closed connection object; the pool has the open connections.
/// </summary>
internal sealed class Lookup<TKey>
{
    private const int AtOnce = 2;
    private const int Together = 16;

    private readonly Database _database;
    private readonly IEqualityComparer<TKey> _keys;
    private readonly Statement _one;
    private readonly Statement _all;
    private readonly GroupedCalls<TKey, FoundSession> _calls;

    /// <param name="database">The database of the sessions.</param>
    /// <param name="sessions">Their table.</param>
    /// <param name="column">The key's column.</param>
    /// <param name="keys">Tells keys apart.</param>
    public Lookup(Database database, string sessions, string column, IEqualityComparer<TKey> keys)
    {
        _database = database;
        _keys = keys;

        // Outside a transaction, the search_path is not the store's: the operator is named with its schema. Each key has its
        // own parameter: with one array parameter, the planner would prefer a new plan at every call.
        // A statement outside a transaction is one of its own, whose clock stands still from its arrival.
        const string columns = SessionRow.ColumnsWithPayload;
        var where = $"FROM {sessions} s WHERE s.{column} OPERATOR(pg_catalog.=)";
        var numbers = Enumerable.Range(1, Together).Select(number => string.Create(CultureInfo.InvariantCulture, $"${number}"));
        _one = new Statement($"SELECT {columns}, {StoreTime(1)} {where} $1", 1);
        _all = new Statement($"SELECT {columns}, {StoreTime(Together)}, s.{column} {where} ANY (ARRAY[{string.Join(", ", numbers)}])", Together);
        _calls = new GroupedCalls<TKey, FoundSession>(AtOnce, Together, AskForOneAsync, AskForAllAsync, database.Clock);
    }

    /// <summary>Finds the session of a key; null if there is none.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<FoundSession> FindAsync(TKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await _calls.RunAsync(key, cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException fault) when (_database.MayRetry(fault, attempt: 0))
        {
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or InvalidCastException)
        {
            // An operator has changed a row by hand, perhaps that of another caller who shares the statement.
            return await AskForOneAsync(key, cancellationToken).ConfigureAwait(false);
        }

        return await _database.RetryAsync(_ => AskForOneAsync(key, cancellationToken).AsTask(), cancellationToken).ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FoundSession> AskForOneAsync(TKey key, CancellationToken cancellationToken) =>
        (await ExecuteAsync(_one, [key], cancellationToken).ConfigureAwait(false))[0];

    private async Task<IReadOnlyList<FoundSession>> AskForAllAsync(IReadOnlyList<TKey> keys) =>
        await ExecuteAsync(_all, keys, CancellationToken.None).ConfigureAwait(false);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FoundSession[]> ExecuteAsync(Statement statement, IReadOnlyList<TKey> keys, CancellationToken cancellationToken)
    {
        var source = _database.Connections.Current;
        var command = statement.Rent(_database, source);
        var reusable = false;
        try
        {
            for (var i = 0; i < statement.Width; i++)
            {
                ((NpgsqlParameter<TKey>)command.Parameters[i]).TypedValue = keys[Math.Min(i, keys.Count - 1)];
            }

            if (_database.IsClockReplaced)
            {
                ((NpgsqlParameter<DateTime?>)command.Parameters[statement.Width]).TypedValue = _database.StoreNow?.UtcDateTime;
            }

            await Database.OpenAsync(command.Connection!, cancellationToken).ConfigureAwait(false);
            if (source != _database.Connections.Current)
            {
                return await ExecuteAsync(statement, keys, cancellationToken).ConfigureAwait(false); // on connections without prepared statements
            }

            cancellationToken.ThrowIfCancellationRequested(); // not later: see Database.TransactAsync
            var found = new FoundSession[keys.Count];
            var rows = await command.ExecuteReaderAsync(CancellationToken.None).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                while (await rows.ReadAsync(CancellationToken.None).ConfigureAwait(false))
                {
                    Put(new FoundSession(SessionRow.ReadWithPayload(rows), SessionRow.Instant(rows, SessionRow.Width + 1)), rows, keys, found);
                }
            }

            await command.Connection!.CloseAsync().ConfigureAwait(false);
            statement.Idle.Enqueue((command, source));
            reusable = true;
            return found;
        }
        finally
        {
            if (!reusable)
            {
                await command.Connection!.DisposeAsync().ConfigureAwait(false);
                await command.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private static string StoreTime(int keys) => ClockWindow.StoreTime.Replace(
        "@store_now", string.Create(CultureInfo.InvariantCulture, $"${keys + 1}"), StringComparison.Ordinal);

    /// <summary>Puts a session at the index of its key. With several keys, the last column holds the key.</summary>
    private void Put(FoundSession session, NpgsqlDataReader row, IReadOnlyList<TKey> keys, FoundSession[] found)
    {
        var key = keys.Count == 1 ? keys[0] : row.GetFieldValue<TKey>(SessionRow.Width + 2);
        for (var i = 0; i < found.Length; i++)
        {
            found[i] = _keys.Equals(keys[i], key) ? session : found[i];
        }
    }

    /// <summary>A text with <paramref name="Width"/> keys, and the idle commands that have it.</summary>
    private sealed record Statement(string Sql, int Width)
    {
        public ConcurrentQueue<(NpgsqlCommand Command, Connections.Source Source)> Idle { get; } = [];

        public NpgsqlCommand Rent(Database database, Connections.Source source)
        {
            while (Idle.TryDequeue(out var idle))
            {
                if (idle.Source == source)
                {
                    return idle.Command;
                }

                idle.Command.Connection!.Dispose();
                idle.Command.Dispose();
            }

            var command = database.Command(source.Primary.CreateConnection(), Sql);
            command.CommandTimeout = database.PatienceWithLookups;
            for (var i = 0; i < Width; i++)
            {
                command.Parameters.Add(new NpgsqlParameter<TKey>());
            }

            command.Parameters.Add(Database.StoreNowParameter(null));
            return command;
        }
    }
}
