using Microsoft.Data.Sqlite;

namespace Hanzo.Sessions.Sqlite;

/// <summary>
/// Read-only connections, kept open between reads. A read takes microseconds and runs on the caller's thread, so there
/// are as many connections as threads have read concurrently.
/// </summary>
/// <param name="open">Opens another connection.</param>
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
            // The fault of one connection may affect all of them.
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

    /// <summary>Returns the connection if the pool does not keep it.</summary>
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
