namespace Hanzo.Sessions;

/// <summary>
/// How many of the active sessions of one user are on which network, kept up to date, for a user who has too many
/// sessions to look at all of them at every sign-in. Guarded by the lock of the user's shard.
/// </summary>
internal sealed class UserNetworks
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly HashSet<SessionNode> _counted = [];
    private readonly PriorityQueue<SessionNode, long> _byTimeUp = new();
    private DateTimeOffset _asOf;

    public UserNetworks(IEnumerable<SessionNode> active, DateTimeOffset now)
    {
        _asOf = now;
        foreach (var node in active)
        {
            Add(node);
        }
    }

    /// <summary>How many networks there are; null when this cannot be told from what is kept, so that it must be made anew.</summary>
    public int? Count(DateTimeOffset now)
    {
        // Sessions that have ended stay in the queue until their time would have been up: they may not become many.
        if (now < _asOf || _byTimeUp.Count > (2 * _counted.Count) + 100)
        {
            return null;
        }

        _asOf = now;
        while (_byTimeUp.TryPeek(out var node, out var timeUp) && timeUp <= now.UtcTicks)
        {
            _byTimeUp.Dequeue();
            if (!_counted.Contains(node))
            {
                continue;
            }

            if (node.Session.IsActive(now))
            {
                _byTimeUp.Enqueue(node, node.Session.ActiveUntil.UtcTicks);
            }
            else
            {
                Remove(node);
            }
        }

        return _counts.Count;
    }

    public void Add(SessionNode node)
    {
        if (node.Session.IpNetwork is { } network && _counted.Add(node))
        {
            _counts[network] = _counts.GetValueOrDefault(network) + 1;
            _byTimeUp.Enqueue(node, node.Session.ActiveUntil.UtcTicks);
        }
    }

    public void Remove(SessionNode node)
    {
        if (_counted.Remove(node) && --_counts[node.Session.IpNetwork!] is 0)
        {
            _counts.Remove(node.Session.IpNetwork!);
        }
    }

    /// <summary>Whether an activity is of a session that was taken for timed out, because the clock was ahead then.</summary>
    public bool IsContradictedBy(SessionNode node) => node.Session.IpNetwork is not null && !_counted.Contains(node);
}
