namespace Hanzo.Sessions;

public sealed partial class SessionManager
{
    /// <summary>The active sessions that a query selects, one row each, without their payload.</summary>
    /// <param name="query">Which, sorted how, how many, from where.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">A value of the query is out of range.</exception>
    public Task<SessionPage<Session>> ListAsync(SessionQuery query, CancellationToken cancellationToken = default) =>
        PageAsync(query, SessionView.Sessions, _store.ListAsync, SessionCursor.Of, cancellationToken);

    /// <summary>The active sessions that a query selects, one row per user and application, without their payload.</summary>
    /// <param name="query">Which, sorted how, how many, from where.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">A value of the query is out of range.</exception>
    public Task<SessionPage<SessionRecord>> ListRecordsAsync(
        SessionQuery query, CancellationToken cancellationToken = default) =>
        PageAsync(query, SessionView.Records, _store.ListRecordsAsync, SessionCursor.Of, cancellationToken);

    /// <summary>
    /// The ended sessions that a query selects, each with its <see cref="Session.End"/>. A timed-out session
    /// that clean-up has not reached yet is among them and looks the same.
    /// </summary>
    /// <param name="query">Which, sorted how, how many, from where.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">A value of the query is out of range.</exception>
    public async Task<SessionPage<Session>> ListHistoryAsync(
        SessionQuery query, CancellationToken cancellationToken = default)
    {
        var page = await PageAsync(query, SessionView.History, _store.ListAsync, SessionCursor.Of, cancellationToken)
            .ConfigureAwait(false);
        return page with { Items = [.. page.Items.Select(session => session.AsOf(session.ActiveUntil))] };
    }

    /// <summary>
    /// One session, active or ended, without its payload: <see cref="Session.End"/> tells why it ended, when and by
    /// whom; null means that it is active, until <see cref="Session.ActiveUntil"/>.
    /// </summary>
    /// <param name="scope">What the caller may see.</param>
    /// <param name="id">The session.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when there is none, or none in scope.</returns>
    public async ValueTask<Session?> FindAsync(
        SessionScope scope, SessionId id, CancellationToken cancellationToken = default)
    {
        using var span = SessionTelemetry.Start("hanzo.sessions.find");
        ArgumentNullException.ThrowIfNull(scope);
        var asked = Now();
        var found = await _store.FindAsync(id, cancellationToken).ConfigureAwait(false);
        return found.Session is { } session && scope.Contains(session.User)
            ? session.AsOf(Compare(asked, found.StoreTime).Earlier) with { Payload = default }
            : null;
    }

    /// <summary>
    /// The users whose active sessions show <see cref="HanzoSessionsOptions.IpSpreadThreshold"/> or more distinct
    /// addresses, ordered by organization and name. While counting them takes less than 30 ms the answer is of now. Where it
    /// takes longer, as among a million sessions, no call waits: it gets the newest count of this process, with its instant, and
    /// the next count begins after twenty times the duration of the last one.
    /// </summary>
    /// <param name="scope">The organization, or explicitly all of them.</param>
    /// <param name="limit">How many users: 1 to 500.</param>
    /// <param name="offset">How many users to skip: 0 to 10,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// A page whose <see cref="IpSpreadPage.CountedAt"/> is null while the first count is under way. Beyond the first 2,500 alarms
    /// of a scope, every page comes from the store and takes as long as a count.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The limit or the offset is out of range.</exception>
    /// <exception cref="TimeoutException">The store has not answered a count for five minutes.</exception>
    public async Task<IpSpreadPage> ListIpSpreadAsync(
        SessionScope scope, int limit = 50, int offset = 0, CancellationToken cancellationToken = default)
    {
        using var span = SessionTelemetry.Start("hanzo.sessions.list_ip_spread");
        ArgumentNullException.ThrowIfNull(scope);
        SessionQuery.CheckRange(limit, offset);
        return await _alarms.PageAsync(scope, limit, offset, Now(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>How many of the allowed sessions a user has in use, as the next sign-in to the application would count them.</summary>
    /// <param name="user">The user.</param>
    /// <param name="application">The application.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<SessionQuota> GetQuotaAsync(
        SessionUser user, string application, CancellationToken cancellationToken = default)
    {
        using var span = SessionTelemetry.Start("hanzo.sessions.quota");
        var policy = await PolicyAsync(user, Required(application), cancellationToken).ConfigureAwait(false);
        var query = new SessionQuery
        {
            Filter = SessionFilter.Of(user) with
            {
                Application = policy.LimitScope == SessionLimitScope.UserAndApplication ? application : null,
            },
        };
        var used = await _store.CountAsync(query.Resolve(SessionView.Sessions), Now(), int.MaxValue, cancellationToken)
            .ConfigureAwait(false);
        return new SessionQuota((int)used, policy.MaxSessions);
    }

    private async Task<SessionPage<T>> PageAsync<T>(
        SessionQuery query,
        SessionView view,
        Func<SessionListing, DateTimeOffset, CancellationToken, Task<IReadOnlyList<T>>> list,
        Func<T, SessionListing, SessionCursor> cursorOf,
        CancellationToken cancellationToken)
    {
        using var span = SessionTelemetry.Start("hanzo.sessions.list");
        ArgumentNullException.ThrowIfNull(query);
        var listing = query.Resolve(view);
        listing = listing with { Filter = AsStored(listing.Filter) };
        var now = Now();

        // One extra row tells whether there is another page in the direction of reading.
        var rows = await list(listing with { Limit = query.Limit + 1 }, now, cancellationToken).ConfigureAwait(false);
        var hasMore = rows.Count > query.Limit;
        var items = hasMore ? [.. rows.Take(query.Limit)] : rows;
        var (isFirst, isLast) = (query is { Offset: 0, Cursor: null }, !hasMore);
        var order = listing;
        if (query.Cursor is { IsBackward: true })
        {
            items = [.. items.Reverse()];
            (isFirst, isLast) = (!hasMore, false);
            order = listing.Reversed();
        }

        var page = new SessionPage<T>
        {
            Items = items,
            Limit = query.Limit,
            Offset = query.Offset,
            NextCursor = isLast || items.Count == 0 ? null : cursorOf(items[^1], order),
            PreviousCursor = isFirst || items.Count == 0 ? null : cursorOf(items[0], order) with { IsBackward = true },
        };
        if (query.Total == SessionTotalMode.None)
        {
            return page;
        }

        if (query is { Offset: 0, Cursor: null } && page.NextCursor is null)
        {
            return page with { Total = items.Count };
        }

        var cap = query.Total == SessionTotalMode.Exact ? long.MaxValue - 1 : SessionQuery.MaxExactTotal;
        var total = await _store.CountAsync(listing, now, cap + 1, cancellationToken).ConfigureAwait(false);
        return page with { Total = Math.Min(total, cap), TotalIsExact = total <= cap };
    }
}
