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
                    TransactionKind.Durable,
                    TerminateCommand(filter, end, current),
                    ReadTerminationAsync,
                    turn,
                    cancellationToken).ConfigureAwait(false);
                return unsure && !termination.CurrentSelected
                    ? new SessionTermination(await RecallTerminationAsync(filter, end, cancellationToken).ConfigureAwait(false))
                    : termination;
            },
            cancellationToken);
    }

    /// <remarks>
    /// Rows are locked first, in the order of their ids: whoever ends or touches some of the same sessions waits, and
    /// nobody waits for the other. A row that somebody else has ended meanwhile is left out. The answer has a row even
    /// when nothing was ended.
    /// </remarks>
    private NpgsqlBatchCommand TerminateCommand(SessionFilter filter, SessionEnd end, SessionId? current)
    {
        var command = new NpgsqlBatchCommand()
            .With(end.At, "at")
            .With((long)end.Reason, "reason")
            .With(end.By?.ToString(), "by")
            .With(current, "current");
        command.CommandText =
            $"""
            WITH selected AS MATERIALIZED (
                SELECT s.id FROM {_sessions} s
                WHERE s.ended_at IS NULL AND s.active_until > @at{command.Where(filter)}
                ORDER BY s.id
                FOR UPDATE
            ),
            ended AS (
                UPDATE {_sessions} s
                SET ended_at = @at, active_until = @at, due_at = NULL, end_reason = @reason, ended_by = @by, payload = NULL
                FROM selected
                WHERE s.id = selected.id AND NOT EXISTS (SELECT FROM selected WHERE id = @current)
                RETURNING {SessionRow.EndedColumns}
            )
            SELECT EXISTS (SELECT FROM selected WHERE id = @current), ended.*
            FROM (VALUES (true)) AS once LEFT JOIN ended ON true
            """;
        return command;
    }

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

    /// <summary>What a termination has ended whose answer was lost, and what its second attempt has: all that bears this very end.</summary>
    private Task<List<EndedSession>> RecallTerminationAsync(SessionFilter filter, SessionEnd end, CancellationToken cancellationToken)
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
        return _database.TransactAsync(
            TransactionKind.Read, command, ReadEndedAsync, turn: null, cancellationToken);
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
