using System.Runtime.InteropServices;

namespace Hanzo.Sessions;

/// <summary>
/// The places that this server has told of each session lately, so that it tells each once per activity resolution, and of one
/// session no more than sixteen: two clients that use one session in turn would otherwise be an event per request.
/// </summary>
internal sealed class ToldMoves
{
    /// <summary>How many places of a session are told within a resolution.</summary>
    public const int MostPlaces = 16;

    private const int MostSessions = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<SessionId, Places> _sessions = [];

    /// <summary>Whether to tell a place, and whether it is the first one too many.</summary>
    public (bool Tell, bool IsOneTooMany) Add(SessionId session, int place, DateTimeOffset now, TimeSpan resolution)
    {
        lock (_lock)
        {
            ref var places = ref CollectionsMarshal.GetValueRefOrAddDefault(_sessions, session, out _);
            if (places is null || now >= places.Until || now < places.Since)
            {
                places = new Places(now, now + resolution, [place]);
                MakeRoom(now, session);
                return (true, false);
            }

            if (places.Told.Count > MostPlaces || places.Told.Contains(place))
            {
                return (false, false);
            }

            places.Told.Add(place);
            return (true, places.Told.Count > MostPlaces);
        }
    }

    private void MakeRoom(DateTimeOffset now, SessionId added)
    {
        if (_sessions.Count <= MostSessions)
        {
            return;
        }

        foreach (var (session, places) in _sessions)
        {
            if (now >= places.Until)
            {
                _sessions.Remove(session);
            }
        }

        if (_sessions.Count > MostSessions && _sessions.Remove(added, out var last))
        {
            _sessions.Clear();
            _sessions.Add(added, last);
        }
    }

    private sealed record Places(DateTimeOffset Since, DateTimeOffset Until, List<int> Told);
}
