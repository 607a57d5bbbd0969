using Microsoft.Data.Sqlite;

namespace Hanzo.Sessions.Sqlite;

/// <summary>
/// Connections that only read, kept open between reads. Reading takes microseconds, so it is done on the caller's
/// thread; there are as many connections as there have been threads that read at once.
/// </summary>
/// <param name="open">Opens one more.</param>
internal sealed class ReaderPool(Func<StoreConnection> open)
{
    private const int MostIdle = 64;

    private readonly Lock _lock = new();
    private readonly Stack<StoreConnection> _idle = [];
    private bool _closed;

    public T Read<TState, T>(TState state, Func<StoreConnection, TState, T> read)
    {
        var connection = Take() ?? open();
        try
        {
            var answer = read(connection, state);
            connection = GiveBack(connection);
            return answer;
        }
        catch (SqliteException)
        {
            // What has broken one connection may have broken all.
            Clear();
            throw;
        }
        finally
        {
            connection?.Dispose();
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
        }

        Clear();
    }

    private StoreConnection? Take()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(SqliteSessionStore));
            return _idle.TryPop(out var connection) ? connection : null;
        }
    }

    /// <summary>Answers the connection when it is not wanted back.</summary>
    private StoreConnection? GiveBack(StoreConnection connection)
    {
        lock (_lock)
        {
            if (_closed || _idle.Count == MostIdle)
            {
                return connection;
            }

            _idle.Push(connection);
            return null;
        }
    }

    private void Clear()
    {
        StoreConnection[] idle;
        lock (_lock)
        {
            idle = [.. _idle];
            _idle.Clear();
        }

        foreach (var connection in idle)
        {
            connection.Dispose();
        }
    }
}
