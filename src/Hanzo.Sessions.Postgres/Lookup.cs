using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Npgsql;

namespace Hanzo.Sessions.Postgres;

/// <summary>
/// The lookup of one session by a key, in one round trip: every request of a signed-in user pays for it. A command
/// and the connection object under it are kept, closed, for the next lookup; open connections are the pool's.
/// </summary>
internal sealed class Lookup<TKey>(Database database, string sql)
{
    private readonly ConcurrentQueue<NpgsqlCommand> _idle = [];

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Session?> FindAsync(TKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await FindOnceAsync(key, cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException fault) when (database.MayRetry(fault, attempt: 0))
        {
        }

        return await database.RetryAsync(_ => FindOnceAsync(key, cancellationToken).AsTask(), cancellationToken).ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Session?> FindOnceAsync(TKey key, CancellationToken cancellationToken)
    {
        if (!_idle.TryDequeue(out var command))
        {
            command = database.Command(database.CreateConnection(), sql);
            command.Parameters.Add(new NpgsqlParameter<TKey>());
        }

        var reusable = false;
        try
        {
            ((NpgsqlParameter<TKey>)command.Parameters[0]).TypedValue = key;
            await Database.OpenAsync(command.Connection!, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested(); // not while it is sent: see Database.TransactAsync
            Session? session;
            var rows = await command.ExecuteReaderAsync(CancellationToken.None).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                session = await rows.ReadAsync(CancellationToken.None).ConfigureAwait(false) ? SessionRow.ReadWithPayload(rows) : null;
            }

            await command.Connection!.CloseAsync().ConfigureAwait(false);
            _idle.Enqueue(command);
            reusable = true;
            return session;
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
}
