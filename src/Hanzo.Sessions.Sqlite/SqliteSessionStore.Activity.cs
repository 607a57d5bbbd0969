using static Hanzo.Sessions.Sqlite.SessionRow;

namespace Hanzo.Sessions.Sqlite;

public sealed partial class SqliteSessionStore
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<bool>> TouchAsync(
        IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(touches);
        return new(_file.WriteAsync<IReadOnlyList<bool>>(
            connection => [.. touches.Select(touch => Touch(connection, touch))], cancellationToken));
    }

    /// <inheritdoc/>
    public Task<Session?> RotateAsync(SessionRotation rotation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rotation);
        return _file.WriteAsync(connection => Rotate(connection, rotation), cancellationToken);
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

    private static Session? Rotate(StoreConnection connection, SessionRotation rotation) => connection.QuerySingle(
        $"""
        UPDATE sessions
        SET token_hash = @next, payload = iif(@replacePayload, @payload, payload)
        WHERE token_hash = @current AND ended_at IS NULL AND active_until > @now
        RETURNING {ColumnsWithPayload}
        """,
        ReadWithPayload,
        ("@current", rotation.Current.ToArray()),
        ("@next", rotation.Next.ToArray()),
        ("@replacePayload", rotation.Payload is not null),
        ("@payload", rotation.Payload is { IsEmpty: false } payload ? payload.ToArray() : null),
        ("@now", Milliseconds(rotation.Now)));
}
