namespace Hanzo.Sessions;

public sealed partial class InMemorySessionStore
{
    /// <inheritdoc/>
    public Task<EndedSession?> ExpireAsync(
        SessionId id, StoreInstant now, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(_byId.Find(id) is { } node ? Expire(id, now.At, ShardOf(node)) : null);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(
        StoreInstant now, int maximum, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        List<EndedSession> ended = [];
        List<SessionNode> due = [];
        List<SessionNode> forgotten = [];
        foreach (var shard in _shards)
        {
            if (ended.Count == maximum)
            {
                break;
            }

            lock (shard.Lock)
            {
                due.Clear();
                shard.Wheel.Take(now.At, maximum - ended.Count, due);
                foreach (var node in due)
                {
                    ended.Add(EndWithoutHistory(node, node.Session.Timeout()));
                }

                _history.Add(due, forgotten);
            }
        }

        Forget(forgotten);
        return Task.FromResult<IReadOnlyList<EndedSession>>(ended);
    }

    /// <inheritdoc/>
    public Task<int> PurgeAsync(
        DateTimeOffset endedBy, StoreInstant now, int maximum, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var purged = _history.Purge(endedBy, now.At, maximum);
        Forget(purged);
        foreach (var (id, until) in _forgotten)
        {
            if (until <= now.At)
            {
                _forgotten.TryRemove(id, out _);
            }
        }

        return Task.FromResult(purged.Count);
    }

    private EndedSession? Expire(SessionId id, DateTimeOffset now, SessionShard shard)
    {
        lock (shard.Lock)
        {
            return _byId.Find(id) is { Session: { End: null } session } node && now >= session.ActiveUntil
                ? End(node, session.Timeout())
                : null;
        }
    }

    private void Forget(List<SessionNode> nodes)
    {
        // Finding all nodes first, without locks in between, lets the cache misses overlap and halves the time.
        foreach (var node in nodes)
        {
            _ = _byId.Find(node.Session.Id);
            _ = _byToken.Find(node.TokenHash);
        }

        nodes.ForEach(Forget);
    }

    private void Forget(SessionNode node)
    {
        _byId.Remove(node);
        _byToken.Remove(node);
    }
}
