using System.Runtime.InteropServices;

namespace Hanzo.Sessions;

/// <summary>
/// The sessions of some users that have not ended, and the lock that guards their changes. A user is always in the same
/// shard, so one lock makes a user's changes atomic.
/// </summary>
internal sealed class SessionShard(int number)
{
    private readonly Dictionary<SessionUser, SessionNode> _first = [];

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
    public static int CountNetworks(SessionNode? first, DateTimeOffset now)
    {
        string? only = null;
        HashSet<string>? several = null;
        for (var node = first; node is not null; node = node.NextOfUser)
        {
            if (node.Session.IpNetwork is not { } network || !node.Session.IsActive(now))
            {
                continue;
            }

            only ??= network;
            if (several is not null || !string.Equals(network, only, StringComparison.Ordinal))
            {
                several ??= new HashSet<string>(StringComparer.Ordinal) { only };
                several.Add(network);
            }
        }

        return several?.Count ?? (only is null ? 0 : 1);
    }
}
