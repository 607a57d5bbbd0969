using static Hanzo.Sessions.Sqlite.SessionRow;

namespace Hanzo.Sessions.Sqlite;

public sealed partial class SqliteSessionStore
{
    /// <inheritdoc/>
    public ValueTask<FoundSession> FindByTokenAsync(
        SessionTokenHash tokenHash, CancellationToken cancellationToken = default) =>
        _file.ReadAsync(
            tokenHash,
            static (connection, hash) => new FoundSession(connection.QuerySingle(
                $"SELECT {ColumnsWithPayload} FROM sessions WHERE token_hash = @tokenHash",
                ReadWithPayload,
                ("@tokenHash", hash.ToArray()))),
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<FoundSession> FindAsync(SessionId id, CancellationToken cancellationToken = default) =>
        _file.ReadAsync(
            id,
            static (connection, id) => new FoundSession(connection.QuerySingle(
                $"SELECT {ColumnsWithPayload} FROM sessions WHERE id = @id",
                ReadWithPayload,
                ("@id", id.ToString()))),
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<SessionTouchResult> TouchAsync(SessionTouch touch, CancellationToken cancellationToken = default) =>
        new(_file.WriteAsync(connection => new SessionTouchResult(Touch(connection, touch)), cancellationToken));

    /// <inheritdoc/>
    public Task<SessionMoveResult> MoveAsync(SessionMove move, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(move);
        return _file.WriteAsync(connection => Move(connection, move), cancellationToken);
    }

    private static bool Touch(StoreConnection connection, SessionTouch touch)
    {
        var written = connection.Execute(
            """
            UPDATE sessions
            SET last_active_at = max(last_active_at, @at), active_until = max(active_until, @activeUntil)
            WHERE id = @id AND ended_at IS NULL AND active_until > @at AND last_active_at <= @ifLastActiveBy
            """,
            ("@id", touch.Id.ToString()),
            ("@at", Milliseconds(touch.At)),
            ("@activeUntil", Milliseconds(touch.ActiveUntil)),
            ("@ifLastActiveBy", Milliseconds(touch.IfLastActiveBy)));
        return written == 1 || connection.Query(
            "SELECT true FROM sessions WHERE id = @id AND ended_at IS NULL AND active_until > @at",
            row => row.GetBoolean(0),
            ("@id", touch.Id.ToString()),
            ("@at", Milliseconds(touch.At))).Count == 1;
    }

    private static SessionMoveResult Move(StoreConnection connection, SessionMove move)
    {
        var before = CountNetworks(connection, move);
        var (isWritten, ended) = WriteMove(connection, move);
        return isWritten
            ? new SessionMoveResult(true, ended, before, CountNetworks(connection, move))
            : new SessionMoveResult(IsWritten: false);
    }

    private static (bool IsWritten, EndedSession? Ended) WriteMove(StoreConnection connection, SessionMove move) => connection.QuerySingle(
        $"""
        UPDATE sessions
        SET last_ip_address = @ipAddress, last_ip_network = @ipNetwork, last_user_agent = @userAgent,
            other_ip_address = @otherIpAddress, moved_at = @movedAt,
            last_active_at = iif(@activeUntil IS NULL, last_active_at, max(last_active_at, @at)),
            {(move.Ends
                ? "ended_at = @at, active_until = @at, end_reason = @reason, ended_by = NULL, payload = NULL"
                : "active_until = iif(@activeUntil IS NULL, active_until, max(active_until, @activeUntil))")}
        WHERE id = @id AND organization = @organization AND user_name = @user AND ended_at IS NULL AND active_until > @at
            AND moved_at IS @ifMovedAt
        RETURNING {EndedColumns}
        """,
        static row => (true, row.IsDBNull(4) ? null : ReadEnded(row)),
        ("@id", move.Id.ToString()),
        ("@organization", move.User.Organization),
        ("@user", move.User.Name),
        ("@at", Milliseconds(move.At)),
        ("@activeUntil", move.ActiveUntil is { } until ? Milliseconds(until) : null),
        ("@ifMovedAt", move.IfMovedAt is { } read ? Milliseconds(read) : null),
        ("@ipAddress", move.Use.IpAddress),
        ("@ipNetwork", move.Use.IpNetwork),
        ("@userAgent", move.Use.UserAgent),
        ("@otherIpAddress", move.Use.OtherFamilyIpAddress),
        ("@movedAt", move.Use.MovedAt is { } movedAt ? Milliseconds(movedAt) : null),
        ("@reason", (int)SessionEndReason.Moved));

    private static int CountNetworks(StoreConnection connection, SessionMove move) => connection.QuerySingle(
        """
        SELECT count(DISTINCT iif(is_sign_in, ip_network, last_ip_network))
        FROM sessions CROSS JOIN (SELECT true AS is_sign_in UNION ALL SELECT false)
        WHERE organization = @organization AND user_name = @user AND ended_at IS NULL AND active_until > @at
        """,
        static row => row.GetInt32(0),
        ("@organization", move.User.Organization),
        ("@user", move.User.Name),
        ("@at", Milliseconds(move.At)));
}
