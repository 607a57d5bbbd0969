namespace Hanzo.Sessions;

public sealed partial class InMemorySessionStore
{
    /// <inheritdoc/>
    public Task<SessionTermination> TerminateAsync(
        SessionFilter filter, SessionEnd end, SessionId? current = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(end);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(
            filter.Id is { } id ? TerminateOne(id, filter, end, current)
            : filter.SingleUser is { } user ? TerminateOfUser(user, filter, end, current)
            : TerminateAnywhere(filter, end, current));
    }

    /// <inheritdoc/>
    public Task<EndedSession?> ExpireAsync(
        SessionId id, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(_byId.Find(id) is { } node ? Expire(id, now, ShardOf(node)) : null);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(
        DateTimeOffset now, int maximum, CancellationToken cancellationToken = default)
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
                shard.Wheel.Take(now, maximum - ended.Count, due);
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
        DateTimeOffset endedBy, DateTimeOffset now, int maximum, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var purged = _history.Purge(endedBy, now, maximum);
        Forget(purged);
        return Task.FromResult(purged.Count);
    }

    private SessionTermination TerminateOne(SessionId id, SessionFilter filter, SessionEnd end, SessionId? current)
    {
        if (_byId.Find(id) is not { } found)
        {
            return new SessionTermination([]);
        }

        lock (ShardOf(found).Lock)
        {
            return IsSelected(current, filter, end)
                ? new SessionTermination([], CurrentSelected: true)
                : new SessionTermination(EndFound(found, filter, end, spared: null) is { } ended ? [ended] : []);
        }
    }

    private SessionTermination TerminateOfUser(SessionUser user, SessionFilter filter, SessionEnd end, SessionId? current)
    {
        var shard = ShardOf(user);
        lock (shard.Lock)
        {
            if (IsSelected(current, filter, end))
            {
                return new SessionTermination([], CurrentSelected: true);
            }

            List<EndedSession> ended = [];
            var next = shard.First(user);
            while (next is { } node)
            {
                next = node.NextOfUser;
                if (EndSelected(node, filter, end) is { } one)
                {
                    ended.Add(one);
                }
            }

            return new SessionTermination(ended);
        }
    }

    private SessionTermination TerminateAnywhere(SessionFilter filter, SessionEnd end, SessionId? current)
    {
        if (IsSelected(current, filter, end))
        {
            return new SessionTermination([], CurrentSelected: true);
        }

        // The protected session is spared below as well: an activity from before its time was up, written down after
        // this look, makes it active. None is under way for ten minutes: what has been over for longer is left to clean-up.
        var since = end.At.AddMinutes(-10);
        List<EndedSession> ended = [];
        foreach (var candidate in Candidates(filter).Where(candidate => candidate.Session.ActiveUntil > since))
        {
            if (EndFound(candidate, filter, end, current) is { } one)
            {
                ended.Add(one);
            }
        }

        return new SessionTermination(ended);
    }

    /// <summary>Whether a session would be ended, as it is at this look; null is none.</summary>
    private bool IsSelected(SessionId? id, SessionFilter filter, SessionEnd end) =>
        id is { } it && _byId.Find(it) is { } node && IsSelected(node, filter, end);

    private static bool IsSelected(SessionNode node, SessionFilter filter, SessionEnd end) =>
        node.Session.IsActive(end.At) && filter.Matches(node.Session);

    /// <summary>Ends a session that was found without the lock of its shard, if the filter selects it.</summary>
    private EndedSession? EndFound(SessionNode found, SessionFilter filter, SessionEnd end, SessionId? spared)
    {
        lock (ShardOf(found).Lock)
        {
            // A rotation may have put another node in its place meanwhile.
            return _byId.Find(found.Session.Id) is { } node && !(node.Session.Id == spared && node.Session.IsActive(end.At))
                ? EndSelected(node, filter, end)
                : null;
        }
    }

    /// <summary>One whose time is up ends by that: an activity that is under way must not prolong it any more.</summary>
    private EndedSession? EndSelected(SessionNode node, SessionFilter filter, SessionEnd end) =>
        node.Session is { End: null } session && filter.Matches(session)
            ? End(node, session.IsActive(end.At) ? end : session.Timeout())
            : null;

    private EndedSession? Expire(SessionId id, DateTimeOffset now, SessionShard shard)
    {
        lock (shard.Lock)
        {
            return _byId.Find(id) is { Session: { End: null } session } node && now >= session.ActiveUntil
                ? End(node, session.Timeout())
                : null;
        }
    }

    /// <summary>
    /// Ends a session. The caller holds the lock of its shard, has seen under it that it has not ended, and has found
    /// the node under it.
    /// </summary>
    private EndedSession End(SessionNode node, SessionEnd end)
    {
        var ended = EndWithoutHistory(node, end);
        if (_history.Add(node) is { } oldest)
        {
            Forget(oldest);
        }

        return ended;
    }

    /// <summary>The only place where a session ends. The caller adds it to the history before it gives up the lock.</summary>
    private EndedSession EndWithoutHistory(SessionNode node, SessionEnd end)
    {
        ShardOf(node).Remove(node);
        var session = node.Session with { End = end, Payload = default };
        node.Session = session;
        return new EndedSession(session.Id, session.User, session.Application, end, node.TokenHash);
    }

    private void Forget(List<SessionNode> nodes)
    {
        // Looked at before: without locks in between their places are fetched from memory side by side, which halves the time.
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
