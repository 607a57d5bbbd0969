using static Hanzo.Sessions.Sqlite.SessionRow;

namespace Hanzo.Sessions.Sqlite;

public sealed partial class SqliteSessionStore
{
    // 6 is SessionEndReason.IdleTimeout, 7 is Expired.
    private const string TimeoutReason = "iif(active_until < expires_at, 6, 7)";

    private const string SetTimeout = $"""
        ended_at = active_until, end_reason = {TimeoutReason}, ended_by = NULL, payload = NULL
        """;

    /// <inheritdoc/>
    public Task<EndedSession?> ExpireAsync(
        SessionId id, StoreInstant now, CancellationToken cancellationToken = default) =>
        _file.WriteAsync(
            connection => connection.QuerySingle(
                $"""
                UPDATE sessions SET {SetTimeout}
                WHERE id = @id AND ended_at IS NULL AND active_until <= @now
                RETURNING {EndedColumns}
                """,
                ReadEnded,
                ("@id", id.ToString()),
                ("@now", Milliseconds(now.At))),
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(
        StoreInstant now, int maximum, CancellationToken cancellationToken = default) =>
        _file.WriteAsync<IReadOnlyList<EndedSession>>(
            connection => connection.Query(
                $"""
                UPDATE sessions SET {SetTimeout}
                WHERE rowid IN (
                    SELECT rowid FROM sessions
                    WHERE ended_at IS NULL AND active_until <= @now
                    ORDER BY active_until, id LIMIT @maximum)
                RETURNING {EndedColumns}
                """,
                ReadEnded,
                ("@now", Milliseconds(now.At)),
                ("@maximum", maximum)),
            cancellationToken);

    /// <inheritdoc/>
    public Task<int> PurgeAsync(
        DateTimeOffset endedBy, StoreInstant now, int maximum, CancellationToken cancellationToken = default) =>
        _file.WriteAsync(connection => Purge(connection, endedBy, now.At, maximum), cancellationToken);

    private static int Purge(StoreConnection connection, DateTimeOffset endedBy, DateTimeOffset now, int maximum)
    {
        connection.Execute(
            """
            DELETE FROM forgotten_sessions
            WHERE id IN (SELECT id FROM forgotten_sessions WHERE keep_until <= @now ORDER BY keep_until LIMIT @maximum)
            """,
            ("@now", Milliseconds(now)),
            ("@maximum", maximum));
        return connection.Execute(
            """
            DELETE FROM sessions
            WHERE rowid IN (
                SELECT rowid FROM sessions
                WHERE ended_at IS NOT NULL AND active_until <= @endedBy
                    AND (keep_history_until IS NULL OR keep_history_until <= @now)
                ORDER BY active_until, id LIMIT @maximum)
            """,
            ("@endedBy", Milliseconds(endedBy)),
            ("@now", Milliseconds(now)),
            ("@maximum", maximum));
    }
}
