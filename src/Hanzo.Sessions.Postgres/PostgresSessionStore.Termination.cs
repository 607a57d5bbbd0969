using Npgsql;

namespace Hanzo.Sessions.Postgres;

public sealed partial class PostgresSessionStore
{
    /// <summary>Longer than a creation whose answer was lost is tried again.</summary>
    private static readonly TimeSpan LongestRepeat = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public Task<SessionTerminationResult> TerminateAsync(
        SessionTermination termination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(termination);
        var kind = IsBulk(termination.Filter) ? TransactionKind.DurableBulk : TransactionKind.Durable;
        long? turn = termination.Filter.SingleUser is { } user ? TurnOf(user) : null;
        return _database.RunAsync(
            async unsure =>
            {
                SessionTerminationResult result;
                try
                {
                    result = await _database.StepAsync(
                        kind, TerminateCommand(termination), termination.Now, ReadTerminationAsync, turn, unsure, cancellationToken)
                        .ConfigureAwait(false);
                }
                catch (SessionClockException refusal) when (unsure)
                {
                    // The refused attempt has waited for the rows of the earlier one: what that ended can be read.
                    result = await RecallTerminationAsync(termination, [], cancellationToken).ConfigureAwait(false);
                    return result.Ended.Count > 0
                        ? Answered(result)
                        : throw new SessionClockException(refusal.ServerTime, refusal.StoreTime);
                }

                return Answered(unsure && !result.CurrentSelected
                    ? await RecallTerminationAsync(termination, result.Ended, cancellationToken).ConfigureAwait(false)
                    : result);
            },
            cancellationToken);

        SessionTerminationResult Answered(SessionTerminationResult result)
        {
            // A bulk end is not remembered: there may be a hundred thousand.
            if (kind != TransactionKind.DurableBulk)
            {
                _answered.Add(result.Ended);
            }

            return result;
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Of sessions that it ends within ten minutes of their creation, the store keeps the id for ten minutes too: a creation whose
    /// answer was lost is then not repeated. If the answer to this call is lost, it does not report what it ended: nothing is left that
    /// would say so.
    /// </remarks>
    public Task<IReadOnlyList<EndedSession>> ForgetAsync(SessionForgetting forgetting, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(forgetting);
        return _database.RunAsync<IReadOnlyList<EndedSession>>(
            async unsure => await _database.StepAsync(
                TransactionKind.DurableBulk,
                ForgetCommand(forgetting),
                forgetting.Now,
                ReadEndedAsync,
                TurnOf(forgetting.User),
                unsure,
                cancellationToken).ConfigureAwait(false),
            cancellationToken);
    }

    /// <remarks>
    /// Rows are selected by id, so that one that another call ends while this one waits for it is deleted all the same. An index has
    /// either ended sessions or the others, so they are read in two parts.
    /// </remarks>
    private NpgsqlBatchCommand ForgetCommand(SessionForgetting forgetting) => new NpgsqlBatchCommand(
        $"""
        WITH gone AS MATERIALIZED (
            SELECT {SessionRow.EndedColumns}, s.active_until, s.expires_at, s.keep_history_until, s.created_at FROM {_sessions} s
            WHERE {ClockWindow.Agrees} AND s.id = ANY (ARRAY(
                SELECT own.id FROM {_sessions} own
                WHERE own.organization = @organization AND own.user_name = @user AND own.ended_at IS NULL
                UNION ALL
                SELECT own.id FROM {_sessions} own
                WHERE own.organization = @organization AND own.user_name = @user AND own.ended_at IS NOT NULL))
            ORDER BY s.id
            FOR UPDATE
        ),
        kept AS (
            INSERT INTO {_forgotten} (id, keep_until)
            SELECT id, keep_until
            FROM (
                SELECT id, greatest(
                    keep_history_until,
                    CASE WHEN ended_at IS NULL AND created_at > @long_ago THEN @soon END) AS keep_until
                FROM gone) AS due
            WHERE keep_until > @at
        ),
        deleted AS (
            DELETE FROM {_sessions} s USING gone WHERE s.id = gone.id
        )
        SELECT id, organization, user_name, application,
            least(active_until, @at),
            CASE WHEN active_until > @at THEN @reason ELSE {TimeoutReason("gone")} END::smallint,
            CASE WHEN active_until > @at THEN @by END,
            token_hash
        FROM gone
        WHERE ended_at IS NULL
        """)
        .With(forgetting.User.Organization, "organization")
        .With(forgetting.User.Name, "user")
        .With(forgetting.End.At, "at")
        .With((long)forgetting.End.Reason, "reason")
        .With(forgetting.End.By?.ToString(), "by")
        .With(forgetting.End.At - LongestRepeat, "long_ago")
        .With(forgetting.End.At + LongestRepeat, "soon");

    /// <remarks>
    /// Rows are locked first, in the order of their ids: two calls that end or touch some of the same sessions cannot deadlock.
    /// A row that another call has ended by then is left out. The result has a row even if nothing ended. If the clocks differ, the
    /// rows are locked all the same, and none ends.
    /// </remarks>
    private NpgsqlBatchCommand TerminateCommand(SessionTermination termination)
    {
        var end = termination.End;
        var command = new NpgsqlBatchCommand()
            .With(end.At, "at")
            .With((long)end.Reason, "reason")
            .With(end.By?.ToString(), "by")
            .With(termination.Current, "current");
        var conditions = "";
        if (termination.TimedOutSince is { } since)
        {
            conditions += " AND s.active_until > @timed_out_since";
            command.With(since, "timed_out_since");
        }

        if (termination.IfToken is { } token)
        {
            conditions += " AND s.token_hash = @if_token";
            command.With(token, "if_token");
        }

        if (termination.IfPayload is { } payload)
        {
            conditions += " AND coalesce(s.payload, '') = @if_payload";
            command.With(payload, "if_payload");
        }

        command.CommandText =
            $"""
            WITH selected AS MATERIALIZED (
                SELECT s.id, s.active_until FROM {_sessions} s
                WHERE s.ended_at IS NULL{conditions}{command.Where(termination.Filter)}
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
                WHERE s.id = selected.id AND NOT EXISTS (SELECT FROM protected) AND {ClockWindow.Agrees}
                RETURNING {SessionRow.EndedColumns}
            )
            SELECT EXISTS (SELECT FROM protected), ended.*
            FROM (VALUES (true)) AS once LEFT JOIN ended ON true
            """;
        return command;
    }

    private static bool IsBulk(SessionFilter filter) => filter.Id is null && filter.SingleUser is null;

    private static async Task<SessionTerminationResult> ReadTerminationAsync(NpgsqlDataReader rows)
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

        return new SessionTerminationResult(ended, currentSelected);
    }

    /// <summary>
    /// Reads what a termination whose answer was lost has ended, together with its second attempt: all sessions with this
    /// very end. Of the timeouts, only those of the second attempt: no column says which call wrote the others.
    /// </summary>
    private async Task<SessionTerminationResult> RecallTerminationAsync(
        SessionTermination termination, IReadOnlyList<EndedSession> second, CancellationToken cancellationToken)
    {
        var (filter, end) = (termination.Filter, termination.End);
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
        return new SessionTerminationResult([.. _answered.Without(ended), .. second.Where(it => it.End.Reason != end.Reason)]);
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
