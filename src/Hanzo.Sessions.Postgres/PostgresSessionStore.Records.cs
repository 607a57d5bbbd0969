using Npgsql;

namespace Hanzo.Sessions.Postgres;

public sealed partial class PostgresSessionStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionRecord>> ListRecordsAsync(
        SessionQuery query, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _database.RunAsync(
            ReadOf(query), () => RecordsCommand(query, now), ReadRecordsAsync, cancellationToken);
    }

    /// <remarks>
    /// In the usual order the groups come one by one from the index on organization, user and application, and the
    /// query stops with the page; another order has to see all of them first.
    /// </remarks>
    private NpgsqlBatchCommand RecordsCommand(SessionQuery query, DateTimeOffset now)
    {
        const string group = "s.organization, s.user_name, s.application";
        var command = new NpgsqlBatchCommand().With(now, "now").With(query.Offset, "offset").With(query.Limit, "limit");
        var key = query.Sort switch
        {
            SessionSort.User => null,
            SessionSort.Application => "s.application",
            SessionSort.Created => "min(s.created_at)",
            SessionSort.LastActive => "max(s.last_active_at)",
            SessionSort.Count => "count(*)",
            _ => throw new ArgumentException($"Records cannot be sorted by {query.Sort}.", nameof(query)),
        };
        var (direction, beyond) = Order(query);
        var (before, after) = (string.Empty, string.Empty);
        if (query.Cursor is { User: { } user } cursor)
        {
            // Within one organization it is not compared: the planner judges a row comparison by its first column, which
            // would be the same in all rows, takes what is left for next to nothing, and reads all of it.
            var isWithin = string.Equals(user.Organization, query.Filter.Scope.Organization, StringComparison.Ordinal);
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
            _ = query.Sort switch
            {
                SessionSort.User => command,
                SessionSort.Application => command.With(cursor.Text, "after"),
                SessionSort.Count => command.With(cursor.Number, "after"),
                _ => command.With(cursor.Instant, "after"),
            };
        }

        var conditions = command.Where(query.Filter);
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
}
