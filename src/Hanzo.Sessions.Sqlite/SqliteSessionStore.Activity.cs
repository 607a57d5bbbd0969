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
}
