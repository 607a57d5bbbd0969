namespace Hanzo.Sessions;

/// <summary>
/// The sessions, not ended yet, of some of the users, and the lock under which they change. A user is always in the
/// same shard, so what must be atomic for a user is.
/// </summary>
internal sealed class SessionShard(int number)
{
    private readonly Dictionary<SessionUser, SessionNode> _first = [];

    /// <summary>Locks of several shards are taken in the order of their numbers.</summary>
    public int Number { get; } = number;

    public Lock Lock { get; } = new();

    public void Add(SessionNode node)
    {
        var user = node.Session.User;
        if (_first.TryGetValue(user, out var next))
        {
            node.NextOfUser = next;
            next.PreviousOfUser = node;
        }

        _first[user] = node;
    }

    public void Remove(SessionNode node)
    {
        var (previous, next) = (node.PreviousOfUser, node.NextOfUser);
        next?.PreviousOfUser = previous;
        if (previous is not null)
        {
            previous.NextOfUser = next;
        }
        else if (next is not null)
        {
            _first[node.Session.User] = next;
        }
        else
        {
            _first.Remove(node.Session.User);
        }

        node.PreviousOfUser = node.NextOfUser = null;
    }

    /// <summary>The active sessions of a user, at a moment: what happens to them meanwhile does not disturb the walk.</summary>
    public List<SessionNode> Active(SessionUser user, DateTimeOffset now)
    {
        List<SessionNode> active = [];
        for (var node = _first.GetValueOrDefault(user); node is not null; node = node.NextOfUser)
        {
            if (node.Session.IsActive(now))
            {
                active.Add(node);
            }
        }

        return active;
    }

    /// <summary>The user as this shard has it already, so that equal strings are kept once.</summary>
    public SessionUser Share(SessionUser user) =>
        _first.TryGetValue(user, out var node) ? node.Session.User : user;
}
