using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Hanzo.Sessions.Postgres;

public sealed partial class PostgresSessionStore
{
    /// <inheritdoc/>
    public Task<Session?> RotateAsync(SessionRotation rotation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rotation);
        return _database.RunAsync(
            async unsure =>
            {
                var rotated = await _database.TransactAsync(
                    TransactionKind.Durable,
                    RotateCommand(rotation),
                    async rows => await rows.ReadAsync(CancellationToken.None).ConfigureAwait(false) ? SessionRow.ReadWithPayload(rows) : null,
                    turn: null,
                    cancellationToken).ConfigureAwait(false);
                return rotated is null && unsure
                    ? await FindByTokenAsync(rotation.Next, cancellationToken).ConfigureAwait(false)
                    : rotated;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> ReplacePayloadAsync(SessionPayloadChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _database.RunAsync(
            async unsure =>
            {
                var isReplaced = await _database.TransactAsync(
                    TransactionKind.Durable,
                    ReplacePayloadCommand(change),
                    rows => rows.ReadAsync(CancellationToken.None),
                    turn: null,
                    cancellationToken).ConfigureAwait(false);

                // The first attempt, whose answer was lost, may have done it.
                return isReplaced
                    || (unsure
                        && await FindByTokenAsync(change.TokenHash, cancellationToken).ConfigureAwait(false) is { End: null } session
                        && session.Payload.Span.SequenceEqual(change.Payload.Span));
            },
            cancellationToken);
    }

    [SuppressMessage("Security", "CA2100", Justification = "The schema's name is a validated identifier.")]
    private NpgsqlBatchCommand ReplacePayloadCommand(SessionPayloadChange change) => new NpgsqlBatchCommand(
        $"""
        UPDATE {_sessions} s
        SET payload = @payload
        WHERE s.token_hash = @token_hash AND s.ended_at IS NULL AND s.active_until > @now AND coalesce(s.payload, '') = @read
        RETURNING true
        """)
        .With(change.Payload, "payload")
        .With(change.TokenHash, "token_hash")
        .With(change.Now, "now")
        .With(change.Read, "read");

    [SuppressMessage("Security", "CA2100", Justification = "The schema's name is a validated identifier.")]
    private NpgsqlBatchCommand RotateCommand(SessionRotation rotation) => new NpgsqlBatchCommand(
        $"""
        UPDATE {_sessions} s
        SET token_hash = @next, payload = coalesce(@payload, s.payload)
        WHERE s.token_hash = @current AND s.ended_at IS NULL AND s.active_until > @now
        RETURNING {SessionRow.ColumnsWithPayload}
        """)
        .With(rotation.Next, "next")
        .With(rotation.Payload, "payload")
        .With(rotation.Current, "current")
        .With(rotation.Now, "now");
}
