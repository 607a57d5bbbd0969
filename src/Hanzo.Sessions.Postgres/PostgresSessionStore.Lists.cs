using Npgsql;

namespace Hanzo.Sessions.Postgres;

public sealed partial class PostgresSessionStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<Session>> ListAsync(
        SessionListing listing, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(listing);
        return _database.RunAsync(
            ReadOf(listing), () => ListCommand(listing, now), rows => ReadAsync(rows, row => SessionRow.Read(row)), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionRecord>> ListRecordsAsync(
        SessionListing listing, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(listing);
        return _database.RunAsync(
            ReadOf(listing), () => RecordsCommand(listing, now), ReadRecordsAsync, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> CountAsync(
        SessionListing listing, DateTimeOffset now, long maximum, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(listing);
        return _database.RunAsync(
            ReadOf(listing),
            () => CountCommand(listing, now, maximum),
            async answer =>
            {
                await answer.ReadAsync(CancellationToken.None).ConfigureAwait(false);
                return answer.GetInt64(0);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<IpSpread>> ListIpSpreadAsync(
        SessionScope scope, int threshold, int limit, int offset, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return _database.RunAsync(
            TransactionKind.Read,
            () => IpSpreadCommand(scope, threshold, limit, offset, now),
            rows => ReadAsync(
                rows,
                row => new IpSpread(
                    new SessionUser(row.GetString(0), row.GetString(1)), row.GetFieldValue<string[]>(3), (int)row.GetInt64(2))),
            cancellationToken);
    }

    private static TransactionKind ReadOf(SessionListing listing) =>
        listing.Filter.SingleUser is not null && listing.View != SessionView.History ? TransactionKind.ReadOfUser : TransactionKind.Read;

    /// <remarks>
    /// Each part is read in the order of the list and no further than the page: with an index in that order, a page costs
    /// the same wherever it begins.
    /// </remarks>
    private NpgsqlBatchCommand ListCommand(SessionListing listing, DateTimeOffset now)
    {
        var command = new NpgsqlBatchCommand().With(now, "now").With(listing.Offset, "offset").With(listing.Limit, "limit");
        var (direction, beyond) = ListSql.Order(listing);
        var conditions = command.Where(listing.Filter);
        if (listing.After is { } cursor)
        {
            command = listing.Sort is SessionSort.User or SessionSort.Application or SessionSort.IpAddress
                ? command.With(cursor.Text, "after")
                : command.With(cursor.Instant, "after");
            command.With(cursor.Id, "after_id");
        }

        var parts = ListSql.Parts(listing.View).Select(part =>
        {
            var key = listing.Sort == SessionSort.Ended ? part.Over : ListSql.SessionKey(listing.Sort);
            var position = listing.After is null ? "" : $" AND ({key}, s.id) {beyond} (@after, @after_id)";
            return
                $"""
                (SELECT {SessionRow.Columns}, {key} AS key FROM {_sessions} s
                WHERE {part.Condition}{conditions}{position}
                ORDER BY {key} {direction}, s.id {direction}
                LIMIT @offset + @limit)
                """;
        });
        command.CommandText =
            $"""
            SELECT {SessionRow.Columns}
            FROM ({string.Join("\nUNION ALL\n", parts)}) AS s
            ORDER BY s.key {direction}, s.id {direction}
            OFFSET @offset LIMIT @limit
            """;
        return command;
    }

    /// <remarks>
    /// In the usual order, the groups come one by one from the index on organization, user and application, and the query
    /// stops with the page. Any other order reads all groups first.
    /// </remarks>
    private NpgsqlBatchCommand RecordsCommand(SessionListing listing, DateTimeOffset now)
    {
        const string group = "s.organization, s.user_name, s.application";
        var command = new NpgsqlBatchCommand().With(now, "now").With(listing.Offset, "offset").With(listing.Limit, "limit");
        var key = ListSql.RecordKey(listing.Sort);
        var (direction, beyond) = ListSql.Order(listing);
        var (before, after) = (string.Empty, string.Empty);
        if (listing.After is { User: { } user } cursor)
        {
            // Within one organization, that column is not compared: the planner estimates a row comparison by its first column.
            // With the same value in all rows, it would expect next to no rows, and read all of them.
            var isWithin = string.Equals(user.Organization, listing.Filter.Scope.Organization, StringComparison.Ordinal);
            (before, after) = (key, isWithin) switch
            {
                (null, true) => ($" AND (s.user_name, s.application) {beyond} (@after_user, @after_application)", string.Empty),
                (null, false) => ($" AND ({group}) {beyond} (@after_organization, @after_user, @after_application)", string.Empty),
                _ => (string.Empty, $"HAVING ({key}, {group}) {beyond} (@after, @after_organization, @after_user, @after_application)"),
            };
            command = key is null && isWithin ? command : command.With(user.Organization, "after_organization");
            command
                .With(user.Name, "after_user")
                .With(cursor.Application, "after_application");
            _ = listing.Sort switch
            {
                SessionSort.User => command,
                SessionSort.Application => command.With(cursor.Text, "after"),
                SessionSort.Count => command.With(cursor.Number, "after"),
                SessionSort.Id => command.With(cursor.Id.Value.ToString(), "after"),
                _ => command.With(cursor.Instant, "after"),
            };
        }

        var conditions = command.Where(listing.Filter);
        var order = $"s.organization {direction}, s.user_name {direction}, s.application {direction}";
        command.CommandText =
            $"""
            WITH page AS MATERIALIZED (
                SELECT {group}, {key ?? "0"} AS key
                FROM {_sessions} s
                WHERE s.ended_at IS NULL AND s.active_until > @now{conditions}{before}
                GROUP BY {group}
                {after}
                ORDER BY {(key is null ? order : $"key {direction}, {order}")}
                OFFSET @offset LIMIT @limit
            )
            SELECT {SessionRow.Columns}
            FROM page JOIN {_sessions} s USING (organization, user_name, application)
            WHERE s.ended_at IS NULL AND s.active_until > @now{conditions}
            ORDER BY page.key {direction}, {order}, s.created_at DESC, s.id DESC
            """;
        return command;
    }

    private NpgsqlBatchCommand CountCommand(SessionListing listing, DateTimeOffset now, long maximum)
    {
        var command = new NpgsqlBatchCommand().With(now, "now").With(maximum, "maximum");
        var conditions = command.Where(listing.Filter);
        var group = listing.View == SessionView.Records ? " GROUP BY s.organization, s.user_name, s.application" : "";
        var rows = ListSql.Parts(listing.View).Select(part => $"SELECT 1 FROM {_sessions} s WHERE {part.Condition}{conditions}{group}");
        command.CommandText = $"SELECT count(*) FROM ({string.Join(" UNION ALL ", rows)} LIMIT @maximum) AS counted";
        return command;
    }

    /// <remarks>The networks of both kinds are counted together only for users who may have as many: for all, it would double the work.</remarks>
    private NpgsqlBatchCommand IpSpreadCommand(SessionScope scope, int threshold, int limit, int offset, DateTimeOffset now)
    {
        var command = new NpgsqlBatchCommand()
            .With(now, "now")
            .With(threshold, "threshold")
            .With(offset, "offset")
            .With(limit, "limit");
        const string networks =
            "array_agg(s.ip_network) FILTER (WHERE s.ip_network IS NOT NULL) || array_agg(s.last_ip_network) FILTER (WHERE s.last_ip_network IS NOT NULL)";
        command.CommandText =
            $"""
            SELECT s.organization, s.user_name, count(*),
                ARRAY(SELECT DISTINCT network COLLATE "C" AS network FROM unnest({networks}) AS network ORDER BY network)
            FROM {_sessions} s
            WHERE s.ended_at IS NULL AND s.active_until > @now{command.Where(SessionFilter.Of(scope))}
            GROUP BY s.organization, s.user_name
            HAVING count(DISTINCT s.ip_network) + count(s.last_ip_network) >= @threshold
                AND (SELECT count(DISTINCT network) FROM unnest({networks}) AS network) >= @threshold
            ORDER BY s.organization, s.user_name
            OFFSET @offset LIMIT @limit
            """;
        return command;
    }

    private static async Task<IReadOnlyList<SessionRecord>> ReadRecordsAsync(NpgsqlDataReader rows)
    {
        List<SessionRecord> records = [];
        List<Session> sessions = [];
        foreach (var session in await ReadAsync(rows, row => SessionRow.Read(row)).ConfigureAwait(false))
        {
            if (sessions.Count > 0 && !Belongs(session, sessions[0]))
            {
                records.Add(new SessionRecord(sessions[0].User, sessions[0].Application, sessions));
                sessions = [];
            }

            sessions.Add(session);
        }

        if (sessions.Count > 0)
        {
            records.Add(new SessionRecord(sessions[0].User, sessions[0].Application, sessions));
        }

        return records;

        static bool Belongs(Session session, Session other) =>
            session.User == other.User && string.Equals(session.Application, other.Application, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<T>> ReadAsync<T>(NpgsqlDataReader rows, Func<NpgsqlDataReader, T> read)
    {
        List<T> items = [];
        while (await rows.ReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            items.Add(read(rows));
        }

        return items;
    }
}
