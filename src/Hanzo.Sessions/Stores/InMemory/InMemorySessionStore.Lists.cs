namespace Hanzo.Sessions;

public sealed partial class InMemorySessionStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<Session>> ListAsync(
        SessionListing listing, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(listing);
        return Task.FromResult(Page(
            Matches(listing, now).Select(session => session with { Payload = default }), listing, SessionCursor.Of));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionRecord>> ListRecordsAsync(
        SessionListing listing, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(listing);
        return Task.FromResult(Page(Records(listing, now), listing, SessionCursor.Of));
    }

    /// <inheritdoc/>
    public Task<long> CountAsync(
        SessionListing listing, DateTimeOffset now, long maximum, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(listing);
        var rows = listing.View == SessionView.Records ? Records(listing, now).LongCount() : Matches(listing, now).LongCount();
        return Task.FromResult(Math.Min(rows, maximum));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<IpSpread>> ListIpSpreadAsync(
        SessionScope scope, int threshold, int limit, int offset, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return Task.FromResult<IReadOnlyList<IpSpread>>(
        [
            .. Matches(SessionQuery.Of(scope).Resolve(SessionView.Sessions), now)
                .GroupBy(session => session.User)
                .Select(sessions => new IpSpread(
                    sessions.Key,
                    [.. sessions.SelectMany(NetworksOf).OfType<string>().Distinct(StringComparer.Ordinal).Order(CodePoints)],
                    sessions.Count()))
                .Where(spread => spread.Networks.Count >= threshold)
                .OrderBy(spread => spread.User.Organization, CodePoints)
                .ThenBy(spread => spread.User.Name, CodePoints)
                .Skip(offset)
                .Take(limit),
        ]);
    }

    private static string?[] NetworksOf(Session session) => [session.IpNetwork, session.LastUse?.IpNetwork];

    private static Comparer<string> CodePoints { get; } = Comparer<string>.Create(CodePointOrder.Compare);

    private IEnumerable<Session> Matches(SessionListing listing, DateTimeOffset now)
    {
        var sessions = Candidates(listing.Filter).Select(node => node.Session);
        if (listing.View == SessionView.History)
        {
            // Active sessions first: a session that ends between the two reads is then in at least one of them.
            List<Session> candidates = [.. sessions];
            sessions = _history.ToList().Concat(candidates).DistinctBy(session => session.Id);
        }

        return sessions.Where(it => it.IsActive(now) != (listing.View == SessionView.History) && listing.Filter.Matches(it));
    }

    private IEnumerable<SessionRecord> Records(SessionListing listing, DateTimeOffset now) =>
        Matches(listing, now)
            .GroupBy(session => (session.User, session.Application))
            .Select(sessions => new SessionRecord(
                sessions.Key.User,
                sessions.Key.Application,
                [.. sessions.Select(it => it with { Payload = default }).OrderByDescending(it => (it.CreatedAt, it.Id))]));

    /// <summary>The nodes that a filter can select: one, those of a user that have not ended, or all.</summary>
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
        IEnumerable<T> rows, SessionListing listing, Func<T, SessionListing, SessionCursor> positionOf)
    {
        var positioned = rows.Select(row => (Row: row, Position: positionOf(row, listing)));
        if (listing.After is { } after)
        {
            positioned = positioned.Where(it => it.Position.CompareTo(after) * (listing.Descending ? -1 : 1) > 0);
        }

        var ordered = listing.Descending
            ? positioned.OrderByDescending(it => it.Position)
            : positioned.OrderBy(it => it.Position);
        return [.. ordered.Skip(listing.Offset).Take(listing.Limit).Select(it => it.Row)];
    }
}
