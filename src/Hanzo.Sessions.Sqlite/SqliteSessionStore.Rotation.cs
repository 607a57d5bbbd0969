using static Hanzo.Sessions.Sqlite.SessionRow;

namespace Hanzo.Sessions.Sqlite;

public sealed partial class SqliteSessionStore
{
    /// <inheritdoc/>
    public Task<Session?> RotateAsync(SessionRotation rotation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rotation);
        return _file.WriteAsync(connection => Rotate(connection, rotation), cancellationToken);
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
        ("@now", Milliseconds(rotation.Now.At)));
}
