using static Hanzo.Sessions.Sqlite.SessionRow;

namespace Hanzo.Sessions.Sqlite;

public sealed partial class SqliteSessionStore
{
    /// <remarks>One whose time is up ends by that: an activity that is under way must not prolong it any more.</remarks>
    private const string SetEnd = $"""
        ended_at = min(active_until, @now), active_until = min(active_until, @now), payload = NULL,
        end_reason = iif(active_until > @now, @reason, {TimeoutReason}), ended_by = iif(active_until > @now, @by, NULL)
        """;

    /// <summary>No activity is under way for so long: in milliseconds.</summary>
    private const long TenMinutes = 10 * 60 * 1000;

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
        var since = filter.Id is not null || (filter.User is not null && filter.Scope.Organization is not null)
            ? long.MinValue
            : Milliseconds(end.At) - TenMinutes;
        return connection.Query(
            $"""
            UPDATE sessions SET {SetEnd}
            WHERE ended_at IS NULL AND active_until > @since{conditions}
            RETURNING {EndedColumns}
            """,
            ReadEnded,
            conditions.With(
                ("@now", Milliseconds(end.At)), ("@since", since), ("@reason", (int)end.Reason), ("@by", end.By?.ToString())));
    }
}
