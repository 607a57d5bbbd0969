using Npgsql;

namespace Hanzo.Sessions.Postgres;

public sealed partial class PostgresSessionStore
{
    private const int RefiledAtOnce = 2_000;

    /// <inheritdoc/>
    public async Task<EndedSession?> ExpireAsync(SessionId id, StoreInstant now, CancellationToken cancellationToken = default)
    {
        var ended = await _database.RunStepAsync(
            TransactionKind.Durable, () => ExpireCommand(id, now.At), now, ReadEndedAsync, cancellationToken).ConfigureAwait(false);
        return ended.Count == 0 ? null : ended[0];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(
        StoreInstant now, int maximum, CancellationToken cancellationToken = default)
    {
        List<EndedSession> ended = [];
        var examine = maximum;
        while (true)
        {
            try
            {
                var (examined, found) = await ExamineDueAsync(now, examine, maximum - ended.Count, cancellationToken).ConfigureAwait(false);
                ended.AddRange(found);
                if (examined < examine || ended.Count == maximum)
                {
                    return ended;
                }

                // Sessions with later activity came first, and there may be many more.
                examine = Math.Max(maximum, RefiledAtOnce);
            }
            catch (Exception) when (ended.Count > 0)
            {
                // The caller must learn of each end, once; a lasting failure shows at the next call.
                return ended;
            }
        }
    }

    /// <inheritdoc/>
    public Task<int> PurgeAsync(
        DateTimeOffset endedBy, StoreInstant now, int maximum, CancellationToken cancellationToken = default)
    {
        return _database.RunStepAsync(
            TransactionKind.Write,
            () => PurgeCommand(endedBy, now.At, maximum),
            now,
            async rows =>
            {
                await rows.ReadAsync(CancellationToken.None).ConfigureAwait(false);
                return (int)rows.GetInt64(0);
            },
            cancellationToken);
    }

    /// <summary>
    /// Examines due sessions. It ends timed-out ones, up to a maximum; those with later activity become due again when they
    /// can time out. So activity itself moves no index entry, and a session is examined once per idle timeout.
    /// </summary>
    private Task<(int Examined, List<EndedSession> Ended)> ExamineDueAsync(
        StoreInstant now, int examine, int maximum, CancellationToken cancellationToken)
    {
        return _database.RunStepAsync(
            TransactionKind.Durable,
            () => ExamineDueCommand(now.At, examine, maximum),
            now,
            async rows =>
            {
                var examined = 0;
                List<EndedSession> ended = [];
                while (await rows.ReadAsync(CancellationToken.None).ConfigureAwait(false))
                {
                    examined = (int)rows.GetInt64(0);
                    if (!rows.IsDBNull(1))
                    {
                        ended.Add(SessionRow.ReadEnded(rows, 1));
                    }
                }

                return (examined, ended);
            },
            cancellationToken);
    }

    private NpgsqlBatchCommand ExpireCommand(SessionId id, DateTimeOffset now) => new NpgsqlBatchCommand(
        $"""
        UPDATE {_sessions} s
        SET {TimedOut}
        WHERE s.id = @id AND s.ended_at IS NULL AND s.active_until <= @now AND {ClockWindow.Agrees}
        RETURNING {SessionRow.EndedColumns}
        """)
        .With(id, "id")
        .With(now, "now");

    private NpgsqlBatchCommand PurgeCommand(DateTimeOffset endedBy, DateTimeOffset now, int maximum) => new NpgsqlBatchCommand(
        $"""
        WITH purged AS (
            DELETE FROM {_sessions} s
            WHERE s.id = ANY (ARRAY(
                SELECT s.id FROM {_sessions} s
                WHERE s.ended_at <= @ended_by AND (s.keep_history_until IS NULL OR s.keep_history_until <= @now)
                    AND {ClockWindow.Agrees}
                ORDER BY s.ended_at
                LIMIT @maximum
                FOR UPDATE SKIP LOCKED))
            RETURNING s.id
        ),
        unkept AS (
            DELETE FROM {_forgotten} f
            WHERE f.id = ANY (ARRAY(
                SELECT f.id FROM {_forgotten} f
                WHERE f.keep_until <= @now AND {ClockWindow.Agrees}
                ORDER BY f.keep_until
                LIMIT @maximum
                FOR UPDATE SKIP LOCKED))
        )
        SELECT count(*) FROM purged
        """)
        .With(endedBy, "ended_by")
        .With(now, "now")
        .With(maximum, "maximum");

    private NpgsqlBatchCommand ExamineDueCommand(DateTimeOffset now, int examine, int maximum) => new NpgsqlBatchCommand(
        $"""
        WITH due AS MATERIALIZED (
            SELECT s.id, s.due_at, s.active_until <= @now AS over FROM {_sessions} s
            WHERE s.due_at <= @now AND {ClockWindow.Agrees}
            ORDER BY s.due_at
            LIMIT @examine
            FOR UPDATE SKIP LOCKED
        ),
        refiled AS (
            UPDATE {_sessions} s
            SET due_at = s.active_until
            WHERE s.id = ANY (ARRAY(SELECT id FROM due WHERE NOT over))
        ),
        ended AS (
            UPDATE {_sessions} s
            SET {TimedOut}
            WHERE s.id = ANY (ARRAY(SELECT id FROM due WHERE over ORDER BY due_at LIMIT @maximum))
            RETURNING {SessionRow.EndedColumns}
        )
        SELECT (SELECT count(*) FROM due), ended.*
        FROM (VALUES (true)) AS once LEFT JOIN ended ON true
        """)
        .With(now, "now")
        .With(examine, "examine")
        .With(maximum, "maximum");

    private static string TimedOut { get; } =
        $"""
        ended_at = s.active_until, due_at = NULL, payload = NULL, end_reason = {TimeoutReason("s")}
        """;

    private static string TimeoutReason(string session) =>
        $"CASE WHEN {session}.active_until < {session}.expires_at THEN {(int)SessionEndReason.IdleTimeout} ELSE {(int)SessionEndReason.Expired} END";
}
