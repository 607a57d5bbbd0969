namespace Hanzo.Sessions;

/// <summary>
/// The ended sessions that are kept: at most so many, the newest ends, except those that must be kept until an
/// instant of their own. Guarded by its own lock.
/// </summary>
internal sealed class SessionHistory(int capacity)
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<SessionNode, (DateTimeOffset At, SessionId Id)> _byEnd = new();
    private readonly PriorityQueue<SessionNode, (DateTimeOffset Until, SessionId Id)> _kept = new();

    /// <summary>Adds an ended session, and answers which one has to go for it; null for none.</summary>
    public SessionNode? Add(SessionNode node)
    {
        var session = node.Session;
        lock (_lock)
        {
            if (session.KeepHistoryUntil is { } until)
            {
                _kept.Enqueue(node, (until, session.Id));
                return null;
            }

            _byEnd.Enqueue(node, (session.End!.At, session.Id));
            return _byEnd.Count > capacity ? _byEnd.Dequeue() : null;
        }
    }

    public List<SessionNode> Purge(DateTimeOffset endedBy, DateTimeOffset now, int maximum)
    {
        List<SessionNode> purged = [];
        lock (_lock)
        {
            while (purged.Count < maximum && _byEnd.TryPeek(out _, out var oldest) && oldest.At <= endedBy)
            {
                purged.Add(_byEnd.Dequeue());
            }

            // Kept long enough: from now on they are history like any other.
            while (purged.Count < maximum && _kept.TryPeek(out var node, out var next) && next.Until <= now)
            {
                _kept.Dequeue();
                if (node.Session.End!.At <= endedBy)
                {
                    purged.Add(node);
                }
                else
                {
                    _byEnd.Enqueue(node, (node.Session.End.At, node.Session.Id));
                    if (_byEnd.Count > capacity)
                    {
                        purged.Add(_byEnd.Dequeue());
                    }
                }
            }
        }

        return purged;
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
}
