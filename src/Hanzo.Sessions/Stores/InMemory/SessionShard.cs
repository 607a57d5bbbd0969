using System.Runtime.InteropServices;

namespace Hanzo.Sessions;

/// <summary>
/// The sessions, not ended yet, of some of the users, and the lock under which they change. A user is always in the
/// same shard, so what must be atomic for a user is.
/// </summary>
internal sealed class SessionShard(int number)
{
    // From here on a sign-in does not look at all sessions of the user to count their networks.
    private const int ManySessions = 64;

    private readonly Dictionary<SessionUser, SessionNode> _first = [];
    private readonly Dictionary<SessionUser, UserNetworks> _networks = [];
    private readonly List<string> _seen = [];

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
        NetworksOf(user)?.Add(node);
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
            _networks.Remove(node.Session.User);
        }

        node.PreviousOfUser = node.NextOfUser = null;
        Wheel.Remove(node);
        NetworksOf(node.Session.User)?.Remove(node);
    }

    /// <summary>To be called after an activity of a session was written down.</summary>
    public void Touched(SessionNode node)
    {
        if (NetworksOf(node.Session.User)?.IsContradictedBy(node) == true)
        {
            _networks.Remove(node.Session.User);
        }
    }

    /// <summary>The user's session that was added or rotated last; <see cref="SessionNode.NextOfUser"/> leads to the others.</summary>
    public SessionNode? First(SessionUser user) => _first.GetValueOrDefault(user);

    /// <summary>The active sessions of a user, at a moment: what happens to them meanwhile does not disturb the walk.</summary>
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

    /// <summary>How many distinct networks the user's active sessions have.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="first">What <see cref="First"/> answers, which the caller has at hand.</param>
    /// <param name="now">The instant to judge by.</param>
    public int CountNetworks(SessionUser user, SessionNode? first, DateTimeOffset now)
    {
        if (NetworksOf(user)?.Count(now) is { } known)
        {
            return known;
        }

        _seen.Clear();
        var sessions = 0;
        for (var node = first; node is not null; node = node.NextOfUser)
        {
            if (++sessions > ManySessions)
            {
                return (_networks[user] = new UserNetworks(Active(user, now), now)).Count(now)!.Value;
            }

            if (node.Session.IpNetwork is { } network && node.Session.IsActive(now) && !_seen.Contains(network))
            {
                _seen.Add(network);
            }
        }

        _networks.Remove(user);
        return _seen.Count;
    }

    private UserNetworks? NetworksOf(SessionUser user) => _networks.Count == 0 ? null : _networks.GetValueOrDefault(user);
}
