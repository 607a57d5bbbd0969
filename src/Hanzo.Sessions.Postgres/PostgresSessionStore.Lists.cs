using Npgsql;

namespace Hanzo.Sessions.Postgres;

public sealed partial class PostgresSessionStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<Session>> ListAsync(
        SessionQuery query, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _database.RunAsync(
            ReadOf(query), () => ListCommand(query, now), rows => ReadAsync(rows, row => SessionRow.Read(row)), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> CountAsync(
        SessionQuery query, DateTimeOffset now, long maximum, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _database.RunAsync(
            ReadOf(query),
            () => CountCommand(query, now, maximum),
            async answer =>
            {
                await answer.ReadAsync(CancellationToken.None).ConfigureAwait(false);
                return answer.GetInt64(0);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<IpSpread>> ListIpSpreadAsync(
        SessionScope scope, int threshold, int offset, int limit, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return _database.RunAsync(
            TransactionKind.Read,
            () => IpSpreadCommand(scope, threshold, offset, limit, now),
            rows => ReadAsync(
                rows,
                row => new IpSpread(
                    new SessionUser(row.GetString(0), row.GetString(1)), row.GetFieldValue<string[]>(3), (int)row.GetInt64(2))),
            cancellationToken);
    }

    private NpgsqlBatchCommand CountCommand(SessionQuery query, DateTimeOffset now, long maximum)
    {
        var command = new NpgsqlBatchCommand().With(now, "now").With(maximum, "maximum");
        var conditions = command.Where(query.Filter);
        var group = query.View == SessionView.Records ? " GROUP BY s.organization, s.user_name, s.application" : "";
        var rows = Parts(query.View).Select(part => $"SELECT 1 FROM {_sessions} s WHERE {part.Condition}{conditions}{group}");
        command.CommandText = $"SELECT count(*) FROM ({string.Join(" UNION ALL ", rows)} LIMIT @maximum) AS counted";
        return command;
    }

    private NpgsqlBatchCommand IpSpreadCommand(SessionScope scope, int threshold, int offset, int limit, DateTimeOffset now)
    {
        var command = new NpgsqlBatchCommand()
            .With(now, "now")
            .With(threshold, "threshold")
            .With(offset, "offset")
            .With(limit, "limit");
        command.CommandText =
            $"""
            SELECT s.organization, s.user_name, count(*),
                coalesce(array_agg(DISTINCT s.ip_network ORDER BY s.ip_network) FILTER (WHERE s.ip_network IS NOT NULL), ARRAY[]::text[])
            FROM {_sessions} s
            WHERE s.ended_at IS NULL AND s.active_until > @now{command.Where(new SessionFilter { Scope = scope })}
            GROUP BY s.organization, s.user_name
            HAVING count(DISTINCT s.ip_network) >= @threshold
            ORDER BY s.organization, s.user_name
            OFFSET @offset LIMIT @limit
            """;
        return command;
    }

    private static TransactionKind ReadOf(SessionQuery query) =>
        UserOf(query.Filter) is not null && query.View != SessionView.History ? TransactionKind.ReadOfUser : TransactionKind.Read;

    /// <remarks>
    /// Each part is read in the order of the list and no further than the page goes, so that an index in that order
    /// makes a page cost the same wherever it begins.
    /// </remarks>
    private NpgsqlBatchCommand ListCommand(SessionQuery query, DateTimeOffset now)
    {
        var command = new NpgsqlBatchCommand().With(now, "now").With(query.Offset, "offset").With(query.Limit, "limit");
        var (direction, beyond) = Order(query);
        var conditions = command.Where(query.Filter);
        if (query.Cursor is { } cursor)
        {
            command = query.Sort is SessionSort.User or SessionSort.Application or SessionSort.IpAddress
                ? command.With(cursor.Text, "after")
                : command.With(cursor.Instant, "after");
            command.With(cursor.Id, "after_id");
        }

        var parts = Parts(query.View).Select(part =>
        {
            var key = query.Sort == SessionSort.Ended ? part.Over : SortKey(query);
            var position = query.Cursor is null ? "" : $" AND ({key}, s.id) {beyond} (@after, @after_id)";
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

    private static string SortKey(SessionQuery query) => query.Sort switch
    {
        SessionSort.Created => "s.created_at",
        SessionSort.LastActive => "s.last_active_at",
        SessionSort.Expires => "s.expires_at",
        SessionSort.User => "s.user_name",
        SessionSort.Application => "s.application",
        SessionSort.IpAddress => "coalesce(s.ip_address, '')",
        _ => throw new ArgumentException($"{query.View} cannot be sorted by {query.Sort}.", nameof(query)),
    };

    /// <summary>
    /// What a view is made of, and when each part was over. History has two parts: what was ended, and the few that have
    /// timed out and were not reached by clean-up yet.
    /// </summary>
    private static (string Condition, string Over)[] Parts(SessionView view) => view == SessionView.History
        ? [("s.ended_at IS NOT NULL", "s.ended_at"), ("s.due_at <= @now AND s.active_until <= @now", "s.active_until")]
        : [("s.ended_at IS NULL AND s.active_until > @now", "s.active_until")];

    private static (string Direction, string Beyond) Order(SessionQuery query) =>
        query.Descending == true ? ("DESC", "<") : ("ASC", ">");

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
