using static Hanzo.Sessions.Sqlite.SessionRow;

namespace Hanzo.Sessions.Sqlite;

public sealed partial class SqliteSessionStore
{
    /// <inheritdoc/>
    public Task<SessionCreationResult> CreateAsync(
        SessionCreation creation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(creation);
        return _file.WriteAsync(connection => Create(connection, creation), cancellationToken);
    }

    private static SessionCreationResult Create(StoreConnection connection, SessionCreation creation)
    {
        if (Stored(connection, creation) is { } existing)
        {
            return new SessionCreationResult { Outcome = SessionCreationOutcome.AlreadyExists, Existing = existing };
        }

        // Only an adopted session's id can have been forgotten: any other is new.
        if (creation.Session.KeepHistoryUntil is not null && IsForgotten(connection, creation))
        {
            return new SessionCreationResult { Outcome = SessionCreationOutcome.AlreadyExists };
        }

        var active = NotEndedOfUser(connection, creation);
        var someTimedOut = active.RemoveAll(sibling => sibling.ActiveUntil <= Milliseconds(creation.Session.CreatedAt)) > 0;
        var networksBefore = Networks(active);
        var replacedSibling = active.Find(sibling => sibling.TokenHash == creation.Replaces);
        active.RemoveAll(sibling => sibling == replacedSibling);

        List<Sibling> evicted = [];
        if (creation.Limit is { } limit)
        {
            bool Counts(Sibling sibling) => limit.Scope == SessionLimitScope.User
                || string.Equals(sibling.Application, creation.Session.Application, StringComparison.Ordinal);

            // A replaced session that counts leaves its place to the new one, also above the limit.
            var counted = active.FindAll(Counts);
            if (counted.Count >= limit.MaxSessions && limit.Action == SessionLimitAction.Refuse
                && (replacedSibling is null || !Counts(replacedSibling)))
            {
                return new SessionCreationResult
                {
                    Outcome = SessionCreationOutcome.LimitReached,
                    ActiveSessions = Refusing(connection, counted),
                };
            }

            evicted = limit.Action == SessionLimitAction.Refuse ? [] : [.. counted
                .OrderBy(sibling => limit.Action == SessionLimitAction.EndOldest ? sibling.CreatedAt : sibling.LastActiveAt)
                .ThenBy(sibling => sibling.Id, StringComparer.Ordinal)
                .Take(counted.Count - limit.MaxSessions + 1)];
        }

        List<EndedSession> ended = [];
        if (creation.Replaces is { } replaced)
        {
            ended.AddRange(End(connection, creation, SessionEndReason.Replaced, "token_hash", replaced.ToArray()));
        }

        foreach (var sibling in evicted)
        {
            active.Remove(sibling);
            ended.AddRange(End(connection, creation, SessionEndReason.Evicted, "id", sibling.Id));
        }

        if (someTimedOut && creation.Limit is not null)
        {
            ended.AddRange(EndTimedOut(connection, creation));
        }

        Insert(connection, creation);
        active.Add(new Sibling { IpNetwork = creation.Session.IpNetwork });
        return new SessionCreationResult
        {
            Outcome = SessionCreationOutcome.Created,
            Ended = ended,
            NetworksBefore = networksBefore,
            Networks = Networks(active),
        };
    }

    private static Session? Stored(StoreConnection connection, SessionCreation creation) => connection.QuerySingle(
        $"""
        SELECT {ColumnsWithPayload} FROM sessions
        WHERE id = @id OR token_hash = @tokenHash
        ORDER BY id = @id DESC LIMIT 1
        """,
        ReadWithPayload,
        ("@id", creation.Session.Id.ToString()),
        ("@tokenHash", creation.TokenHash.ToArray()));

    private static bool IsForgotten(StoreConnection connection, SessionCreation creation) => connection.QuerySingle(
        "SELECT 1 FROM forgotten_sessions WHERE id = @id",
        static _ => true,
        ("@id", creation.Session.Id.ToString()));

    private static List<Sibling> NotEndedOfUser(StoreConnection connection, SessionCreation creation) => connection.Query(
        """
        SELECT id, token_hash, application, ip_network, created_at, last_active_at, active_until, last_ip_network FROM sessions
        WHERE organization = @organization AND user_name = @user AND ended_at IS NULL
        """,
        static row => new Sibling
        {
            Id = row.GetString(0),
            TokenHash = new SessionTokenHash(row.GetFieldValue<byte[]>(1)),
            Application = row.GetString(2),
            IpNetwork = row.IsDBNull(3) ? null : row.GetString(3),
            CreatedAt = row.GetInt64(4),
            LastActiveAt = row.GetInt64(5),
            ActiveUntil = row.GetInt64(6),
            LastIpNetwork = row.IsDBNull(7) ? null : row.GetString(7),
        },
        ("@organization", creation.Session.User.Organization),
        ("@user", creation.Session.User.Name));

    private static List<Session> Refusing(StoreConnection connection, List<Sibling> counted) =>
    [
        .. counted
            .OrderByDescending(sibling => sibling.CreatedAt)
            .ThenByDescending(sibling => sibling.Id, StringComparer.Ordinal)
            .Select(sibling => connection.QuerySingle(
                $"SELECT {Columns} FROM sessions WHERE id = @id", Read, ("@id", sibling.Id))!),
    ];

    private static List<EndedSession> End(
        StoreConnection connection, SessionCreation creation, SessionEndReason reason, string column, object value) =>
        connection.Query(
            $"""
            UPDATE sessions SET {SetEnd}
            WHERE {column} = @value AND ended_at IS NULL
            RETURNING {EndedColumns}
            """,
            ReadEnded,
            ("@value", value),
            ("@now", Milliseconds(creation.Session.CreatedAt)),
            ("@reason", (int)reason),
            ("@by", creation.By.ToString()));

    /// <summary>Ends sessions that the limit did not count, so that an activity in flight cannot extend them.</summary>
    private static List<EndedSession> EndTimedOut(StoreConnection connection, SessionCreation creation) => connection.Query(
        $"""
        UPDATE sessions SET {SetTimeout}
        WHERE organization = @organization AND user_name = @user AND ended_at IS NULL AND active_until <= @now
        RETURNING {EndedColumns}
        """,
        ReadEnded,
        ("@organization", creation.Session.User.Organization),
        ("@user", creation.Session.User.Name),
        ("@now", Milliseconds(creation.Session.CreatedAt)));

    private static void Insert(StoreConnection connection, SessionCreation creation)
    {
        var session = creation.Session;
        connection.Execute(
            """
            INSERT INTO sessions (
                id, token_hash, organization, user_name, application,
                ip_address, ip_network, user_agent, authentication_methods,
                created_at, last_active_at, idle_timeout, expires_at, active_until, keep_history_until, payload)
            VALUES (
                @id, @tokenHash, @organization, @user, @application,
                @ipAddress, @ipNetwork, @userAgent, @authenticationMethods,
                @createdAt, @lastActiveAt, @idleTimeout, @expiresAt, @activeUntil, @keepHistoryUntil, @payload)
            """,
            ("@id", session.Id.ToString()),
            ("@tokenHash", creation.TokenHash.ToArray()),
            ("@organization", session.User.Organization),
            ("@user", session.User.Name),
            ("@application", session.Application),
            ("@ipAddress", session.IpAddress),
            ("@ipNetwork", session.IpNetwork),
            ("@userAgent", session.UserAgent),
            ("@authenticationMethods", session.AuthenticationMethods),
            ("@createdAt", Milliseconds(session.CreatedAt)),
            ("@lastActiveAt", Milliseconds(session.LastActiveAt)),
            ("@idleTimeout", (long)session.IdleTimeout.TotalMilliseconds),
            ("@expiresAt", Milliseconds(session.ExpiresAt)),
            ("@activeUntil", Milliseconds(session.ActiveUntil)),
            ("@keepHistoryUntil", session.KeepHistoryUntil is { } until ? Milliseconds(until) : null),
            ("@payload", Blob(session.Payload)));
    }

    private static int Networks(List<Sibling> siblings) =>
        siblings.Select(sibling => sibling.IpNetwork)
            .Concat(siblings.Select(sibling => sibling.LastIpNetwork))
            .OfType<string>().Distinct(StringComparer.Ordinal).Count();

    /// <summary>The columns of another session of the same user that decide about the new one.</summary>
    private sealed class Sibling
    {
        public string Id { get; init; } = string.Empty;

        public SessionTokenHash TokenHash { get; init; }

        public string Application { get; init; } = string.Empty;

        public string? IpNetwork { get; init; }

        public string? LastIpNetwork { get; init; }

        public long CreatedAt { get; init; }

        public long LastActiveAt { get; init; }

        public long ActiveUntil { get; init; }
    }
}
