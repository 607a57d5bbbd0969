using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Hanzo.Sessions;

public sealed partial class PostgresSessionStore
{
    private const int RefiledAtOnce = 2_000;

    /// <inheritdoc/>
    public async Task<EndedSession?> ExpireAsync(SessionId id, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        var command = ExpireCommand("SELECT @id").With(id, "id").With(now, "now");
        var ended = await _database.RunAsync(
            TransactionKind.Durable, command, rows => ReadEndedAsync(rows, cancellationToken), cancellationToken).ConfigureAwait(false);
        return ended.Count == 0 ? null : ended[0];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(
        DateTimeOffset now, int maximum, CancellationToken cancellationToken = default)
    {
        while (await RefileAsync(now, cancellationToken).ConfigureAwait(false) == RefiledAtOnce)
        {
        }

        var command = ExpireCommand(
            $"""
            SELECT s.id FROM {_sessions} s
            WHERE s.ended_at IS NULL AND s.due_at <= @now AND s.active_until <= @now
            ORDER BY s.due_at
            LIMIT @maximum
            FOR UPDATE SKIP LOCKED
            """)
            .With(maximum, "maximum")
            .With(now, "now");
        return await _database.RunAsync(
            TransactionKind.Durable, command, rows => ReadEndedAsync(rows, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<int> PurgeAsync(
        DateTimeOffset endedBy, DateTimeOffset now, int maximum, CancellationToken cancellationToken = default)
    {
        var command = new NpgsqlBatchCommand(
            $"""
            WITH purged AS (
                DELETE FROM {_sessions} s
                WHERE s.id = ANY (ARRAY(
                    SELECT s.id FROM {_sessions} s
                    WHERE s.ended_at <= @ended_by AND (s.keep_history_until IS NULL OR s.keep_history_until <= @now)
                    ORDER BY s.ended_at
                    LIMIT @maximum
                    FOR UPDATE SKIP LOCKED))
                RETURNING s.id
            )
            SELECT count(*) FROM purged
            """)
            .With(endedBy, "ended_by")
            .With(now, "now")
            .With(maximum, "maximum");
        return _database.RunAsync(TransactionKind.Write, command, rows => ReadCountAsync(rows, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Files the sessions that were due to be looked at and have shown activity since under the instant at which they
    /// can be over now. So that activity itself needs to move no index entry, this is done once per idle timeout.
    /// </summary>
    private Task<int> RefileAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var command = new NpgsqlBatchCommand(
            $"""
            WITH refiled AS (
                UPDATE {_sessions} s
                SET due_at = s.active_until
                WHERE s.ended_at IS NULL AND s.id = ANY (ARRAY(
                    SELECT s.id FROM {_sessions} s
                    WHERE s.ended_at IS NULL AND s.due_at <= @now AND s.active_until > @now
                    LIMIT {RefiledAtOnce}
                    FOR UPDATE SKIP LOCKED))
                RETURNING s.id
            )
            SELECT count(*) FROM refiled
            """)
            .With(now, "now");
        return _database.RunAsync(TransactionKind.Write, command, rows => ReadCountAsync(rows, cancellationToken), cancellationToken);
    }

    [SuppressMessage("Security", "CA2100", Justification = "The text is written in this package.")]
    private NpgsqlBatchCommand ExpireCommand(string ids) => new(
        $"""
        UPDATE {_sessions} s
        SET ended_at = s.active_until,
            end_reason = CASE WHEN s.active_until < s.expires_at THEN {(int)SessionEndReason.IdleTimeout} ELSE {(int)SessionEndReason.Expired} END,
            payload = NULL
        WHERE s.ended_at IS NULL AND s.active_until <= @now AND s.id = ANY (ARRAY(
            {ids}))
        RETURNING {SessionRow.EndedColumns}
        """);

    private static async Task<int> ReadCountAsync(NpgsqlDataReader rows, CancellationToken cancellationToken)
    {
        await rows.ReadAsync(cancellationToken).ConfigureAwait(false);
        return (int)rows.GetInt64(0);
    }
}
