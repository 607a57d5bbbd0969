using System.Collections.Concurrent;

namespace Hanzo.Sessions.Tests;

/// <summary>Keeps everything it is told.</summary>
internal sealed class RecordedObserver : ISessionObserver
{
    public ConcurrentQueue<Session> Created { get; } = [];

    public ConcurrentQueue<SessionLimitExceededException> Refused { get; } = [];

    public ConcurrentQueue<EndedSession> Ended { get; } = [];

    public ConcurrentQueue<(Session Session, int Networks)> IpSpreads { get; } = [];

    public ConcurrentQueue<SessionMoved> Moved { get; } = [];

    public ValueTask OnCreatedAsync(Session session, CancellationToken cancellationToken) => Keep(Created, session);

    public ValueTask OnRefusedAsync(SessionLimitExceededException refusal, CancellationToken cancellationToken) => Keep(Refused, refusal);

    public ValueTask OnEndedAsync(EndedSession session, CancellationToken cancellationToken) => Keep(Ended, session);

    public ValueTask OnMovedAsync(SessionMoved moved, CancellationToken cancellationToken) => Keep(Moved, moved);

    public ValueTask OnIpSpreadAsync(Session session, int networks, CancellationToken cancellationToken) =>
        Keep(IpSpreads, (session, networks));

    private static ValueTask Keep<T>(ConcurrentQueue<T> where, T what)
    {
        where.Enqueue(what);
        return ValueTask.CompletedTask;
    }
}
