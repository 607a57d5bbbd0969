using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Hanzo.Sessions.Postgres;

public sealed partial class PostgresSessionStore
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<bool>> TouchAsync(
        IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(touches);
        return touches.Count switch
        {
            0 => [],
            1 => [await TouchOneAsync(touches[0], cancellationToken).ConfigureAwait(false)],
            _ => await TouchAllAsync(touches, LockedRows.Wait, cancellationToken).ConfigureAwait(false),
        };
    }

    /// <summary>
    /// Writes one activity down: with those that come at the same time, in a statement that waits for no row, so that
    /// nobody waits here for what happens to somebody else's session. What that left out is decided alone.
    /// </summary>
    private async Task<bool> TouchOneAsync(SessionTouch touch, CancellationToken cancellationToken) =>
        await _touches.RunAsync(touch, cancellationToken).ConfigureAwait(false)
        || (await TouchAllAsync([touch], LockedRows.Wait, cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Writes one activity down, the usual case, and answers whether it did.</summary>
    private async ValueTask<bool> WriteOneAsync(SessionTouch touch, CancellationToken cancellationToken) =>
        await _database.RunAsync(
            TransactionKind.Activity,
            () => new NpgsqlBatchCommand(_touchOne)
                .With(touch.Id)
                .With(touch.At)
                .With(touch.ActiveUntil)
                .With(touch.IfLastActiveBy),
            rows => rows.ReadAsync(),
            cancellationToken).ConfigureAwait(false);

    private Task<IReadOnlyList<bool>> WriteAllAsync(IReadOnlyList<SessionTouch> touches) =>
        TouchAllAsync(touches, LockedRows.LeaveOut, CancellationToken.None);

    /// <summary>Writes activities down where they are due, and answers for each whether its session was active.</summary>
    /// <remarks>
    /// Rows are locked in the order of their ids, so that two lists of activities cannot block each other. Whoever
    /// had to wait looks at the row again: of several requests at once one writes. The columns are in no index.
    /// </remarks>
    private async Task<IReadOnlyList<bool>> TouchAllAsync(
        IReadOnlyList<SessionTouch> touches, LockedRows locked, CancellationToken cancellationToken)
    {
        var active = await _database.RunAsync(
            TransactionKind.Activity,
            () => TouchAllCommand(touches, locked),
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

    private NpgsqlBatchCommand TouchAllCommand(IReadOnlyList<SessionTouch> touches, LockedRows locked)
    {
        // One is not unnested: it would be planned anew at every call.
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

    private static string TouchOneText(string sessions) =>
        $"""
        UPDATE {sessions} s
        SET last_active_at = $2, active_until = greatest(s.active_until, $3)
        WHERE s.id = (
            SELECT due.id FROM {sessions} due
            WHERE due.id = $1 AND due.ended_at IS NULL AND due.active_until > $2 AND due.last_active_at <= $4 AND due.last_active_at < $2
            FOR UPDATE SKIP LOCKED)
        RETURNING true
        """;

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

    [SuppressMessage("Security", "CA2100", Justification = "The schema's name is a validated identifier.")]
    private NpgsqlBatchCommand RotateCommand(SessionRotation rotation) => new NpgsqlBatchCommand(
        $"""
        UPDATE {_sessions} s
        SET token_hash = @next, payload = coalesce(@payload, s.payload)
        WHERE s.token_hash = @current AND s.ended_at IS NULL AND s.active_until > @now
        RETURNING {SessionRow.Columns}, s.payload
        """)
        .With(rotation.Next, "next")
        .With(rotation.Payload, "payload")
        .With(rotation.Current, "current")
        .With(rotation.Now, "now");

    /// <summary>What to do about rows that somebody else is changing at the moment.</summary>
    private enum LockedRows
    {
        Wait,
        LeaveOut,
    }
}
