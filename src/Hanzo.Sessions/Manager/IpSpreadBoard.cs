using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions;

/// <summary>
/// Answers who is over the threshold of addresses now, without letting a caller wait for a large count. What is kept is bounded;
/// what is beyond the bounds comes from the store.
/// </summary>
#pragma warning disable CA1001 // The source has no timer and no link, so there is nothing to dispose.
internal sealed class IpSpreadBoard(ISessionStore store, int threshold, TimeProvider clock, ILogger logger)
#pragma warning restore CA1001
{
    /// <summary>How many scopes are kept at most. The least recently asked gives way, one that is counted fast first.</summary>
    public const int MaxScopes = 32;

    /// <summary>How many alarms are kept of a scope at most: more than the pages show.</summary>
    public const int MaxAlarms = 2_500;

    private readonly Lock _guard = new();
    private readonly Dictionary<SessionScope, IpSpreadScope> _scopes = [];
    private CancellationTokenSource _stopping = new();

    public async Task<IpSpreadPage> PageAsync(
        SessionScope scope, int limit, int offset, DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Task<IpSpreadCount?>? asking;
        lock (_guard)
        {
            // It begins inside the lock, so that its scope does not give way to another before.
            asking = ScopeOf(scope)?.AskAsync(now, _stopping.Token, cancellationToken);
        }

        if (asking is not null)
        {
            var count = await asking.ConfigureAwait(false);
            var isThere = count is null || count.Spreads.Count < MaxAlarms || offset + limit <= MaxAlarms;
            if (isThere)
            {
                return PageOf([.. count?.Spreads.Skip(offset).Take(limit) ?? []], count?.At);
            }
        }

        return PageOf(
            await store.ListIpSpreadAsync(scope, threshold, limit, offset, now, cancellationToken).ConfigureAwait(false), now);

        IpSpreadPage PageOf(IReadOnlyList<IpSpread> items, DateTimeOffset? countedAt) =>
            new() { Items = items, CountedAt = countedAt, Limit = limit, Offset = offset };
    }

    /// <summary>Ends the counts under way. A later call counts as ever.</summary>
    public void Stop()
    {
        CancellationTokenSource stopped;
        lock (_guard)
        {
            (stopped, _stopping) = (_stopping, new CancellationTokenSource());
        }

        stopped.Cancel();
    }

    private IpSpreadScope? ScopeOf(SessionScope scope)
    {
        if (_scopes.TryGetValue(scope, out var known))
        {
            return known;
        }

        if (_scopes.Count >= MaxScopes)
        {
            var idle = _scopes.Where(it => !it.Value.IsCounting).OrderBy(it => it.Value.IsSlow).ThenBy(it => it.Value.LastAsked);
            if (idle.FirstOrDefault().Key is not { } least)
            {
                return null;
            }

            _scopes.Remove(least);
        }

        var added = new IpSpreadScope(
            (now, cancellationToken) => store.ListIpSpreadAsync(scope, threshold, MaxAlarms, 0, now, cancellationToken),
            new Printable(scope.Organization ?? "all organizations"),
            _guard,
            clock,
            logger);
        _scopes.Add(scope, added);
        return added;
    }
}
