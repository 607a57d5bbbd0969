using Npgsql;

namespace Hanzo.Sessions.Postgres;

public sealed partial class PostgresSessionStore
{
    /// <inheritdoc/>
    public ValueTask<Session?> FindByTokenAsync(
        SessionTokenHash tokenHash, CancellationToken cancellationToken = default) =>
        _byToken.FindAsync(tokenHash.ToArray(), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Session?> FindAsync(SessionId id, CancellationToken cancellationToken = default) =>
        _byId.FindAsync(id.Value, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>
    /// Concurrent activities share a statement that skips locked rows, so no request waits for another session. If the
    /// statement leaves an activity out, a second one decides about it alone.
    /// </remarks>
    public async ValueTask<SessionTouchResult> TouchAsync(SessionTouch touch, CancellationToken cancellationToken = default) =>
        new(await _touches.RunAsync(touch, cancellationToken).ConfigureAwait(false)
            || (await WriteAllAsync([touch], LockedRows.Wait, cancellationToken).ConfigureAwait(false))[0]);

    /// <summary>Writes one activity, the usual case; returns whether it did.</summary>
    private async ValueTask<bool> WriteOneAsync(SessionTouch touch, CancellationToken cancellationToken) =>
        await _database.RunAsync(
            TransactionKind.Activity,
            () => new NpgsqlBatchCommand(_writeOne)
                .With(touch.Id)
                .With(touch.At)
                .With(touch.ActiveUntil)
                .With(touch.IfLastActiveBy),
            rows => rows.ReadAsync(),
            cancellationToken).ConfigureAwait(false);

    private Task<IReadOnlyList<bool>> WriteAllAsync(IReadOnlyList<SessionTouch> touches) =>
        WriteAllAsync(touches, LockedRows.LeaveOut, CancellationToken.None);

    /// <summary>Writes the activities that are due; returns for each whether its session was active.</summary>
    /// <remarks>
    /// Rows are locked in the order of their ids, so two lists of activities cannot deadlock. After waiting, a statement
    /// reads the row again: of several concurrent requests, one writes. The columns are in no index.
    /// </remarks>
    private async Task<IReadOnlyList<bool>> WriteAllAsync(
        IReadOnlyList<SessionTouch> touches, LockedRows locked, CancellationToken cancellationToken)
    {
        var active = await _database.RunAsync(
            TransactionKind.Activity,
            () => WriteAllCommand(touches, locked),
            async rows =>
            {
                var ids = new HashSet<Guid>(touches.Count);
                while (await rows.ReadAsync(CancellationToken.None).ConfigureAwait(false))
                {
                    ids.Add(rows.GetGuid(0));
                }

                return ids;
            },
            cancellationToken).ConfigureAwait(false);
        return [.. touches.Select(touch => active.Contains(touch.Id.Value))];
    }

    private NpgsqlBatchCommand WriteAllCommand(IReadOnlyList<SessionTouch> touches, LockedRows locked)
    {
        // One activity is not unnested: PostgreSQL would plan that again at every call.
        var given = touches.Count == 1 ? "(SELECT ($1)[1], ($2)[1], ($3)[1], ($4)[1])" : "unnest($1, $2, $3, $4)";
        return new NpgsqlBatchCommand(
            $"""
            WITH touch AS MATERIALIZED (
                SELECT s.id, touch.at, touch.until, s.last_active_at <= touch.if_last_active_by AND s.last_active_at < touch.at AS due
                FROM {given} AS touch (id, at, until, if_last_active_by)
                JOIN {_sessions} s ON s.id = touch.id AND s.ended_at IS NULL AND s.active_until > touch.at
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
            .With(touches.Select(touch => ParameterExtensions.Instant(touch.IfLastActiveBy)).ToArray());
    }

    private static string WriteOneText(string sessions) =>
        $"""
        UPDATE {sessions} s
        SET last_active_at = $2, active_until = greatest(s.active_until, $3)
        WHERE s.id = (
            SELECT due.id FROM {sessions} due
            WHERE due.id = $1 AND due.ended_at IS NULL AND due.active_until > $2 AND due.last_active_at <= $4 AND due.last_active_at < $2
            FOR UPDATE SKIP LOCKED)
        RETURNING true
        """;

    /// <summary>What to do about rows that another transaction has locked.</summary>
    private enum LockedRows
    {
        Wait,
        LeaveOut,
    }
}
