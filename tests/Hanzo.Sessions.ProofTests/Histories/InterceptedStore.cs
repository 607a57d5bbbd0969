namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>A store whose every call goes through one method, which decides whether, when and how often it happens.</summary>
internal abstract class InterceptedStore(ISessionStore inner) : ISessionStore
{
    public Task PrepareAsync(CancellationToken cancellationToken = default) => inner.PrepareAsync(cancellationToken);

    public Task<SessionCreationResult> CreateAsync(SessionCreation creation, CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.CreateAsync(creation, cancellationToken));

    public ValueTask<Session?> FindByTokenAsync(SessionTokenHash tokenHash, CancellationToken cancellationToken = default) =>
        new(CallAsync(() => inner.FindByTokenAsync(tokenHash, cancellationToken).AsTask()));

    public ValueTask<Session?> FindAsync(SessionId id, CancellationToken cancellationToken = default) =>
        new(CallAsync(() => inner.FindAsync(id, cancellationToken).AsTask()));

    public ValueTask<IReadOnlyList<bool>> TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken = default) =>
        new(CallAsync(() => inner.TouchAsync(touches, cancellationToken).AsTask()));

    public Task<Session?> RotateAsync(SessionRotation rotation, CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.RotateAsync(rotation, cancellationToken));

    public Task<SessionTermination> TerminateAsync(
        SessionFilter filter, SessionEnd end, SessionId? current = null, CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.TerminateAsync(filter, end, current, cancellationToken));

    public Task<EndedSession?> ExpireAsync(SessionId id, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.ExpireAsync(id, now, cancellationToken));

    public Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(
        DateTimeOffset now, int maximum, CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.ExpireBatchAsync(now, maximum, cancellationToken));

    public Task<int> PurgeAsync(
        DateTimeOffset endedBy, DateTimeOffset now, int maximum, CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.PurgeAsync(endedBy, now, maximum, cancellationToken));

    public Task<IReadOnlyList<Session>> ListAsync(SessionQuery query, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.ListAsync(query, now, cancellationToken));

    public Task<IReadOnlyList<SessionRecord>> ListRecordsAsync(
        SessionQuery query, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.ListRecordsAsync(query, now, cancellationToken));

    public Task<long> CountAsync(
        SessionQuery query, DateTimeOffset now, long maximum, CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.CountAsync(query, now, maximum, cancellationToken));

    public Task<IReadOnlyList<IpSpread>> ListIpSpreadAsync(
        SessionScope scope, int threshold, int offset, int limit, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.ListIpSpreadAsync(scope, threshold, offset, limit, now, cancellationToken));

    /// <summary>Does one call, or not.</summary>
    protected abstract Task<T> CallAsync<T>(Func<Task<T>> call);
}
