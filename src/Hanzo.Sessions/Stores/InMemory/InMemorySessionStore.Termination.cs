namespace Hanzo.Sessions;

public sealed partial class InMemorySessionStore
{
    /// <inheritdoc/>
    public Task<SessionTerminationResult> TerminateAsync(
        SessionTermination termination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(termination);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(
            termination.Filter.Id is { } id ? TerminateOne(id, termination)
            : termination.Filter.SingleUser is { } user ? TerminateOfUser(user, termination)
            : TerminateAnywhere(termination));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<EndedSession>> ForgetAsync(SessionForgetting forgetting, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(forgetting);
        cancellationToken.ThrowIfCancellationRequested();
        var shard = ShardOf(forgetting.User);
        lock (shard.Lock)
        {
            return Task.FromResult<IReadOnlyList<EndedSession>>(Forget(forgetting, shard));
        }
    }

    private List<EndedSession> Forget(SessionForgetting forgetting, SessionShard shard)
    {
        var now = forgetting.End.At;
        List<EndedSession> ended = [];
        var nodes = _history.Remove(forgetting.User);
        while (shard.First(forgetting.User) is { } node)
        {
            ended.Add(EndWithoutHistory(node, node.Session.IsActive(now) ? forgetting.End : node.Session.Timeout()));
            nodes.Add(node);
        }

        // Before the nodes go: a create looks for a session first, and for its id here afterward.
        foreach (var node in nodes)
        {
            if (node.Session.KeepHistoryUntil is { } until && until > now)
            {
                _forgotten[node.Session.Id] = until;
            }
        }

        Forget(nodes);
        return ended;
    }

    private SessionTerminationResult TerminateOne(SessionId id, SessionTermination termination)
    {
        if (_byId.Find(id) is not { } found)
        {
            return new SessionTerminationResult([]);
        }

        lock (ShardOf(found).Lock)
        {
            return IsCurrentSelected(termination)
                ? new SessionTerminationResult([], CurrentSelected: true)
                : new SessionTerminationResult(EndFound(found, termination) is { } ended ? [ended] : []);
        }
    }

    private SessionTerminationResult TerminateOfUser(SessionUser user, SessionTermination termination)
    {
        var shard = ShardOf(user);
        lock (shard.Lock)
        {
            if (IsCurrentSelected(termination))
            {
                return new SessionTerminationResult([], CurrentSelected: true);
            }

            List<EndedSession> ended = [];
            var next = shard.First(user);
            while (next is { } node)
            {
                next = node.NextOfUser;
                if (EndSelected(node, termination) is { } one)
                {
                    ended.Add(one);
                }
            }

            return new SessionTerminationResult(ended);
        }
    }

    private SessionTerminationResult TerminateAnywhere(SessionTermination termination)
    {
        if (IsCurrentSelected(termination))
        {
            return new SessionTerminationResult([], CurrentSelected: true);
        }

        List<EndedSession> ended = [];
        foreach (var candidate in Candidates(termination.Filter))
        {
            if (!(candidate.Session.ActiveUntil <= termination.TimedOutSince) && EndFound(candidate, termination) is { } one)
            {
                ended.Add(one);
            }
        }

        return new SessionTerminationResult(ended);
    }

    private bool IsCurrentSelected(SessionTermination termination) =>
        termination.Current is { } id
        && _byId.Find(id) is { Session: var session }
        && session.IsActive(termination.End.At)
        && termination.Filter.Matches(session);

    /// <summary>
    /// Ends a session that was found without the lock of its shard, if the filter selects it. Skips the protected session: an
    /// activity in flight may have made it active after <see cref="IsCurrentSelected"/>.
    /// </summary>
    private EndedSession? EndFound(SessionNode found, SessionTermination termination)
    {
        lock (ShardOf(found).Lock)
        {
            return _byId.Find(found.Session.Id) is { } node
                && !(node.Session.Id == termination.Current && node.Session.IsActive(termination.End.At))
                    ? EndSelected(node, termination)
                    : null;
        }
    }

    private EndedSession? EndSelected(SessionNode node, SessionTermination termination) =>
        node.Session is { End: null } session && termination.Filter.Matches(session)
        && (termination.IfToken is not { } token || node.TokenHash == token)
        && (termination.IfPayload is not { } payload || session.Payload.Span.SequenceEqual(payload.Span))
            ? End(node, session.IsActive(termination.End.At) ? termination.End : session.Timeout())
            : null;

    /// <summary>Ends a session. The caller has found the node under the lock of its shard, and checked that it has not ended.</summary>
    private EndedSession End(SessionNode node, SessionEnd end)
    {
        var ended = EndWithoutHistory(node, end);
        if (_history.Add(node) is { } oldest)
        {
            Forget(oldest);
        }

        return ended;
    }

    /// <summary>The only place where a session ends. The caller adds it to the history before it releases the lock.</summary>
    private EndedSession EndWithoutHistory(SessionNode node, SessionEnd end)
    {
        Saw(end.At);
        ShardOf(node).Remove(node);
        var session = node.Session with { End = end, Payload = default };
        node.Session = session;
        return new EndedSession(session.Id, session.User, session.Application, end, node.TokenHash);
    }
}
