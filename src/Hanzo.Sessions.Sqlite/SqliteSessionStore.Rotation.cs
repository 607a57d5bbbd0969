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

    /// <inheritdoc/>
    public Task<bool> ReplacePayloadAsync(SessionPayloadChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _file.WriteAsync(connection => ReplacePayload(connection, change), cancellationToken);
    }

    private static bool ReplacePayload(StoreConnection connection, SessionPayloadChange change) => connection.QuerySingle(
        """
        UPDATE sessions SET payload = @payload
        WHERE token_hash = @tokenHash AND ended_at IS NULL AND active_until > @now AND payload IS @read
        RETURNING true
        """,
        static _ => true,
        ("@tokenHash", change.TokenHash.ToArray()),
        ("@payload", Blob(change.Payload)),
        ("@read", Blob(change.Read)),
        ("@now", Milliseconds(change.Now.At)));

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
        ("@payload", Blob(rotation.Payload ?? default)),
        ("@now", Milliseconds(rotation.Now.At)));
}
