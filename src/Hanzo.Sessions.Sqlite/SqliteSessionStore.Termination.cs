using static Hanzo.Sessions.Sqlite.SessionRow;

namespace Hanzo.Sessions.Sqlite;

public sealed partial class SqliteSessionStore
{
    /// <inheritdoc/>
    public Task<SessionTermination> TerminateAsync(
        SessionFilter filter, SessionEnd end, SessionId? current = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(end);
        return _file.WriteAsync(
            connection => current is { } id && IsSelected(connection, filter, end.At, id)
                ? new SessionTermination([], CurrentSelected: true)
                : new SessionTermination(Terminate(connection, filter, end)),
            cancellationToken);
    }

    private static bool IsSelected(StoreConnection connection, SessionFilter filter, DateTimeOffset now, SessionId current)
    {
        var conditions = new SessionConditions(filter);
        return connection.QuerySingle(
            $"SELECT 1 FROM sessions WHERE id = @current AND ended_at IS NULL AND active_until > @now{conditions}",
            static _ => true,
            conditions.With(("@current", current.ToString()), ("@now", Milliseconds(now))));
    }

    private static List<EndedSession> Terminate(StoreConnection connection, SessionFilter filter, SessionEnd end)
    {
        var conditions = new SessionConditions(filter);
        return connection.Query(
            $"""
            UPDATE sessions
            SET ended_at = @now, active_until = @now, end_reason = @reason, ended_by = @by, payload = NULL
            WHERE ended_at IS NULL AND active_until > @now{conditions}
            RETURNING {EndedColumns}
            """,
            ReadEnded,
            conditions.With(
                ("@now", Milliseconds(end.At)), ("@reason", (int)end.Reason), ("@by", end.By?.ToString())));
    }
}
