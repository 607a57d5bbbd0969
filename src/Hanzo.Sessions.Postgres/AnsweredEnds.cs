using System.Collections.Concurrent;

namespace Hanzo.Sessions.Postgres;

/// <summary>
/// The newest ends that this process has reported. A call whose answer was lost finds what it ended by the instant and the
/// actor of the end: another call of the same actor may have ended sessions of the same user in the same millisecond.
/// </summary>
internal sealed class AnsweredEnds
{
    /// <summary>How many are kept: more than a process ends while a call is tried again.</summary>
    private const int Most = 10_000;

    private readonly ConcurrentQueue<(SessionId Id, DateTimeOffset At)> _newest = [];

    /// <summary>Remembers what a call reports.</summary>
    public void Add(IReadOnlyList<EndedSession> ended)
    {
        foreach (var session in ended)
        {
            _newest.Enqueue((session.Id, session.End.At));
        }

        while (_newest.Count > Most && _newest.TryDequeue(out _))
        {
        }
    }

    /// <summary>Leaves out what another call has reported.</summary>
    public List<EndedSession> Without(List<EndedSession> found)
    {
        var reported = found.Count == 0 ? [] : _newest.ToHashSet();
        return found.FindAll(session => !reported.Contains((session.Id, session.End.At)));
    }
}
