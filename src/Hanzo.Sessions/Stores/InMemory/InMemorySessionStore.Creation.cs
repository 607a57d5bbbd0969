namespace Hanzo.Sessions;

public sealed partial class InMemorySessionStore
{
    /// <inheritdoc/>
    public Task<SessionCreationResult> CreateAsync(
        SessionCreation creation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(creation);
        cancellationToken.ThrowIfCancellationRequested();
        var presented = creation.Replaces is { } hash ? _byToken.Find(hash) : null;
        var own = ShardOf(creation.Session.User);
        var other = presented is null ? own : ShardOf(presented);
        var (first, second) = own.Number <= other.Number ? (own, other) : (other, own);

        // Two creates can have one token and different users: an old cookie is adopted while its user is renamed.
        lock (_sameToken[(uint)creation.TokenHash.GetHashCode() % (uint)_sameToken.Length])
        {
            lock (first.Lock)
            {
                lock (second.Lock)
                {
                    return Task.FromResult(Create(creation, presented, own));
                }
            }
        }
    }

    private SessionCreationResult Create(SessionCreation creation, SessionNode? presented, SessionShard shard)
    {
        var (user, now) = (creation.Session.User, creation.Session.CreatedAt);
        if (Stored(creation) is { } existing)
        {
            return new SessionCreationResult { Outcome = SessionCreationOutcome.AlreadyExists, Existing = existing };
        }

        if (_forgotten.ContainsKey(creation.Session.Id))
        {
            return new SessionCreationResult { Outcome = SessionCreationOutcome.AlreadyExists };
        }

        // The presented session may have changed before its shard was locked.
        var unended = presented is null ? null : _byToken.Find(presented.TokenHash);
        unended = unended?.Session.End is null ? unended : null;
        var replaced = unended?.Session.IsActive(now) == true ? unended : null;
        var first = shard.First(user);
        SessionNode[] evicted = [];
        var anyTimedOut = false;
        if (creation.Limit is { } limit)
        {
            (var counted, anyTimedOut) = Count(first, creation, replaced);
            if (counted >= limit.MaxSessions)
            {
                var all = Counted(shard, creation, replaced);
                if (limit.Action == SessionLimitAction.Refuse && !FreesPlace(replaced, creation))
                {
                    return new SessionCreationResult
                    {
                        Outcome = SessionCreationOutcome.LimitReached,
                        ActiveSessions = [.. all.Select(WithoutPayload).OrderByDescending(it => (it.CreatedAt, it.Id))],
                    };
                }

                evicted = limit.Action == SessionLimitAction.Refuse ? [] : ToEvict(all, limit);
            }
        }

        var networksBefore = shard.CountNetworks(first, now);
        List<EndedSession> ended = [];
        if (unended is not null)
        {
            ended.Add(End(unended, replaced is null ? unended.Session.Timeout() : new SessionEnd(now, SessionEndReason.Replaced, creation.By)));
        }

        foreach (var node in evicted)
        {
            ended.Add(End(node, new SessionEnd(now, SessionEndReason.Evicted, creation.By)));
        }

        if (anyTimedOut)
        {
            EndTimedOut(shard, user, now, ended);
        }

        Add(creation, shard, first?.Session.User);
        return new SessionCreationResult
        {
            Outcome = SessionCreationOutcome.Created,
            Ended = ended.Count == 0 ? [] : ended,
            NetworksBefore = networksBefore,
            Networks = shard.CountNetworks(shard.First(user), now),
        };
    }

    private Session? Stored(SessionCreation creation) =>
        (_byId.Find(creation.Session.Id) ?? _byToken.Find(creation.TokenHash))?.Session;

    /// <summary>How many sessions count against the limit, and whether any has timed out.</summary>
    private static (int Counted, bool AnyTimedOut) Count(SessionNode? first, SessionCreation creation, SessionNode? replaced)
    {
        var (counted, anyTimedOut) = (0, false);
        for (var node = first; node is not null; node = node.NextOfUser)
        {
            counted += node != replaced && Counts(node, creation) ? 1 : 0;
            anyTimedOut |= !node.Session.IsActive(creation.Session.CreatedAt);
        }

        return (counted, anyTimedOut);
    }

    /// <summary>Whether the replaced session counts against the limit: then the new one takes its place, also above the limit.</summary>
    private static bool FreesPlace(SessionNode? replaced, SessionCreation creation) =>
        replaced is not null && replaced.Session.User == creation.Session.User && Counts(replaced, creation);

    private static SessionNode[] ToEvict(List<SessionNode> counted, SessionLimit limit) =>
    [
        .. counted
            .OrderBy(node => limit.Action == SessionLimitAction.EndOldest ? node.Session.CreatedAt : node.Session.LastActiveAt)
            .ThenBy(node => node.Session.Id)
            .Take(counted.Count - limit.MaxSessions + 1),
    ];

    private void EndTimedOut(SessionShard shard, SessionUser user, DateTimeOffset now, List<EndedSession> ended)
    {
        var next = shard.First(user);
        while (next is { } node)
        {
            next = node.NextOfUser;
            if (!node.Session.IsActive(now))
            {
                ended.Add(End(node, node.Session.Timeout()));
            }
        }
    }

    private static List<SessionNode> Counted(SessionShard shard, SessionCreation creation, SessionNode? replaced) =>
        shard.Active(creation.Session.User, creation.Session.CreatedAt).FindAll(node => node != replaced && Counts(node, creation));

    private static bool Counts(SessionNode node, SessionCreation creation) =>
        node.Session.IsActive(creation.Session.CreatedAt)
        && (creation.Limit!.Scope == SessionLimitScope.User
            || string.Equals(node.Session.Application, creation.Session.Application, StringComparison.Ordinal));

    /// <param name="creation">The session to add.</param>
    /// <param name="shard">The shard of its user.</param>
    /// <param name="known">The same user from another session, so that memory holds equal strings once.</param>
    private void Add(SessionCreation creation, SessionShard shard, SessionUser? known)
    {
        var session = creation.Session;
        var node = new SessionNode(
            session with
            {
                User = known ?? session.User.Sharing(_strings.Share(session.User.Organization)!),
                Application = _strings.Share(session.Application)!,
                IpAddress = _strings.Share(session.IpAddress),
                IpNetwork = _strings.Share(session.IpNetwork),
                UserAgent = _strings.Share(session.UserAgent),
                AuthenticationMethods = _strings.Share(session.AuthenticationMethods),
            },
            creation.TokenHash);
        Saw(session.CreatedAt);
        shard.Add(node);
        _byId.Add(node);
        _byToken.Add(node);
    }
}
