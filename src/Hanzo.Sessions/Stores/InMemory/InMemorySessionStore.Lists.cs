namespace Hanzo.Sessions;

public sealed partial class InMemorySessionStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<Session>> ListAsync(
        SessionQuery query, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return Task.FromResult(Page(
            Matches(query, now).Select(session => session with { Payload = default }), query, SessionCursor.Of));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionRecord>> ListRecordsAsync(
        SessionQuery query, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return Task.FromResult(Page(Records(query, now), query, SessionCursor.Of));
    }

    /// <inheritdoc/>
    public Task<long> CountAsync(
        SessionQuery query, DateTimeOffset now, long maximum, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var rows = query.View == SessionView.Records ? Records(query, now).LongCount() : Matches(query, now).LongCount();
        return Task.FromResult(Math.Min(rows, maximum));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<IpSpread>> ListIpSpreadAsync(
        SessionScope scope, int threshold, int offset, int limit, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var everybody = new SessionQuery { Filter = new SessionFilter { Scope = scope } };
        return Task.FromResult<IReadOnlyList<IpSpread>>(
        [
            .. Matches(everybody, now)
                .GroupBy(session => session.User)
                .Select(sessions => new IpSpread(
                    sessions.Key,
                    [.. sessions.Select(it => it.IpNetwork).OfType<string>().Distinct(StringComparer.Ordinal).Order(CodePoints)],
                    sessions.Count()))
                .Where(spread => spread.Networks.Count >= threshold)
                .OrderBy(spread => spread.User.Organization, CodePoints)
                .ThenBy(spread => spread.User.Name, CodePoints)
                .Skip(offset)
                .Take(limit),
        ]);
    }

    private static Comparer<string> CodePoints { get; } = Comparer<string>.Create(CodePointOrder.Compare);

    private IEnumerable<Session> Matches(SessionQuery query, DateTimeOffset now)
    {
        var sessions = Candidates(query.Filter).Select(node => node.Session);
        if (query.View == SessionView.History)
        {
            // In this order: a session that ends between the two looks is seen by at least one of them.
            List<Session> candidates = [.. sessions];
            sessions = _history.ToList().Concat(candidates).DistinctBy(session => session.Id);
        }

        return sessions.Where(it => it.IsActive(now) != (query.View == SessionView.History) && query.Filter.Matches(it));
    }

    private IEnumerable<SessionRecord> Records(SessionQuery query, DateTimeOffset now) =>
        Matches(query, now)
            .GroupBy(session => (session.User, session.Application))
            .Select(sessions => new SessionRecord(
                sessions.Key.User,
                sessions.Key.Application,
                [.. sessions.Select(it => it with { Payload = default }).OrderByDescending(it => (it.CreatedAt, it.Id))]));

    /// <summary>The nodes among which a filter can find anything: one, those of a user that have not ended, or all.</summary>
    private IEnumerable<SessionNode> Candidates(SessionFilter filter)
    {
        if (filter.Id is { } id)
        {
            return _byId.Find(id) is { } node ? [node] : [];
        }

        if (filter.SingleUser is { } user)
        {
            var shard = ShardOf(user);
            lock (shard.Lock)
            {
                return shard.Active(user, DateTimeOffset.MinValue);
            }
        }

        return _byId.All();
    }

    private static IReadOnlyList<T> Page<T>(
        IEnumerable<T> rows, SessionQuery query, Func<T, SessionQuery, SessionCursor> positionOf)
    {
        var positioned = rows.Select(row => (Row: row, Position: positionOf(row, query)));
        if (query.Cursor is { } after)
        {
            positioned = positioned.Where(it => it.Position.CompareTo(after) * (query.Descending == true ? -1 : 1) > 0);
        }

        var ordered = query.Descending == true
            ? positioned.OrderByDescending(it => it.Position)
            : positioned.OrderBy(it => it.Position);
        return [.. ordered.Skip(query.Offset).Take(query.Limit).Select(it => it.Row)];
    }
}
