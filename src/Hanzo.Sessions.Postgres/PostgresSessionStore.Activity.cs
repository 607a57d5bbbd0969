using Npgsql;

namespace Hanzo.Sessions.Postgres;

public sealed partial class PostgresSessionStore
{
    /// <inheritdoc/>
    public ValueTask<FoundSession> FindByTokenAsync(
        SessionTokenHash tokenHash, CancellationToken cancellationToken = default) =>
        _byToken.FindAsync(tokenHash.ToArray(), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<FoundSession> FindAsync(SessionId id, CancellationToken cancellationToken = default) =>
        _byId.FindAsync(id.Value, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>
    /// Concurrent activities share a statement that skips locked rows, so no request waits for another session. If the
    /// statement leaves an activity out, a second one decides about it alone.
    /// </remarks>
    public async ValueTask<SessionTouchResult> TouchAsync(SessionTouch touch, CancellationToken cancellationToken = default)
    {
        var answer = await _touches.RunAsync(touch, cancellationToken).ConfigureAwait(false);
        if (answer.Outcome == TouchOutcome.LeftOut)
        {
            answer = (await WriteAllAsync([touch], LockedRows.Wait, cancellationToken).ConfigureAwait(false))[0];
        }

        return answer.Outcome == TouchOutcome.Refused
            ? throw new SessionClockException(touch.At, answer.StoreTime, answer.IsUnsure)
            : new SessionTouchResult(answer.Outcome == TouchOutcome.Active);
    }

    /// <inheritdoc/>
    /// <remarks>A use that is no move is as durable as activity. A move is as durable as an end: it may be the only trace of a stolen token.</remarks>
    public Task<SessionMoveResult> MoveAsync(SessionMove move, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(move);
        return _database.RunAsync(unsure => MoveAsync(move, unsure, cancellationToken), cancellationToken);
    }

    private async Task<SessionMoveResult> MoveAsync(SessionMove move, bool unsure, CancellationToken cancellationToken)
    {
        SessionMoveResult result;
        try
        {
            result = await _database.StepAsync(
                IsMove(move) || move.Ends ? TransactionKind.Durable : TransactionKind.Activity,
                MoveCommand(move),
                move.Now,
                ReadMoveAsync,
                TurnOf(move.User),
                unsure,
                cancellationToken).ConfigureAwait(false);
        }
        catch (SessionClockException refusal) when (unsure)
        {
            // This attempt has taken the user's turn, so the earlier one has ended: what it wrote can be found.
            result = await RecallMoveAsync(move, cancellationToken).ConfigureAwait(false);
            return result.IsWritten ? Answered(result) : throw new SessionClockException(refusal.ServerTime, refusal.StoreTime);
        }

        // Writing a use that is no move again changes nothing, so its counts say nothing either.
        return Answered(unsure && (!result.IsWritten || !IsMove(move))
            ? await RecallMoveAsync(move, cancellationToken).ConfigureAwait(false)
            : result);

        SessionMoveResult Answered(SessionMoveResult answer)
        {
            if (answer.Ended is { } ended)
            {
                _answered.Add([ended]);
            }

            return answer;
        }
    }

    private static bool IsMove(SessionMove move) => move.Use.MovedAt != move.IfMovedAt;

    /// <remarks>
    /// The snapshot is taken under the user's lock, so no other creation or move changes the networks while this one counts. The
    /// session itself counts in any case: if the move is written, it was active. It is found by its id: an equals sign between the
    /// user's columns would lead the planner to the index of users, and through all sessions of one who has thousands.
    /// </remarks>
    private NpgsqlBatchCommand MoveCommand(SessionMove move)
    {
        var command = new NpgsqlBatchCommand()
            .With(move.Id, "id")
            .With(move.User.Organization, "organization")
            .With(move.User.Name, "user")
            .With(move.At, "at")
            .With(move.ActiveUntil, "active_until")
            .With(move.IfMovedAt, "if_moved_at")
            .With(move.Use.IpAddress, "ip_address")
            .With(move.Use.IpNetwork, "ip_network")
            .With(move.Use.UserAgent, "user_agent")
            .With(move.Use.OtherFamilyIpAddress, "other_ip_address")
            .With(move.Use.MovedAt, "moved_at");
        command.CommandText =
            $"""
            WITH own AS MATERIALIZED (
                SELECT s.id, s.ip_network, s.last_ip_network FROM {_sessions} s
                WHERE s.organization = @organization AND s.user_name = @user AND s.ended_at IS NULL
                    AND (s.active_until > @at OR s.id = @id)
            ),
            moved AS (
                UPDATE {_sessions} s
                SET last_ip_address = @ip_address, last_ip_network = @ip_network, last_user_agent = @user_agent,
                    other_ip_address = @other_ip_address, moved_at = @moved_at,
                    last_active_at = CASE WHEN @active_until IS NULL THEN s.last_active_at ELSE greatest(s.last_active_at, @at) END,
                    {(move.Ends
                        ? $"ended_at = @at, active_until = @at, due_at = NULL, payload = NULL, end_reason = {(int)SessionEndReason.Moved}"
                        : "active_until = greatest(s.active_until, @active_until)")}
                WHERE s.id = @id AND s.organization IS NOT DISTINCT FROM @organization AND s.user_name IS NOT DISTINCT FROM @user
                    AND s.ended_at IS NULL AND s.active_until > @at AND s.moved_at IS NOT DISTINCT FROM @if_moved_at
                    AND {ClockWindow.Agrees}
                RETURNING {SessionRow.EndedColumns}
            )
            SELECT
                (SELECT count(DISTINCT network) FROM own s CROSS JOIN LATERAL {ListSql.Networks}),
                (SELECT count(DISTINCT network) FROM (
                    SELECT network FROM own s CROSS JOIN LATERAL {ListSql.Networks} WHERE s.id <> @id
                    {(move.Ends ? "" : "UNION ALL SELECT s.ip_network FROM own s WHERE s.id = @id UNION ALL SELECT @ip_network")}) AS after),
                moved.*
            FROM moved
            """;
        return command;
    }

    private static async Task<SessionMoveResult> ReadMoveAsync(NpgsqlDataReader rows) =>
        await rows.ReadAsync(CancellationToken.None).ConfigureAwait(false)
            ? new SessionMoveResult(
                IsWritten: true, rows.IsDBNull(6) ? null : SessionRow.ReadEnded(rows, 2), (int)rows.GetInt64(0), (int)rows.GetInt64(1))
            : new SessionMoveResult(IsWritten: false);

    /// <summary>
    /// Reads what a move did whose answer was lost: whether its use is stored, and the networks as they are now. Before it, the
    /// session counts with the network of its sign-in only: no column says which one the use has replaced.
    /// </summary>
    private Task<SessionMoveResult> RecallMoveAsync(SessionMove move, CancellationToken cancellationToken)
    {
        var command = new NpgsqlBatchCommand(
            $"""
            SELECT
                (SELECT count(DISTINCT network) FROM {_sessions} s CROSS JOIN LATERAL {ListSql.Networks}
                WHERE s.organization = @organization AND s.user_name = @user AND s.ended_at IS NULL AND s.active_until > @at
                    AND (is_sign_in OR s.id <> @id)),
                (SELECT count(DISTINCT network) FROM {_sessions} s CROSS JOIN LATERAL {ListSql.Networks}
                WHERE s.organization = @organization AND s.user_name = @user AND s.ended_at IS NULL AND s.active_until > @at),
                s.token_hash, {SessionRow.Columns}
            FROM {_sessions} s
            WHERE s.id = @id
            """)
            .With(move.User.Organization, "organization")
            .With(move.User.Name, "user")
            .With(move.At, "at")
            .With(move.Id, "id");
        return _database.TransactAsync(
            TransactionKind.ReadOfUser,
            command,
            async rows =>
            {
                var notWritten = new SessionMoveResult(IsWritten: false);
                if (!await rows.ReadAsync(CancellationToken.None).ConfigureAwait(false)
                    || SessionRow.Read(rows, 3) is not { LastUse: { } use } session
                    || use != move.Use)
                {
                    return notWritten;
                }

                var (before, after) = ((int)rows.GetInt64(0), (int)rows.GetInt64(1));
                if (!move.Ends)
                {
                    return new SessionMoveResult(IsWritten: true, null, before, after);
                }

                var end = new SessionEnd(move.At, SessionEndReason.Moved, By: null);
                var ended = new EndedSession(
                    session.Id, session.User, session.Application, end, new SessionTokenHash(rows.GetFieldValue<byte[]>(2)));
                return session.End == end && _answered.Without([ended]) is [_]
                    ? new SessionMoveResult(IsWritten: true, ended, before, after)
                    : notWritten;
            },
            turn: null,
            cancellationToken);
    }

    /// <summary>Writes one activity, the usual case.</summary>
    private async ValueTask<TouchAnswer> WriteOneAsync(SessionTouch touch, CancellationToken cancellationToken) =>
        await _database.RunAsync(
            async unsure =>
            {
                var (window, storeNow) = (new ClockWindow(touch.Now), _database.StoreNow);
                var command = new NpgsqlBatchCommand(_writeOne)
                    .With(touch.Id)
                    .With(touch.At)
                    .With(touch.ActiveUntil)
                    .With(touch.IfLastActiveBy)
                    .With(storeNow)
                    .With(window.From)
                    .With(window.To);
                var (written, storeTime) = await _database.SendAsync(
                    TransactionKind.Activity, command, storeNow, rows => rows.ReadAsync(), turn: null, cancellationToken).ConfigureAwait(false);
                return Answer(touch, written, storeTime, unsure);
            },
            cancellationToken).ConfigureAwait(false);

    private Task<IReadOnlyList<TouchAnswer>> WriteAllAsync(IReadOnlyList<SessionTouch> touches) =>
        WriteAllAsync(touches, LockedRows.LeaveOut, CancellationToken.None);

    /// <summary>Writes the activities that are due; returns for each whether its session was active.</summary>
    /// <remarks>
    /// Rows are locked in the order of their ids, so two lists of activities cannot deadlock. After waiting, a statement
    /// reads the row again: of several concurrent requests, one writes. The columns are in no index.
    /// </remarks>
    private Task<IReadOnlyList<TouchAnswer>> WriteAllAsync(
        IReadOnlyList<SessionTouch> touches, LockedRows locked, CancellationToken cancellationToken) =>
        _database.RunAsync<IReadOnlyList<TouchAnswer>>(
            async unsure =>
            {
                var storeNow = _database.StoreNow;
                var (active, storeTime) = await _database.SendAsync(
                    TransactionKind.Activity,
                    WriteAllCommand(touches, locked, storeNow),
                    storeNow,
                    async rows =>
                    {
                        var ids = new HashSet<Guid>(touches.Count);
                        while (await rows.ReadAsync(CancellationToken.None).ConfigureAwait(false))
                        {
                            ids.Add(rows.GetGuid(0));
                        }

                        return ids;
                    },
                    turn: null,
                    cancellationToken).ConfigureAwait(false);
                return [.. touches.Select(touch => Answer(touch, active.Contains(touch.Id.Value), storeTime, unsure))];
            },
            cancellationToken);

    private static TouchAnswer Answer(SessionTouch touch, bool isActive, DateTimeOffset storeTime, bool isUnsure) => new(
        !new ClockWindow(touch.Now).Contains(storeTime) ? TouchOutcome.Refused : isActive ? TouchOutcome.Active : TouchOutcome.LeftOut,
        storeTime,
        isUnsure);

    private NpgsqlBatchCommand WriteAllCommand(IReadOnlyList<SessionTouch> touches, LockedRows locked, DateTimeOffset? storeNow)
    {
        // One activity is not unnested: PostgreSQL would plan that again at every call.
        var given = touches.Count == 1 ? "(SELECT ($1)[1], ($2)[1], ($3)[1], ($4)[1], ($5)[1], ($6)[1])" : "unnest($1, $2, $3, $4, $5, $6)";
        var storeTime = Database.Numbered(ClockWindow.StoreTime, ["1", "2", "3", "4", "5", "6", "store_now"]);
        return new NpgsqlBatchCommand(
            $"""
            WITH touch AS MATERIALIZED (
                SELECT s.id, touch.at, touch.until, s.last_active_at <= touch.if_last_active_by AND s.last_active_at < touch.at AS due
                FROM {given} AS touch (id, at, until, if_last_active_by, clock_from, clock_to)
                JOIN {_sessions} s ON s.id = touch.id AND s.ended_at IS NULL AND s.active_until > touch.at
                WHERE {storeTime} BETWEEN touch.clock_from AND touch.clock_to
                ORDER BY s.id
                FOR UPDATE OF s{(locked == LockedRows.LeaveOut ? " SKIP LOCKED" : "")}
            ),
            written AS (
                UPDATE {_sessions} s
                SET last_active_at = touch.at, active_until = greatest(s.active_until, touch.until)
                FROM touch
                WHERE s.id = touch.id AND touch.due
            )
            SELECT id FROM touch
            """)
            .With(touches.Select(touch => touch.Id.Value).ToArray())
            .With(touches.Select(touch => ParameterExtensions.Instant(touch.At)).ToArray())
            .With(touches.Select(touch => ParameterExtensions.Instant(touch.ActiveUntil)).ToArray())
            .With(touches.Select(touch => ParameterExtensions.Instant(touch.IfLastActiveBy)).ToArray())
            .With(touches.Select(touch => new ClockWindow(touch.Now).From).ToArray())
            .With(touches.Select(touch => new ClockWindow(touch.Now).To).ToArray())
            .With(storeNow);
    }

    private static string WriteOneText(string sessions) => Database.Numbered(
        $"""
        UPDATE {sessions} s
        SET last_active_at = $2, active_until = greatest(s.active_until, $3)
        WHERE s.id = (
            SELECT due.id FROM {sessions} due
            WHERE due.id = $1 AND due.ended_at IS NULL AND due.active_until > $2 AND due.last_active_at <= $4 AND due.last_active_at < $2
                AND {ClockWindow.Agrees}
            FOR UPDATE SKIP LOCKED)
        RETURNING true
        """,
        ["1", "2", "3", "4", .. ClockWindow.ParameterNames]);

    /// <summary>What to do about rows that another transaction has locked.</summary>
    private enum LockedRows
    {
        Wait,
        LeaveOut,
    }

    private enum TouchOutcome
    {
        /// <summary>The session was not active, or the statement has left a locked row out.</summary>
        LeftOut,

        /// <summary>The session was active.</summary>
        Active,

        /// <summary>The clocks differ by more than the tolerance.</summary>
        Refused,
    }

    /// <summary>The answer to an activity.</summary>
    /// <param name="Outcome">What the statement did.</param>
    /// <param name="StoreTime">What the clock of the database showed.</param>
    /// <param name="IsUnsure">Whether an earlier attempt, whose answer was lost, may have written it.</param>
    private readonly record struct TouchAnswer(TouchOutcome Outcome, DateTimeOffset StoreTime, bool IsUnsure);
}
