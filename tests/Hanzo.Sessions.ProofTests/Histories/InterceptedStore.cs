namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>A store whose every call goes through one method, which decides whether, when and how often it happens.</summary>
internal abstract class InterceptedStore(ISessionStore inner) : ISessionStore
{
    public Task PrepareAsync(CancellationToken cancellationToken = default) => inner.PrepareAsync(cancellationToken);

    public Task<SessionCreationResult> CreateAsync(SessionCreation creation, CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.CreateAsync(creation, cancellationToken));

    public ValueTask<FoundSession> FindByTokenAsync(SessionTokenHash tokenHash, CancellationToken cancellationToken = default) =>
        new(CallAsync(() => inner.FindByTokenAsync(tokenHash, cancellationToken).AsTask()));

    public ValueTask<FoundSession> FindAsync(SessionId id, CancellationToken cancellationToken = default) =>
        new(CallAsync(() => inner.FindAsync(id, cancellationToken).AsTask()));

    public ValueTask<SessionTouchResult> TouchAsync(SessionTouch touch, CancellationToken cancellationToken = default) =>
        new(CallAsync(() => inner.TouchAsync(touch, cancellationToken).AsTask()));

    public Task<SessionMoveResult> MoveAsync(SessionMove move, CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.MoveAsync(move, cancellationToken));

    public Task<Session?> RotateAsync(SessionRotation rotation, CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.RotateAsync(rotation, cancellationToken));

    public Task<bool> ReplacePayloadAsync(SessionPayloadChange change, CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.ReplacePayloadAsync(change, cancellationToken));

    public Task<SessionTerminationResult> TerminateAsync(
        SessionTermination termination, CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.TerminateAsync(termination, cancellationToken));

    public Task<EndedSession?> ExpireAsync(SessionId id, StoreInstant now, CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.ExpireAsync(id, now, cancellationToken));

    public Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(
        StoreInstant now, int maximum, CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.ExpireBatchAsync(now, maximum, cancellationToken));

    public Task<int> PurgeAsync(
        DateTimeOffset endedBy, StoreInstant now, int maximum, CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.PurgeAsync(endedBy, now, maximum, cancellationToken));

    public Task<IReadOnlyList<EndedSession>> ForgetAsync(SessionForgetting forgetting, CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.ForgetAsync(forgetting, cancellationToken));

    public Task<IReadOnlyList<Session>> ListAsync(SessionListing listing, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.ListAsync(listing, now, cancellationToken));

    public Task<IReadOnlyList<SessionRecord>> ListRecordsAsync(
        SessionListing listing, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.ListRecordsAsync(listing, now, cancellationToken));

    public Task<long> CountAsync(
        SessionListing listing, DateTimeOffset now, long maximum, CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.CountAsync(listing, now, maximum, cancellationToken));

    public Task<IReadOnlyList<IpSpread>> ListIpSpreadAsync(
        SessionScope scope, int threshold, int limit, int offset, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.ListIpSpreadAsync(scope, threshold, limit, offset, now, cancellationToken));

    /// <summary>Does one call, or not.</summary>
    protected abstract Task<T> CallAsync<T>(Func<Task<T>> call);
}
