using static Hanzo.Sessions.Sqlite.SessionRow;

namespace Hanzo.Sessions.Sqlite;

public sealed partial class SqliteSessionStore
{
    private const string IsActive = "ended_at IS NULL AND active_until > @now";
    private const string IsEnded = "ended_at IS NOT NULL";

    // Timed-out sessions that clean-up has not reached yet are few: their own index beats that of an organization or a user.
    private const string FromTimedOut = "FROM sessions INDEXED BY sessions_due WHERE ended_at IS NULL AND active_until <= @now";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Session>> ListAsync(
        SessionListing listing, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(listing);
        return await _file.ReadAsync((listing, now), static (connection, it) => List(connection, it.listing, it.now), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SessionRecord>> ListRecordsAsync(
        SessionListing listing, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(listing);
        return await _file.ReadAsync((listing, now), static (connection, it) => ListRecords(connection, it.listing, it.now), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<long> CountAsync(
        SessionListing listing, DateTimeOffset now, long maximum, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(listing);
        return await _file.ReadAsync(
            (listing, now, maximum), static (connection, it) => Count(connection, it.listing, it.now, it.maximum), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<IpSpread>> ListIpSpreadAsync(
        SessionScope scope, int threshold, int limit, int offset, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return await _file.ReadAsync(
            (scope, threshold, limit, offset, now),
            static (connection, it) => ListIpSpread(connection, it.scope, it.threshold, it.limit, it.offset, it.now),
            cancellationToken)
            .ConfigureAwait(false);
    }

    private static List<Session> List(StoreConnection connection, SessionListing listing, DateTimeOffset now)
    {
        var conditions = new FilterSql(listing.Filter);
        var (direction, beyond) = ListSql.Order(listing);
        var select = $"SELECT {Columns}, {ListSql.SessionKey(listing.Sort)} AS sort_key";
        var after = listing.After is null
            ? string.Empty
            : $" AND ({ListSql.SessionKey(listing.Sort)}, id) {beyond} (@afterKey, @afterId)";
        var rows = listing.View == SessionView.History
            ? $"""
                {select} FROM sessions{IndexOf(listing.Filter, "history_of_user")} WHERE {IsEnded}{conditions}{after}
                UNION ALL
                {select} {FromTimedOut}{conditions}{after}
                """
            : $"{select} FROM sessions{IndexOf(listing.Filter, "sessions_of_user")} WHERE {IsActive}{conditions}{after}";
        return connection.Query(
            $"""
            {rows}
            ORDER BY sort_key {direction}, id {direction}
            LIMIT @limit OFFSET @offset
            """,
            Read,
            conditions.With(
                [.. After(listing.After), ("@now", Milliseconds(now)), ("@limit", listing.Limit), ("@offset", listing.Offset)]));
    }

    // Otherwise SQLite scans the whole organization in the order of the list to find the sessions of one user.
    private static string IndexOf(SessionFilter filter, string index) =>
        filter.Scope.Organization is not null && (filter.User ?? filter.UserPrefix) is not null
            ? $" INDEXED BY {index}"
            : string.Empty;

    private static List<SessionRecord> ListRecords(StoreConnection connection, SessionListing listing, DateTimeOffset now)
    {
        var conditions = new FilterSql(listing.Filter);
        var (direction, beyond) = ListSql.Order(listing);
        var key = ListSql.RecordKey(listing.Sort);
        var sessions = connection.Query(
            $"""
            WITH page AS (
                SELECT organization AS page_organization, user_name AS page_user, application AS page_application
                FROM sessions WHERE {IsActive}{conditions}{AfterRecord(listing, key, beyond)}
                GROUP BY organization, user_name, application
                {AfterRecordKey(listing, key, beyond)}
                ORDER BY {(key is null ? string.Empty : $"{key} {direction},")}
                    organization {direction}, user_name {direction}, application {direction}
                LIMIT @limit OFFSET @offset)
            SELECT {Columns} FROM page CROSS JOIN sessions
            WHERE organization = page_organization AND user_name = page_user AND application = page_application
                AND {IsActive}{conditions}
            """,
            Read,
            conditions.With(
                [.. After(listing.After), ("@now", Milliseconds(now)), ("@limit", listing.Limit), ("@offset", listing.Offset)]));

        // SQL selects the page; this sorts it with the comparison that the cursor uses.
        var records = sessions
            .GroupBy(session => (session.User, session.Application))
            .Select(group => new SessionRecord(
                group.Key.User, group.Key.Application, [.. group.OrderByDescending(session => (session.CreatedAt, session.Id))]))
            .ToList();
        records.Sort((left, right) =>
            SessionCursor.Of(left, listing).CompareTo(SessionCursor.Of(right, listing)) * (listing.Descending ? -1 : 1));
        return records;
    }

    // Without a key, AfterRecord compares columns of the index instead, so the scan begins at the page.
    private static string AfterRecordKey(SessionListing listing, string? key, string beyond) => listing.After is null || key is null
        ? string.Empty
        : $"""
            HAVING ({key}, organization, user_name, application) {beyond}
                (@afterKey, @afterOrganization, @afterUser, @afterApplication)
            """;

    private static string AfterRecord(SessionListing listing, string? key, string beyond)
    {
        if (listing.After?.User is not { } user || key is not null)
        {
            return string.Empty;
        }

        return string.Equals(user.Organization, listing.Filter.Scope.Organization, StringComparison.Ordinal)
            ? $" AND (user_name, application) {beyond} (@afterUser, @afterApplication)"
            : $" AND (organization, user_name, application) {beyond} (@afterOrganization, @afterUser, @afterApplication)";
    }

    private static List<(string Name, object? Value)> After(SessionCursor? cursor)
    {
        if (cursor is null)
        {
            return [];
        }

        List<(string, object?)> values = [("@afterKey", ListSql.ValueOf(cursor))];
        if (cursor.User is { } user)
        {
            values.AddRange(
            [
                ("@afterOrganization", user.Organization), ("@afterUser", user.Name), ("@afterApplication", cursor.Application),
            ]);
        }
        else
        {
            values.Add(("@afterId", cursor.Id.ToString()));
        }

        return values;
    }

    private static long Count(StoreConnection connection, SessionListing listing, DateTimeOffset now, long maximum)
    {
        var conditions = new FilterSql(listing.Filter);
        var rows = listing.View switch
        {
            SessionView.History => $"SELECT 1 FROM sessions WHERE {IsEnded}{conditions} UNION ALL SELECT 1 {FromTimedOut}{conditions}",
            SessionView.Records => $"SELECT 1 FROM sessions WHERE {IsActive}{conditions} GROUP BY organization, user_name, application",
            _ => $"SELECT 1 FROM sessions WHERE {IsActive}{conditions}",
        };
        return connection.QuerySingle(
            $"SELECT count(*) FROM ({rows} LIMIT @maximum)",
            static row => row.GetInt64(0),
            conditions.With(("@now", Milliseconds(now)), ("@maximum", maximum)));
    }

    // The networks of both kinds are counted together only for users who may have as many: for all, it would double the work.
    private static List<IpSpread> ListIpSpread(
        StoreConnection connection, SessionScope scope, int threshold, int limit, int offset, DateTimeOffset now)
    {
        var conditions = new FilterSql(SessionFilter.Of(scope));
        var networks = connection.Query(
            $"""
            WITH page AS (
                SELECT organization AS page_organization, user_name AS page_user
                FROM sessions WHERE {IsActive}{conditions}
                GROUP BY organization, user_name
                HAVING count(DISTINCT ip_network) + count(last_ip_network) >= @threshold AND (
                    SELECT count(DISTINCT iif(is_sign_in, own.ip_network, own.last_ip_network))
                    FROM sessions AS own CROSS JOIN (SELECT true AS is_sign_in UNION ALL SELECT false)
                    WHERE own.organization = sessions.organization AND own.user_name = sessions.user_name AND {IsActive}) >= @threshold
                ORDER BY organization, user_name
                LIMIT @limit OFFSET @offset)
            SELECT organization, user_name, iif(is_sign_in, ip_network, last_ip_network) AS network, sum(is_sign_in)
            FROM page CROSS JOIN sessions CROSS JOIN (SELECT true AS is_sign_in UNION ALL SELECT false)
            WHERE organization = page_organization AND user_name = page_user AND {IsActive}
            GROUP BY organization, user_name, network
            ORDER BY organization, user_name, network
            """,
            static row => (
                User: new SessionUser(row.GetString(0), row.GetString(1)),
                Network: row.IsDBNull(2) ? null : row.GetString(2),
                Sessions: row.GetInt32(3)),
            conditions.With(
                ("@threshold", threshold), ("@now", Milliseconds(now)), ("@limit", limit), ("@offset", offset)));
        return
        [
            .. networks.GroupBy(row => row.User).Select(group => new IpSpread(
                group.Key,
                [.. group.Select(row => row.Network).OfType<string>()],
                group.Sum(row => row.Sessions))),
        ];
    }
}
