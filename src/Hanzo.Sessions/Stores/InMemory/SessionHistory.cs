namespace Hanzo.Sessions;

/// <summary>
/// The ended sessions: the newest ends up to the capacity, and besides those that must be kept until an instant of their
/// own. Guarded by its own lock.
/// </summary>
internal sealed class SessionHistory(int capacity)
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<SessionNode, (long Ticks, SessionId Id)> _byEnd = new(new FirstToGo());
    private readonly PriorityQueue<SessionNode, (long Ticks, SessionId Id)> _kept = new(new FirstToGo());

    /// <summary>Adds an ended session, and returns the one that must go for it; null if none must.</summary>
    public SessionNode? Add(SessionNode node)
    {
        lock (_lock)
        {
            return Insert(node);
        }
    }

    /// <summary>Adds ended sessions, and adds those that must go for them to <paramref name="oldest"/>.</summary>
    public void Add(List<SessionNode> nodes, List<SessionNode> oldest)
    {
        lock (_lock)
        {
            foreach (var node in nodes)
            {
                if (Insert(node) is { } one)
                {
                    oldest.Add(one);
                }
            }
        }
    }

    public List<SessionNode> Purge(DateTimeOffset endedBy, DateTimeOffset now, int maximum)
    {
        List<SessionNode> purged = [];
        lock (_lock)
        {
            while (purged.Count < maximum && _byEnd.TryPeek(out _, out var oldest) && oldest.Ticks <= endedBy.UtcTicks)
            {
                purged.Add(_byEnd.Dequeue());
            }

            // Their own instant has passed: from now on they are history like any other.
            while (purged.Count < maximum && _kept.TryPeek(out var node, out var next) && next.Ticks <= now.UtcTicks)
            {
                _kept.Dequeue();
                if (node.Session.End!.At <= endedBy)
                {
                    purged.Add(node);
                }
                else if (InsertByEnd(node) is { } one)
                {
                    purged.Add(one);
                }
            }
        }

        return purged;
    }

    /// <summary>Removes all sessions of a user. It reads the whole history.</summary>
    public List<SessionNode> Remove(SessionUser user)
    {
        List<SessionNode> removed = [];
        lock (_lock)
        {
            Remove(_byEnd, user, removed);
            Remove(_kept, user, removed);
        }

        return removed;
    }

    public List<Session> ToList()
    {
        lock (_lock)
        {
            return
            [
                .. _byEnd.UnorderedItems.Select(item => item.Element.Session),
                .. _kept.UnorderedItems.Select(item => item.Element.Session),
            ];
        }
    }

    private static void Remove(
        PriorityQueue<SessionNode, (long Ticks, SessionId Id)> queue, SessionUser user, List<SessionNode> removed)
    {
        List<(SessionNode Node, (long Ticks, SessionId Id) Key)> others = new(queue.Count);
        foreach (var (node, key) in queue.UnorderedItems)
        {
            if (node.Session.User == user)
            {
                removed.Add(node);
            }
            else
            {
                others.Add((node, key));
            }
        }

        if (others.Count != queue.Count)
        {
            queue.Clear();
            queue.EnqueueRange(others);
        }
    }

    private SessionNode? Insert(SessionNode node)
    {
        var session = node.Session;
        if (session.KeepHistoryUntil is { } until)
        {
            _kept.Enqueue(node, (until.UtcTicks, session.Id));
            return null;
        }

        return InsertByEnd(node);
    }

    private SessionNode? InsertByEnd(SessionNode node)
    {
        _byEnd.Enqueue(node, (node.Session.End!.At.UtcTicks, node.Session.Id));
        return _byEnd.Count > capacity ? _byEnd.Dequeue() : null;
    }

    /// <summary>By instant, then by id. Every end makes about thirty comparisons, and the default one for tuples is several times slower.</summary>
    private sealed class FirstToGo : IComparer<(long Ticks, SessionId Id)>
    {
        public int Compare((long Ticks, SessionId Id) x, (long Ticks, SessionId Id) y) =>
            x.Ticks != y.Ticks ? x.Ticks.CompareTo(y.Ticks) : x.Id.CompareTo(y.Id);
    }
}
