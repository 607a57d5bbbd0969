using static Hanzo.Sessions.Sqlite.SessionRow;

namespace Hanzo.Sessions.Sqlite;

public sealed partial class SqliteSessionStore
{
    private const string SetEnd = $"""
        ended_at = min(active_until, @now), active_until = min(active_until, @now), payload = NULL,
        end_reason = iif(active_until > @now, @reason, {TimeoutReason}), ended_by = iif(active_until > @now, @by, NULL)
        """;

    /// <summary>What <see cref="ReadEnded"/> reads, of a session that ends as it is deleted; and whether it had ended before.</summary>
    private const string ForgottenColumns = $"""
        id, organization, user_name, application, min(active_until, @now), iif(active_until > @now, @reason, {TimeoutReason}),
        iif(active_until > @now, @by, NULL), token_hash, ended_at IS NOT NULL
        """;

    /// <inheritdoc/>
    public Task<SessionTerminationResult> TerminateAsync(
        SessionTermination termination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(termination);
        return _file.WriteAsync(
            connection => termination.Current is { } current && IsSelected(connection, termination, current)
                ? new SessionTerminationResult([], CurrentSelected: true)
                : new SessionTerminationResult(Terminate(connection, termination)),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<EndedSession>> ForgetAsync(SessionForgetting forgetting, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(forgetting);
        return _file.WriteAsync<IReadOnlyList<EndedSession>>(connection => Forget(connection, forgetting), cancellationToken);
    }

    private static List<EndedSession> Forget(StoreConnection connection, SessionForgetting forgetting)
    {
        var (user, now) = (forgetting.User, Milliseconds(forgetting.End.At));
        List<EndedSession> ended = [];

        // In two parts: no index has ended sessions together with the others.
        foreach (var part in new[] { "ended_at IS NULL", "ended_at IS NOT NULL" })
        {
            connection.Execute(
                $"""
                INSERT INTO forgotten_sessions (id, keep_until)
                SELECT id, keep_history_until FROM sessions
                WHERE organization = @organization AND user_name = @user AND {part} AND keep_history_until > @now
                """,
                ("@organization", user.Organization),
                ("@user", user.Name),
                ("@now", now));
            ended.AddRange(connection.Query(
                $"""
                DELETE FROM sessions
                WHERE organization = @organization AND user_name = @user AND {part}
                RETURNING {ForgottenColumns}
                """,
                static row => row.GetBoolean(8) ? null : ReadEnded(row),
                ("@organization", user.Organization),
                ("@user", user.Name),
                ("@now", now),
                ("@reason", (int)forgetting.End.Reason),
                ("@by", forgetting.End.By?.ToString())).OfType<EndedSession>());
        }

        return ended;
    }

    private static bool IsSelected(StoreConnection connection, SessionTermination termination, SessionId current)
    {
        var conditions = new FilterSql(termination.Filter);
        return connection.QuerySingle(
            $"SELECT 1 FROM sessions WHERE id = @current AND ended_at IS NULL AND active_until > @now{conditions}",
            static _ => true,
            conditions.With(("@current", current.ToString()), ("@now", Milliseconds(termination.End.At))));
    }

    private static List<EndedSession> Terminate(StoreConnection connection, SessionTermination termination)
    {
        var (end, conditions) = (termination.End, new FilterSql(termination.Filter));
        return connection.Query(
            $"""
            UPDATE sessions SET {SetEnd}
            WHERE ended_at IS NULL AND active_until > @timedOutSince{conditions}
                AND (@ifToken IS NULL OR token_hash = @ifToken) AND (NOT @ofPayload OR payload IS @ifPayload)
            RETURNING {EndedColumns}
            """,
            ReadEnded,
            conditions.With(
                ("@now", Milliseconds(end.At)),
                ("@timedOutSince", termination.TimedOutSince is { } since ? Milliseconds(since) : long.MinValue),
                ("@reason", (int)end.Reason),
                ("@by", end.By?.ToString()),
                ("@ifToken", termination.IfToken?.ToArray()),
                ("@ofPayload", termination.IfPayload is not null),
                ("@ifPayload", Blob(termination.IfPayload ?? default))));
    }
}
