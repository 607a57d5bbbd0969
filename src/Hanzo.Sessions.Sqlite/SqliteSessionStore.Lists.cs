using static Hanzo.Sessions.Sqlite.SessionRow;

namespace Hanzo.Sessions.Sqlite;

public sealed partial class SqliteSessionStore
{
    private const string IsActive = "ended_at IS NULL AND active_until > @now";
    private const string IsEnded = "ended_at IS NOT NULL";

    // Timed out and not reached by clean-up yet: few, so their own index beats that of an organization or a user.
    private const string FromTimedOut = "FROM sessions INDEXED BY sessions_due WHERE ended_at IS NULL AND active_until <= @now";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Session>> ListAsync(
        SessionQuery query, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return await _file.ReadAsync((query, now), static (connection, it) => List(connection, it.query, it.now), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SessionRecord>> ListRecordsAsync(
        SessionQuery query, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return await _file.ReadAsync((query, now), static (connection, it) => ListRecords(connection, it.query, it.now), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<long> CountAsync(
        SessionQuery query, DateTimeOffset now, long maximum, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return await _file.ReadAsync(
            (query, now, maximum), static (connection, it) => Count(connection, it.query, it.now, it.maximum), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<IpSpread>> ListIpSpreadAsync(
        SessionScope scope, int threshold, int offset, int limit, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return await _file.ReadAsync(
            (scope, threshold, offset, limit, now),
            static (connection, it) => ListIpSpread(connection, it.scope, it.threshold, it.offset, it.limit, it.now),
            cancellationToken)
            .ConfigureAwait(false);
    }

    private static List<Session> List(StoreConnection connection, SessionQuery query, DateTimeOffset now)
    {
        var conditions = new SessionConditions(query.Filter);
        var select = $"SELECT {Columns}, {ListOrder.SessionKey(query.Sort)} AS sort_key";
        var after = query.Cursor is null
            ? string.Empty
            : $" AND ({ListOrder.SessionKey(query.Sort)}, id) {ListOrder.After(query)} (@afterKey, @afterId)";
        var rows = query.View == SessionView.History
            ? $"""
                {select} FROM sessions{IndexOf(query.Filter, "history_of_user")} WHERE {IsEnded}{conditions}{after}
                UNION ALL
                {select} {FromTimedOut}{conditions}{after}
                """
            : $"{select} FROM sessions{IndexOf(query.Filter, "sessions_of_user")} WHERE {IsActive}{conditions}{after}";
        var direction = ListOrder.Direction(query);
        return connection.Query(
            $"""
            {rows}
            ORDER BY sort_key {direction}, id {direction}
            LIMIT @limit OFFSET @offset
            """,
            Read,
            conditions.With(
                [.. After(query.Cursor), ("@now", Milliseconds(now)), ("@limit", query.Limit), ("@offset", query.Offset)]));
    }

    // Left to itself, SQLite walks through all of the organization in the order of the list to find the sessions of a user.
    private static string IndexOf(SessionFilter filter, string index) =>
        filter.Scope.Organization is not null && (filter.User ?? filter.UserPrefix) is not null
            ? $" INDEXED BY {index}"
            : string.Empty;

    private static List<SessionRecord> ListRecords(StoreConnection connection, SessionQuery query, DateTimeOffset now)
    {
        var conditions = new SessionConditions(query.Filter);
        var (direction, key) = (ListOrder.Direction(query), ListOrder.RecordKey(query.Sort));
        var sessions = connection.Query(
            $"""
            WITH page AS (
                SELECT organization AS page_organization, user_name AS page_user, application AS page_application
                FROM sessions WHERE {IsActive}{conditions}{AfterRecord(query, key)}
                GROUP BY organization, user_name, application
                {AfterRecordKey(query, key)}
                ORDER BY {(key is null ? string.Empty : $"{key} {direction},")}
                    organization {direction}, user_name {direction}, application {direction}
                LIMIT @limit OFFSET @offset)
            SELECT {Columns} FROM page CROSS JOIN sessions
            WHERE organization = page_organization AND user_name = page_user AND application = page_application
                AND {IsActive}{conditions}
            """,
            Read,
            conditions.With(
                [.. After(query.Cursor), ("@now", Milliseconds(now)), ("@limit", query.Limit), ("@offset", query.Offset)]));

        // The page is the right one; its order within is made here, by the same comparison as the cursor's.
        var records = sessions
            .GroupBy(session => (session.User, session.Application))
            .Select(group => new SessionRecord(
                group.Key.User, group.Key.Application, [.. group.OrderByDescending(session => (session.CreatedAt, session.Id))]))
            .ToList();
        records.Sort((left, right) =>
            SessionCursor.Of(left, query).CompareTo(SessionCursor.Of(right, query)) * (query.Descending == true ? -1 : 1));
        return records;
    }

    // By user and application alone, the condition is on columns of the index, and the page begins right there.
    private static string AfterRecordKey(SessionQuery query, string? key) => query.Cursor is null || key is null
        ? string.Empty
        : $"""
            HAVING ({key}, organization, user_name, application) {ListOrder.After(query)}
                (@afterKey, @afterOrganization, @afterUser, @afterApplication)
            """;

    private static string AfterRecord(SessionQuery query, string? key)
    {
        if (query.Cursor?.User is not { } user || key is not null)
        {
            return string.Empty;
        }

        return string.Equals(user.Organization, query.Filter.Scope.Organization, StringComparison.Ordinal)
            ? $" AND (user_name, application) {ListOrder.After(query)} (@afterUser, @afterApplication)"
            : $" AND (organization, user_name, application) {ListOrder.After(query)} (@afterOrganization, @afterUser, @afterApplication)";
    }

    private static List<(string Name, object? Value)> After(SessionCursor? cursor)
    {
        if (cursor is null)
        {
            return [];
        }

        List<(string, object?)> values = [("@afterKey", ListOrder.ValueOf(cursor))];
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

    private static long Count(StoreConnection connection, SessionQuery query, DateTimeOffset now, long maximum)
    {
        var conditions = new SessionConditions(query.Filter);
        var rows = query.View switch
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

    private static List<IpSpread> ListIpSpread(
        StoreConnection connection, SessionScope scope, int threshold, int offset, int limit, DateTimeOffset now)
    {
        var conditions = new SessionConditions(new SessionFilter { Scope = scope });
        var sessions = connection.Query(
            $"""
            WITH page AS (
                SELECT organization AS page_organization, user_name AS page_user
                FROM sessions WHERE {IsActive}{conditions}
                GROUP BY organization, user_name
                HAVING count(DISTINCT ip_network) >= @threshold
                ORDER BY organization, user_name
                LIMIT @limit OFFSET @offset)
            SELECT organization, user_name, ip_network FROM page CROSS JOIN sessions
            WHERE organization = page_organization AND user_name = page_user AND {IsActive}
            ORDER BY organization, user_name, ip_network
            """,
            static row => (
                User: new SessionUser(row.GetString(0), row.GetString(1)),
                Network: row.IsDBNull(2) ? null : row.GetString(2)),
            conditions.With(
                ("@threshold", threshold), ("@now", Milliseconds(now)), ("@limit", limit), ("@offset", offset)));
        return
        [
            .. sessions.GroupBy(session => session.User).Select(group => new IpSpread(
                group.Key,
                [.. group.Select(session => session.Network).OfType<string>().Distinct(StringComparer.Ordinal)],
                group.Count())),
        ];
    }
}
