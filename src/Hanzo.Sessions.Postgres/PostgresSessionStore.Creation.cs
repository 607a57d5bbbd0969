using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Hanzo.Sessions.Postgres;

public sealed partial class PostgresSessionStore
{
    /// <inheritdoc/>
    public Task<SessionCreationResult> CreateAsync(
        SessionCreation creation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(creation);
        return _database.RunAsync(unsure => CreateAsync(creation, unsure, cancellationToken), cancellationToken);
    }

    /// <summary>The result if the store has kept the id only.</summary>
    private static SessionCreationResult Forgotten { get; } = new() { Outcome = SessionCreationOutcome.AlreadyExists };

    private async Task<SessionCreationResult> CreateAsync(SessionCreation creation, bool unsure, CancellationToken cancellationToken)
    {
        var turn = TurnOf(creation.Session.User);
        while (true)
        {
            SessionClockException? refusal = null;
            try
            {
                // Only an adopted session, and one that an earlier attempt of this call has made, can have been forgotten: any other id is new.
                var usual = unsure || creation.Session.KeepHistoryUntil is not null ? _usualAdoption : _usualSignIn;
                var result = await TransactAsync(SignInCommand(usual, creation), rows => ReadUsualSignInAsync(rows, creation)).ConfigureAwait(false)
                    ?? await TransactAsync(AnySignInCommand(creation), ReadAnySignInAsync).ConfigureAwait(false);
                if (result.Outcome != SessionCreationOutcome.AlreadyExists)
                {
                    _answered.Add(result.Ended);
                    return result;
                }

                if (ReferenceEquals(result, Forgotten))
                {
                    return unsure && creation.Session.KeepHistoryUntil is null
                        ? await RecallCreationAsync(creation, cancellationToken).ConfigureAwait(false)
                        : result;
                }
            }
            catch (PostgresException fault) when (fault.SqlState is PostgresErrorCodes.UniqueViolation)
            {
                // Another request has just stored the same id or token hash for another user.
            }
            catch (SessionClockException fault) when (unsure)
            {
                // This attempt has taken the user's turn, so the earlier one has ended: what it stored can be found.
                refusal = new SessionClockException(fault.ServerTime, fault.StoreTime);
            }

            var existing = (await FindAsync(creation.Session.Id, cancellationToken).ConfigureAwait(false)).Session
                ?? (await FindByTokenAsync(creation.TokenHash, cancellationToken).ConfigureAwait(false)).Session;
            if (refusal is not null && (existing is null || !IsOf(creation, existing)))
            {
                throw refusal;
            }

            if (existing is not null)
            {
                return unsure && IsOf(creation, existing)
                    ? await RecallCreationAsync(creation, cancellationToken).ConfigureAwait(false)
                    : new SessionCreationResult { Outcome = SessionCreationOutcome.AlreadyExists, Existing = existing };
            }

            // The stored session has been purged since: try again.
        }

        Task<T> TransactAsync<T>(NpgsqlBatchCommand command, Func<NpgsqlDataReader, Task<T>> read) =>
            _database.StepAsync(TransactionKind.Durable, command, creation.Now, read, turn, unsure, cancellationToken);
    }

    /// <summary>
    /// Whether an earlier attempt of this very call stored the session. The id alone does not prove it: two requests with
    /// the same old sign-in adopt it under the same id.
    /// </summary>
    private static bool IsOf(SessionCreation creation, Session stored)
    {
        var session = creation.Session;
        return stored.Id == session.Id && stored.CreatedAt == session.CreatedAt && stored.User == session.User
            && string.Equals(stored.Application, session.Application, StringComparison.Ordinal);
    }

    /// <summary>
    /// The usual sign-in, at which no session ends: it costs less than <see cref="AnySignInText"/>. If a session may have to
    /// end, the limit is reached, or the session is already stored, it inserts nothing and returns no row. The caller then
    /// runs the other statement, under the same lock.
    /// </summary>
    /// <remarks>
    /// The networks of sessions that were used elsewhere are sent, and counted here together with the others: a query that counts
    /// both costs the server more, also for users who have none.
    /// </remarks>
    private static string UsualSignInText(string sessions, string unless) => Database.Numbered(
        $"""
        WITH own AS MATERIALIZED (
            SELECT
                count(*) FILTER (WHERE s.active_until > @now AND (NOT @per_application OR s.application = @application)) AS counted,
                count(*) FILTER (WHERE s.active_until <= @now) AS late,
                array_agg(DISTINCT s.ip_network) FILTER (WHERE s.active_until > @now AND s.ip_network IS NOT NULL) AS networks,
                array_agg(s.last_ip_network) FILTER (WHERE s.active_until > @now AND s.last_ip_network IS NOT NULL) AS others
            FROM {sessions} s
            WHERE s.organization = @organization AND s.user_name = @user AND s.ended_at IS NULL
        ),
        created AS (
            {NewRow(sessions)}
            FROM own
            WHERE (@maximum IS NULL OR counted < @maximum AND late = 0)
                AND NOT EXISTS (SELECT FROM {sessions} s WHERE s.token_hash = @replaces AND s.ended_at IS NULL)
                AND {ClockWindow.Agrees}{unless}
            ON CONFLICT DO NOTHING
            RETURNING true
        )
        SELECT networks, others FROM own, created
        """,
        [.. ParameterNames, .. ClockWindow.ParameterNames]);

    /// <summary>The condition that the store has not kept the id only.</summary>
    private static string UnlessForgotten(string forgotten) => $" AND NOT EXISTS (SELECT FROM {forgotten} f WHERE f.id = @id)";

    /// <summary>Any sign-in: ends sessions and inserts the new one, or returns the active ones when the limit refuses it.</summary>
    /// <remarks>
    /// The snapshot is taken under the user's lock, so no other sign-in adds a session while this one counts. If an
    /// administrator ends one concurrently, it counts as if it had ended just after. Timed-out sessions (late) are locked and
    /// read again: if an activity has extended one by then, it counts; otherwise it ends, so that no later activity can extend
    /// it. The presented session is locked too: if another request has ended it by then, it does not count either.
    /// </remarks>
    private static string AnySignInText(string sessions, string forgotten) => Database.Numbered(
        $"""
        WITH presented AS (
            SELECT s.id, s.active_until, s.ended_at FROM {sessions} s
            WHERE s.token_hash = @replaces
            FOR UPDATE
        ),
        replaced AS (
            SELECT id FROM presented WHERE active_until > @now AND ended_at IS NULL
        ),
        stored AS MATERIALIZED (
            SELECT {SessionRow.Columns}, s.active_until FROM {sessions} s
            WHERE s.organization = @organization AND s.user_name = @user AND s.ended_at IS NULL
        ),
        late AS MATERIALIZED (
            SELECT {SessionRow.Columns}, s.active_until FROM {sessions} s
            WHERE s.ended_at IS NULL AND s.id = ANY (ARRAY(
                SELECT id FROM stored WHERE active_until <= @now AND @maximum IS NOT NULL
                UNION ALL
                SELECT id FROM presented WHERE active_until <= @now))
            ORDER BY s.id
            FOR UPDATE
        ),
        own AS MATERIALIZED (
            SELECT s.*,
                s.id NOT IN (SELECT id FROM presented WHERE active_until > @now OR ended_at IS NOT NULL) AND (NOT @per_application OR s.application = @application) AS counts
            FROM (SELECT * FROM stored UNION ALL SELECT * FROM late) AS s
            WHERE s.active_until > @now
        ),
        verdict AS MATERIALIZED (
            SELECT count(*) FILTER (WHERE counts) - @maximum + 1 AS surplus, -- null without a limit
                -- A replaced session that counts leaves its place to the new one, also above the limit.
                coalesce(bool_or(s.id IN (SELECT id FROM replaced) AND (NOT @per_application OR s.application = @application)), false) AS takes_place,
                EXISTS (SELECT FROM {sessions} s WHERE s.id = @id)
                OR EXISTS (SELECT FROM {sessions} s WHERE s.token_hash = @token_hash) AS known,
                EXISTS (SELECT FROM {forgotten} f WHERE f.id = @id) AS forgotten
            FROM own s
        ),
        admitted AS MATERIALIZED (
            SELECT CASE WHEN @evicts THEN coalesce(greatest(surplus, 0), 0) ELSE 0 END AS surplus FROM verdict
            WHERE NOT known AND NOT forgotten AND (@evicts OR surplus IS NULL OR surplus <= 0 OR takes_place) AND {ClockWindow.Agrees}
        ),
        leaving AS MATERIALIZED (
            SELECT id, {(int)SessionEndReason.Replaced} AS end_reason, @now AS ended_at, @by AS ended_by FROM replaced, admitted
            UNION ALL
            (SELECT id, {(int)SessionEndReason.Evicted}, @now, @by FROM own
            WHERE counts
            ORDER BY CASE WHEN @by_activity THEN last_active_at ELSE created_at END, id
            LIMIT coalesce((SELECT surplus FROM admitted), 0))
            UNION ALL
            SELECT id, {TimeoutReason("late")}, active_until, NULL FROM late, admitted WHERE active_until <= @now
        ),
        ended AS (
            UPDATE {sessions} s
            SET ended_at = leaving.ended_at, active_until = leaving.ended_at, due_at = NULL, end_reason = leaving.end_reason,
                ended_by = leaving.ended_by, payload = NULL
            FROM leaving
            WHERE s.id = leaving.id AND s.ended_at IS NULL
            RETURNING {SessionRow.Columns}, s.token_hash
        ),
        created AS (
            {NewRow(sessions)}
            FROM admitted
        )
        SELECT known, forgotten,
            EXISTS (SELECT FROM admitted) AS created,
            (SELECT count(DISTINCT network) FROM own s CROSS JOIN LATERAL {ListSql.Networks}) AS networks_before,
            (SELECT count(DISTINCT network) FROM (
                SELECT network FROM own s CROSS JOIN LATERAL {ListSql.Networks} WHERE s.id NOT IN (SELECT id FROM leaving)
                UNION ALL
                SELECT @ip_network) AS after) AS networks,
            s.*
        FROM verdict LEFT JOIN (
            SELECT {SessionRow.Columns}, token_hash FROM ended s
            UNION ALL
            SELECT {SessionRow.Columns}, NULL FROM own s WHERE counts AND NOT EXISTS (SELECT FROM admitted)) AS s ON true
        """,
        [.. ParameterNames, "evicts", "by_activity", "by", .. ClockWindow.ParameterNames]);

    /// <summary>Inserts the new session, if the FROM and WHERE that the caller appends return a row.</summary>
    private static string NewRow(string sessions) =>
        $"""
        INSERT INTO {sessions} (
            id, token_hash, organization, user_name, application, ip_address, ip_network, user_agent,
            authentication_methods, created_at, last_active_at, idle_timeout_ms, expires_at, active_until, due_at,
            keep_history_until, payload)
        SELECT
            @id, @token_hash, @organization, @user, @application, @ip_address, @ip_network, @user_agent,
            @authentication_methods, @now, @last_active_at, @idle_timeout_ms, @expires_at, @active_until, @active_until,
            @keep_history_until, @payload
        """;

    /// <summary>The parameters of both statements, in the order in which <see cref="SignInCommand"/> adds them.</summary>
    private static string[] ParameterNames { get; } =
    [
        "replaces", "now", "organization", "user", "application", "per_application", "maximum",
        "id", "token_hash", "ip_address", "ip_network", "user_agent", "authentication_methods", "last_active_at",
        "idle_timeout_ms", "expires_at", "active_until", "keep_history_until", "payload",
    ];

    [SuppressMessage("Security", "CA2100", Justification = "The text is written in this package.")]
    private static NpgsqlBatchCommand SignInCommand(string text, SessionCreation creation)
    {
        var (session, limit) = (creation.Session, creation.Limit);
        return new NpgsqlBatchCommand(text)
            .With(creation.Replaces)
            .With(session.CreatedAt)
            .With(session.User.Organization)
            .With(session.User.Name)
            .With(session.Application)
            .With(limit?.Scope == SessionLimitScope.UserAndApplication)
            .With((long?)limit?.MaxSessions)
            .With(session.Id)
            .With(creation.TokenHash)
            .With(session.IpAddress)
            .With(session.IpNetwork)
            .With(session.UserAgent)
            .With(session.AuthenticationMethods)
            .With(session.LastActiveAt)
            .With((long)session.IdleTimeout.TotalMilliseconds)
            .With(session.ExpiresAt)
            .With(session.ActiveUntil)
            .With(session.KeepHistoryUntil)
            .With(session.Payload);
    }

    private NpgsqlBatchCommand AnySignInCommand(SessionCreation creation) => SignInCommand(_anySignIn, creation)
        .With(creation.Limit is { Action: not SessionLimitAction.Refuse })
        .With(creation.Limit?.Action == SessionLimitAction.EndLeastRecentlyActive)
        .With(creation.By.ToString());

    private static async Task<SessionCreationResult?> ReadUsualSignInAsync(NpgsqlDataReader rows, SessionCreation creation)
    {
        if (!await rows.ReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            return null;
        }

        var networks = new HashSet<string>(StringComparer.Ordinal);
        for (var column = 0; column < 2; column++)
        {
            networks.UnionWith(rows.IsDBNull(column) ? [] : rows.GetFieldValue<string[]>(column));
        }

        var before = networks.Count;
        if (creation.Session.IpNetwork is { } network)
        {
            networks.Add(network);
        }

        return new SessionCreationResult
        {
            Outcome = SessionCreationOutcome.Created,
            NetworksBefore = before,
            Networks = networks.Count,
        };
    }

    private static async Task<SessionCreationResult> ReadAnySignInAsync(NpgsqlDataReader rows)
    {
        const int firstColumn = 5;
        SessionCreationResult? result = null;
        List<EndedSession> ended = [];
        List<Session> active = [];
        while (await rows.ReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            if (!rows.GetBoolean(0) && rows.GetBoolean(1))
            {
                return Forgotten;
            }

            result ??= new SessionCreationResult
            {
                Outcome = (Known: rows.GetBoolean(0), Created: rows.GetBoolean(2)) switch
                {
                    { Known: true } => SessionCreationOutcome.AlreadyExists,
                    { Created: true } => SessionCreationOutcome.Created,
                    _ => SessionCreationOutcome.LimitReached,
                },
                NetworksBefore = (int)rows.GetInt64(3),
                Networks = (int)rows.GetInt64(4),
            };
            if (rows.IsDBNull(firstColumn))
            {
                break;
            }

            var session = SessionRow.Read(rows, firstColumn);
            if (session.End is { } end)
            {
                var tokenHash = new SessionTokenHash(rows.GetFieldValue<byte[]>(firstColumn + SessionRow.Width));
                ended.Add(new EndedSession(session.Id, session.User, session.Application, end, tokenHash));
            }
            else
            {
                active.Add(session);
            }
        }

        return result!.Outcome switch
        {
            SessionCreationOutcome.Created => result with { Ended = ended },
            SessionCreationOutcome.LimitReached => new SessionCreationResult
            {
                Outcome = SessionCreationOutcome.LimitReached,
                ActiveSessions = [.. active.OrderByDescending(session => (session.CreatedAt, session.Id))],
            },
            _ => result,
        };
    }

    /// <summary>
    /// Reads what a creation did whose answer was lost: the sessions that ended at its instant by its user, and the networks
    /// as they are now. Not the timeouts: no column says which call wrote one, and it must be announced at most once.
    /// </summary>
    private Task<SessionCreationResult> RecallCreationAsync(SessionCreation creation, CancellationToken cancellationToken)
    {
        var (session, now) = (creation.Session, creation.Session.CreatedAt);
        var command = new NpgsqlBatchCommand(
            $"""
            SELECT
                (SELECT count(DISTINCT network) FROM {_sessions} s CROSS JOIN LATERAL {ListSql.Networks}
                WHERE s.organization = @organization AND s.user_name = @user AND s.id <> @id
                    AND (s.ended_at IS NULL AND s.active_until > @now OR s.ended_at = @now AND s.ended_by = @by)),
                (SELECT count(DISTINCT network) FROM {_sessions} s CROSS JOIN LATERAL {ListSql.Networks}
                WHERE s.organization = @organization AND s.user_name = @user AND s.ended_at IS NULL AND s.active_until > @now),
                {SessionRow.EndedColumns}
            FROM (VALUES (true)) AS once LEFT JOIN {_sessions} s
                ON s.ended_at = @now AND s.ended_by = @by AND (
                    s.end_reason = {(int)SessionEndReason.Evicted} AND s.organization = @organization AND s.user_name = @user
                    OR s.end_reason = {(int)SessionEndReason.Replaced} AND s.token_hash = @replaces)
            """)
            .With(session.User.Organization, "organization")
            .With(session.User.Name, "user")
            .With(session.Id, "id")
            .With(now, "now")
            .With(creation.By.ToString(), "by")
            .With(creation.Replaces, "replaces");
        return _database.TransactAsync(
            TransactionKind.Read,
            command,
            async rows =>
            {
                var result = new SessionCreationResult { Outcome = SessionCreationOutcome.Created };
                List<EndedSession> ended = [];
                while (await rows.ReadAsync(CancellationToken.None).ConfigureAwait(false))
                {
                    result = result with { NetworksBefore = (int)rows.GetInt64(0), Networks = (int)rows.GetInt64(1) };
                    if (!rows.IsDBNull(2))
                    {
                        ended.Add(SessionRow.ReadEnded(rows, 2));
                    }
                }

                return result with { Ended = _answered.Without(ended) };
            },
            turn: null,
            cancellationToken);
    }
}
