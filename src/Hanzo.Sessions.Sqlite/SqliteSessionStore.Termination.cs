using static Hanzo.Sessions.Sqlite.SessionRow;

namespace Hanzo.Sessions.Sqlite;

public sealed partial class SqliteSessionStore
{
    private const string SetEnd = $"""
        ended_at = min(active_until, @now), active_until = min(active_until, @now), payload = NULL,
        end_reason = iif(active_until > @now, @reason, {TimeoutReason}), ended_by = iif(active_until > @now, @by, NULL)
        """;

    /// <inheritdoc/>
    public Task<SessionTerminationResult> TerminateAsync(
        SessionTermination termination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(termination);
        return _file.WriteAsync(
            connection => termination.Current is { } current && IsSelected(connection, termination, current)
                ? new SessionTerminationResult([], CurrentSelected: true)
                : new SessionTerminationResult(Terminate(connection, termination)),
            cancellationToken);
    }

    private static bool IsSelected(StoreConnection connection, SessionTermination termination, SessionId current)
    {
        var conditions = new FilterSql(termination.Filter);
        return connection.QuerySingle(
            $"SELECT 1 FROM sessions WHERE id = @current AND ended_at IS NULL AND active_until > @now{conditions}",
            static _ => true,
            conditions.With(("@current", current.ToString()), ("@now", Milliseconds(termination.End.At))));
    }

    private static List<EndedSession> Terminate(StoreConnection connection, SessionTermination termination)
    {
        var (end, conditions) = (termination.End, new FilterSql(termination.Filter));
        return connection.Query(
            $"""
            UPDATE sessions SET {SetEnd}
            WHERE ended_at IS NULL AND active_until > @timedOutSince{conditions}
                AND (@ifToken IS NULL OR token_hash = @ifToken) AND (NOT @ofPayload OR payload IS @ifPayload)
            RETURNING {EndedColumns}
            """,
            ReadEnded,
            conditions.With(
                ("@now", Milliseconds(end.At)),
                ("@timedOutSince", termination.TimedOutSince is { } since ? Milliseconds(since) : long.MinValue),
                ("@reason", (int)end.Reason),
                ("@by", end.By?.ToString()),
                ("@ifToken", termination.IfToken?.ToArray()),
                ("@ofPayload", termination.IfPayload is not null),
                ("@ifPayload", Blob(termination.IfPayload ?? default))));
    }
}
