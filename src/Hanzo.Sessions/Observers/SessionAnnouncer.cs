using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions;

/// <summary>Tells the log, the metrics and the observers what has been committed.</summary>
internal sealed class SessionAnnouncer(
    IEnumerable<ISessionObserver> observers, int capacity, SessionMetrics metrics, ILogger logger)
{
    private readonly ObserverQueue[] _queues =
        [.. observers.Select(observer => new ObserverQueue(observer, capacity, metrics, logger))];

    public void Created(Session session)
    {
        Log.Created(logger, session.Id, new Printable(session.User), new Printable(session.Application));
        metrics.Created.Add(1);
        if (_queues.Length > 0)
        {
            var it = session with { Payload = default };
            Tell((observer, cancellationToken) => observer.OnCreatedAsync(it, cancellationToken));
        }
    }

    public void Refused(SessionLimitExceededException refusal)
    {
        Log.Refused(logger, new Printable(refusal.User), refusal.ActiveSessions.Count, refusal.Limit.MaxSessions);
        metrics.Refused.Add(1);
        Tell((observer, cancellationToken) => observer.OnRefusedAsync(refusal, cancellationToken));
    }

    public void Ended(IReadOnlyList<EndedSession> sessions)
    {
        for (var i = 0; i < sessions.Count; i++)
        {
            var session = sessions[i];
            Log.Ended(logger, session.Id, new Printable(session.User), session.End.Reason, new Printable(session.End.By));
            if (metrics.Ended.Enabled)
            {
                metrics.Ended.Add(1, SessionTelemetry.Tag(SessionTelemetry.Reason, SessionTelemetry.NameOf(session.End.Reason)));
            }

            if (_queues.Length > 0)
            {
                var it = session;
                Tell((observer, cancellationToken) => observer.OnEndedAsync(it, cancellationToken));
            }
        }
    }

    public void Moved(SessionMoved moved)
    {
        var (session, from, to) = (moved.Session, moved.From, moved.To);
        Log.Moved(
            logger,
            session.Id,
            new Printable(session.User),
            moved.Kinds,
            to.IpAddress ?? "an unknown address",
            new Printable(to.UserAgent ?? "an unknown agent"),
            from.IpAddress ?? "an unknown address",
            new Printable(from.UserAgent ?? "an unknown agent"));
        if (moved.HasMore)
        {
            Log.ManyMoves(logger, session.Id, new Printable(session.User), ToldMoves.MostPlaces);
        }

        metrics.Moved.Add(1, SessionTelemetry.Tag(SessionTelemetry.Kind, SessionTelemetry.NameOf(moved.Kinds)));
        var it = moved with { Session = session with { Payload = default } };
        Tell((observer, cancellationToken) => observer.OnMovedAsync(it, cancellationToken));
    }

    public void IpSpread(Session session, int networks)
    {
        Log.IpSpread(logger, new Printable(session.User), networks);
        metrics.IpSpread.Add(1);
        var it = session with { Payload = default };
        Tell((observer, cancellationToken) => observer.OnIpSpreadAsync(it, networks, cancellationToken));
    }

    /// <inheritdoc cref="ObserverQueue.FlushAsync"/>
    public Task FlushAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_queues.Select(queue => queue.FlushAsync(cancellationToken)));

    /// <inheritdoc cref="ObserverQueue.StopAsync"/>
    public Task StopAsync(TimeSpan patience, TimeProvider clock, CancellationToken cancellationToken) =>
        Task.WhenAll(_queues.Select(queue => queue.StopAsync(patience, clock, cancellationToken)));

    private void Tell(Telling telling)
    {
        foreach (var queue in _queues)
        {
            queue.Enqueue(telling);
        }
    }
}
