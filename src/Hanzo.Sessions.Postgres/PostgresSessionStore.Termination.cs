using Npgsql;

namespace Hanzo.Sessions.Postgres;

public sealed partial class PostgresSessionStore
{
    /// <inheritdoc/>
    public Task<SessionTermination> TerminateAsync(
        SessionFilter filter, SessionEnd end, SessionId? current = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(end);
        long? turn = UserOf(filter) is { } user ? TurnOf(user) : null;
        return _database.RunAsync(
            async unsure =>
            {
                var termination = await _database.TransactAsync(
                    IsBulk(filter) ? TransactionKind.DurableBulk : TransactionKind.Durable,
                    TerminateCommand(filter, end, current),
                    ReadTerminationAsync,
                    turn,
                    cancellationToken).ConfigureAwait(false);
                return unsure && !termination.CurrentSelected
                    ? await RecallTerminationAsync(filter, end, termination.Ended, cancellationToken).ConfigureAwait(false)
                    : termination;
            },
            cancellationToken);
    }

    /// <remarks>
    /// Rows are locked first, in the order of their ids: whoever ends or touches some of the same sessions waits, and
    /// nobody waits for the other. A row that somebody else has ended meanwhile is left out. Those whose time is up end by
    /// that: an activity that is under way must not prolong them any more. None is for ten minutes, so what has been over for
    /// longer is left to clean-up where it may be much. The answer has a row even when nothing was ended.
    /// </remarks>
    private NpgsqlBatchCommand TerminateCommand(SessionFilter filter, SessionEnd end, SessionId? current)
    {
        var late = IsBulk(filter) ? " AND s.active_until > @at - interval '10 minutes'" : "";
        var command = new NpgsqlBatchCommand()
            .With(end.At, "at")
            .With((long)end.Reason, "reason")
            .With(end.By?.ToString(), "by")
            .With(current, "current");
        command.CommandText =
            $"""
            WITH selected AS MATERIALIZED (
                SELECT s.id, s.active_until FROM {_sessions} s
                WHERE s.ended_at IS NULL{late}{command.Where(filter)}
                ORDER BY s.id
                FOR UPDATE
            ),
            protected AS MATERIALIZED (
                SELECT FROM selected WHERE id = @current AND active_until > @at
            ),
            ended AS (
                UPDATE {_sessions} s
                SET ended_at = least(s.active_until, @at), active_until = least(s.active_until, @at), due_at = NULL, payload = NULL,
                    end_reason = CASE WHEN s.active_until > @at THEN @reason ELSE {TimeoutReason("s")} END,
                    ended_by = CASE WHEN s.active_until > @at THEN @by END
                FROM selected
                WHERE s.id = selected.id AND NOT EXISTS (SELECT FROM protected)
                RETURNING {SessionRow.EndedColumns}
            )
            SELECT EXISTS (SELECT FROM protected), ended.*
            FROM (VALUES (true)) AS once LEFT JOIN ended ON true
            """;
        return command;
    }

    private static bool IsBulk(SessionFilter filter) => filter.Id is null && UserOf(filter) is null;

    private static async Task<SessionTermination> ReadTerminationAsync(NpgsqlDataReader rows)
    {
        List<EndedSession> ended = [];
        var currentSelected = false;
        while (await rows.ReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            currentSelected = rows.GetBoolean(0);
            if (!rows.IsDBNull(1))
            {
                ended.Add(SessionRow.ReadEnded(rows, 1));
            }
        }

        return new SessionTermination(ended, currentSelected);
    }

    /// <summary>
    /// What a termination has ended whose answer was lost, and what its second attempt has: all that bears this very end.
    /// Of the timeouts only those of the second: nobody can tell who wrote the others down.
    /// </summary>
    private async Task<SessionTermination> RecallTerminationAsync(
        SessionFilter filter, SessionEnd end, IReadOnlyList<EndedSession> second, CancellationToken cancellationToken)
    {
        var command = new NpgsqlBatchCommand()
            .With(end.At, "at")
            .With((long)end.Reason, "reason")
            .With(end.By?.ToString(), "by");
        command.CommandText =
            $"""
            SELECT {SessionRow.EndedColumns} FROM {_sessions} s
            WHERE s.ended_at = @at AND s.end_reason = @reason AND s.ended_by IS NOT DISTINCT FROM @by{command.Where(filter)}
            """;
        var ended = await _database.TransactAsync(
            IsBulk(filter) ? TransactionKind.DurableBulk : TransactionKind.Read, command, ReadEndedAsync, turn: null, cancellationToken)
            .ConfigureAwait(false);
        return new SessionTermination([.. ended, .. second.Where(it => it.End.Reason != end.Reason)]);
    }

    private static async Task<List<EndedSession>> ReadEndedAsync(NpgsqlDataReader rows)
    {
        List<EndedSession> ended = [];
        while (await rows.ReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            ended.Add(SessionRow.ReadEnded(rows));
        }

        return ended;
    }
}
