using System.Runtime.InteropServices;

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

    /// <summary>The user's session that was added or rotated last; <see cref="SessionNode.NextOfUser"/> leads to the others.</summary>
    public SessionNode? First(SessionUser user) => _first.GetValueOrDefault(user);

    /// <summary>The active sessions of a user as they are now: a later change does not disturb a walk through them.</summary>
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

    /// <summary>How many distinct networks a user's active sessions have.</summary>
    /// <param name="first">What <see cref="First"/> answers.</param>
    /// <param name="now">The instant to judge by.</param>
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
