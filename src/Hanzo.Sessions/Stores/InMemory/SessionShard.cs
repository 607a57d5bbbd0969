using System.Runtime.InteropServices;

namespace Hanzo.Sessions;

/// <summary>
/// The sessions of some users that have not ended, and the lock that guards their changes. A user is always in the same
/// shard, so one lock makes a user's changes atomic.
/// </summary>
internal sealed class SessionShard(int number)
{
    private const int MostKept = 256;

    private readonly Dictionary<SessionUser, SessionNode> _first = [];
    private HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>Code that needs several shards locks them in the order of their numbers.</summary>
    public int Number { get; } = number;

    public Lock Lock { get; } = new();

    public ExpiryWheel Wheel { get; } = new();

    public void Add(SessionNode node)
    {
        var user = node.Session.User;
        node.Shard = Number;
        ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(_first, user, out _);
        node.NextOfUser = first;
        first?.PreviousOfUser = node;
        first = node;
        Wheel.File(node);
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
        Wheel.Remove(node);
    }

    /// <summary>The user's last added or rotated session; <see cref="SessionNode.NextOfUser"/> leads to the others.</summary>
    public SessionNode? First(SessionUser user) => _first.GetValueOrDefault(user);

    /// <summary>A copy of the list of a user's active sessions, which later changes do not affect.</summary>
    public List<SessionNode> Active(SessionUser user, DateTimeOffset now)
    {
        List<SessionNode> active = [];
        for (var node = First(user); node is not null; node = node.NextOfUser)
        {
            if (node.Session.IsActive(now))
            {
                active.Add(node);
            }
        }

        return active;
    }

    /// <summary>Counts the distinct networks of a user's active sessions, from the node that <see cref="First"/> returns.</summary>
    public int CountNetworks(SessionNode? first, DateTimeOffset now)
    {
        // Kept for the next sign-in, unless a user of very many networks has made it large: then clearing it would take long.
        _seen = _seen.Capacity > MostKept ? new(StringComparer.Ordinal) : _seen;
        _seen.Clear();
        for (var node = first; node is not null; node = node.NextOfUser)
        {
            if (!node.Session.IsActive(now))
            {
                continue;
            }

            if (node.Session.IpNetwork is { } network)
            {
                _seen.Add(network);
            }

            if (node.Session.LastUse?.IpNetwork is { } other)
            {
                _seen.Add(other);
            }
        }

        return _seen.Count;
    }
}
