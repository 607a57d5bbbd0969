using Npgsql;

namespace Hanzo.Sessions;

public sealed partial class PostgresSessionStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<Session>> ListAsync(
        SessionQuery query, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _database.RunAsync(
            TransactionKind.Read, ListCommand(query, now), rows => ReadAsync(rows, row => SessionRow.Read(row), cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> CountAsync(
        SessionQuery query, DateTimeOffset now, long maximum, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var command = new NpgsqlBatchCommand();
        var rows = query.View == SessionView.Records
            ? $"SELECT FROM {Source(query, command)} s GROUP BY s.organization, s.user_name, s.application"
            : $"SELECT FROM {Source(query, command)} s";
        command.CommandText = $"SELECT count(*) FROM ({rows} LIMIT @maximum) AS counted";
        command.With(now, "now").With(maximum, "maximum");
        return _database.RunAsync(
            TransactionKind.Read,
            command,
            async answer =>
            {
                await answer.ReadAsync(cancellationToken).ConfigureAwait(false);
                return answer.GetInt64(0);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<IpSpread>> ListIpSpreadAsync(
        SessionScope scope, int threshold, int offset, int limit, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scope);
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
        return _database.RunAsync(
            TransactionKind.Read,
            command,
            rows => ReadAsync(
                rows,
                row => new IpSpread(
                    new SessionUser(row.GetString(0), row.GetString(1)), row.GetFieldValue<string[]>(3), (int)row.GetInt64(2)),
                cancellationToken),
            cancellationToken);
    }

    private NpgsqlBatchCommand ListCommand(SessionQuery query, DateTimeOffset now)
    {
        var command = new NpgsqlBatchCommand().With(now, "now").With(query.Offset, "offset").With(query.Limit, "limit");
        var key = query.Sort switch
        {
            SessionSort.Created => "s.created_at",
            SessionSort.LastActive => "s.last_active_at",
            SessionSort.Expires => "s.expires_at",
            SessionSort.Ended => "s.over_at",
            SessionSort.User => "s.user_name",
            SessionSort.Application => "s.application",
            SessionSort.IpAddress => "coalesce(s.ip_address, '')",
            _ => throw new ArgumentException($"Sessions cannot be sorted by {query.Sort}.", nameof(query)),
        };
        var (direction, beyond) = Order(query);
        var position = string.Empty;
        if (query.Cursor is { } cursor)
        {
            position = $"WHERE ({key}, s.id) {beyond} (@after, @after_id)";
            command = query.Sort is SessionSort.User or SessionSort.Application or SessionSort.IpAddress
                ? command.With(cursor.Text, "after")
                : command.With(cursor.Instant, "after");
            command.With(cursor.Id, "after_id");
        }

        command.CommandText =
            $"""
            SELECT {SessionRow.Columns}
            FROM {Source(query, command)} s
            {position}
            ORDER BY {key} {direction}, s.id {direction}
            OFFSET @offset LIMIT @limit
            """;
        return command;
    }

    /// <summary>
    /// The sessions of a view. History has two parts: what was ended, in the order of an index, and the few that have
    /// timed out and were not reached by clean-up yet.
    /// </summary>
    private string Source(SessionQuery query, NpgsqlBatchCommand command)
    {
        var conditions = command.Where(query.Filter);
        return query.View == SessionView.History
            ? $"""
            (SELECT {SessionRow.Columns}, s.ended_at AS over_at FROM {_sessions} s
            WHERE s.ended_at IS NOT NULL{conditions}
            UNION ALL
            SELECT {SessionRow.Columns}, s.active_until AS over_at FROM {_sessions} s
            WHERE s.ended_at IS NULL AND s.due_at <= @now AND s.active_until <= @now{conditions})
            """
            : $"(SELECT s.* FROM {_sessions} s WHERE s.ended_at IS NULL AND s.active_until > @now{conditions})";
    }

    private static (string Direction, string Beyond) Order(SessionQuery query) =>
        query.Descending == true ? ("DESC", "<") : ("ASC", ">");

    private static async Task<IReadOnlyList<T>> ReadAsync<T>(
        NpgsqlDataReader rows, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        List<T> items = [];
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            items.Add(read(rows));
        }

        return items;
    }
}
