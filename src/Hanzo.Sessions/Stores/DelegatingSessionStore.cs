namespace Hanzo.Sessions;

/// <summary>
/// A store that passes every call on to another one. Override the verbs that your wrapper changes: a cache, for example, or a
/// test that fails, delays or counts calls.
/// </summary>
/// <param name="inner">The other store.</param>
public abstract class DelegatingSessionStore(ISessionStore inner) : ISessionStore
{
    /// <summary>The other store. Every call reads this property: override it to count calls, or to fail them.</summary>
    protected virtual ISessionStore Inner => inner;

    /// <inheritdoc/>
    public virtual Task PrepareAsync(CancellationToken cancellationToken = default) => Inner.PrepareAsync(cancellationToken);

    /// <inheritdoc/>
    public virtual Task<SessionStoreState> InspectAsync(CancellationToken cancellationToken = default) => Inner.InspectAsync(cancellationToken);

    /// <inheritdoc/>
    public virtual Task<SessionCreationResult> CreateAsync(
        SessionCreation creation, CancellationToken cancellationToken = default) =>
        Inner.CreateAsync(creation, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<FoundSession> FindByTokenAsync(
        SessionTokenHash tokenHash, CancellationToken cancellationToken = default) =>
        Inner.FindByTokenAsync(tokenHash, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<FoundSession> FindAsync(SessionId id, CancellationToken cancellationToken = default) =>
        Inner.FindAsync(id, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<SessionTouchResult> TouchAsync(SessionTouch touch, CancellationToken cancellationToken = default) =>
        Inner.TouchAsync(touch, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<SessionMoveResult> MoveAsync(SessionMove move, CancellationToken cancellationToken = default) =>
        Inner.MoveAsync(move, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<Session?> RotateAsync(SessionRotation rotation, CancellationToken cancellationToken = default) =>
        Inner.RotateAsync(rotation, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<bool> ReplacePayloadAsync(SessionPayloadChange change, CancellationToken cancellationToken = default) =>
        Inner.ReplacePayloadAsync(change, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<SessionTerminationResult> TerminateAsync(
        SessionTermination termination, CancellationToken cancellationToken = default) =>
        Inner.TerminateAsync(termination, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<EndedSession?> ExpireAsync(
        SessionId id, StoreInstant now, CancellationToken cancellationToken = default) =>
        Inner.ExpireAsync(id, now, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(
        StoreInstant now, int maximum, CancellationToken cancellationToken = default) =>
        Inner.ExpireBatchAsync(now, maximum, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<int> PurgeAsync(
        DateTimeOffset endedBy, StoreInstant now, int maximum, CancellationToken cancellationToken = default) =>
        Inner.PurgeAsync(endedBy, now, maximum, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<EndedSession>> ForgetAsync(
        SessionForgetting forgetting, CancellationToken cancellationToken = default) =>
        Inner.ForgetAsync(forgetting, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<Session>> ListAsync(
        SessionListing listing, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        Inner.ListAsync(listing, now, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<SessionRecord>> ListRecordsAsync(
        SessionListing listing, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        Inner.ListRecordsAsync(listing, now, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<long> CountAsync(
        SessionListing listing, DateTimeOffset now, long maximum, CancellationToken cancellationToken = default) =>
        Inner.CountAsync(listing, now, maximum, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<IpSpread>> ListIpSpreadAsync(
        SessionScope scope, int threshold, int limit, int offset, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        Inner.ListIpSpreadAsync(scope, threshold, limit, offset, now, cancellationToken);
}
