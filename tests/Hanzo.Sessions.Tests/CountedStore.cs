namespace Hanzo.Sessions.Tests;

/// <summary>Another store, with a call before each touch, and a count of every verb.</summary>
internal sealed class CountedStore(ISessionStore inner, Action<SessionTouch>? beforeTouch = null) : ISessionStore
{
    private int _calls;

    public int Calls => _calls;

    public Task PrepareAsync(CancellationToken cancellationToken = default) =>
        Counted().PrepareAsync(cancellationToken);

    public Task<SessionCreationResult> CreateAsync(SessionCreation creation, CancellationToken cancellationToken = default) =>
        Counted().CreateAsync(creation, cancellationToken);

    public ValueTask<Session?> FindByTokenAsync(SessionTokenHash tokenHash, CancellationToken cancellationToken = default) =>
        Counted().FindByTokenAsync(tokenHash, cancellationToken);

    public ValueTask<Session?> FindAsync(SessionId id, CancellationToken cancellationToken = default) =>
        Counted().FindAsync(id, cancellationToken);

    public ValueTask<IReadOnlyList<bool>> TouchAsync(
        IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken = default)
    {
        foreach (var touch in touches)
        {
            beforeTouch?.Invoke(touch);
        }

        return Counted().TouchAsync(touches, cancellationToken);
    }

    public Task<Session?> RotateAsync(SessionRotation rotation, CancellationToken cancellationToken = default) =>
        Counted().RotateAsync(rotation, cancellationToken);

    public Task<SessionTermination> TerminateAsync(
        SessionFilter filter, SessionEnd end, SessionId? current = null, CancellationToken cancellationToken = default) =>
        Counted().TerminateAsync(filter, end, current, cancellationToken);

    public Task<EndedSession?> ExpireAsync(SessionId id, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        Counted().ExpireAsync(id, now, cancellationToken);

    public Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(
        DateTimeOffset now, int maximum, CancellationToken cancellationToken = default) =>
        Counted().ExpireBatchAsync(now, maximum, cancellationToken);

    public Task<int> PurgeAsync(
        DateTimeOffset endedBy, DateTimeOffset now, int maximum, CancellationToken cancellationToken = default) =>
        Counted().PurgeAsync(endedBy, now, maximum, cancellationToken);

    public Task<IReadOnlyList<Session>> ListAsync(
        SessionQuery query, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        Counted().ListAsync(query, now, cancellationToken);

    public Task<IReadOnlyList<SessionRecord>> ListRecordsAsync(
        SessionQuery query, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        Counted().ListRecordsAsync(query, now, cancellationToken);

    public Task<long> CountAsync(
        SessionQuery query, DateTimeOffset now, long maximum, CancellationToken cancellationToken = default) =>
        Counted().CountAsync(query, now, maximum, cancellationToken);

    public Task<IReadOnlyList<IpSpread>> ListIpSpreadAsync(
        SessionScope scope, int threshold, int offset, int limit, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        Counted().ListIpSpreadAsync(scope, threshold, offset, limit, now, cancellationToken);

    private ISessionStore Counted()
    {
        Interlocked.Increment(ref _calls);
        return inner;
    }
}
