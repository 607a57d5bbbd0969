using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Hanzo.Sessions.Postgres;

public sealed partial class PostgresSessionStore
{
    /// <inheritdoc/>
    public Task<Session?> RotateAsync(SessionRotation rotation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rotation);
        return _database.RunAsync(unsure => RotateAsync(rotation, unsure, cancellationToken), cancellationToken);
    }

    private async Task<Session?> RotateAsync(SessionRotation rotation, bool unsure, CancellationToken cancellationToken)
    {
        SessionClockException? refusal = null;
        Session? rotated = null;
        try
        {
            rotated = await _database.StepAsync(
                TransactionKind.Durable,
                RotateCommand(rotation),
                rotation.Now,
                async rows => await rows.ReadAsync(CancellationToken.None).ConfigureAwait(false) ? SessionRow.ReadWithPayload(rows) : null,
                turn: null,
                unsure,
                cancellationToken).ConfigureAwait(false);
        }
        catch (SessionClockException fault) when (unsure)
        {
            refusal = fault;
        }

        if (rotated is null && unsure)
        {
            rotated = (await FindByTokenAsync(rotation.Next, cancellationToken).ConfigureAwait(false)).Session;
        }

        return rotated is null && refusal is not null ? throw refusal : rotated;
    }

    /// <inheritdoc/>
    public Task<bool> ReplacePayloadAsync(SessionPayloadChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _database.RunAsync(unsure => ReplacePayloadAsync(change, unsure, cancellationToken), cancellationToken);
    }

    private async Task<bool> ReplacePayloadAsync(SessionPayloadChange change, bool unsure, CancellationToken cancellationToken)
    {
        SessionClockException? refusal = null;
        try
        {
            if (await _database.StepAsync(
                TransactionKind.Durable,
                ReplacePayloadCommand(change),
                change.Now,
                rows => rows.ReadAsync(CancellationToken.None),
                turn: null,
                unsure,
                cancellationToken).ConfigureAwait(false))
            {
                return true;
            }
        }
        catch (SessionClockException fault) when (unsure)
        {
            refusal = fault;
        }

        // The first attempt, whose answer was lost, may have done it.
        var isReplaced = unsure
            && (await FindByTokenAsync(change.TokenHash, cancellationToken).ConfigureAwait(false)).Session is { End: null } session
            && session.Payload.Span.SequenceEqual(change.Payload.Span);
        return isReplaced || refusal is null ? isReplaced : throw refusal;
    }

    [SuppressMessage("Security", "CA2100", Justification = "The schema's name is a validated identifier.")]
    private NpgsqlBatchCommand ReplacePayloadCommand(SessionPayloadChange change) => new NpgsqlBatchCommand(
        $"""
        UPDATE {_sessions} s
        SET payload = @payload
        WHERE s.token_hash = @token_hash AND s.ended_at IS NULL AND s.active_until > @now AND coalesce(s.payload, '') = @read
            AND {ClockWindow.Agrees}
        RETURNING true
        """)
        .With(change.Payload, "payload")
        .With(change.TokenHash, "token_hash")
        .With(change.Now.At, "now")
        .With(change.Read, "read");

    [SuppressMessage("Security", "CA2100", Justification = "The schema's name is a validated identifier.")]
    private NpgsqlBatchCommand RotateCommand(SessionRotation rotation) => new NpgsqlBatchCommand(
        $"""
        UPDATE {_sessions} s
        SET token_hash = @next, payload = coalesce(@payload, s.payload)
        WHERE s.token_hash = @current AND s.ended_at IS NULL AND s.active_until > @now AND {ClockWindow.Agrees}
        RETURNING {SessionRow.ColumnsWithPayload}
        """)
        .With(rotation.Next, "next")
        .With(rotation.Payload, "payload")
        .With(rotation.Current, "current")
        .With(rotation.Now.At, "now");
}
