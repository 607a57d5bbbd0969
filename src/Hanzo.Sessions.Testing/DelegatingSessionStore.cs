namespace Hanzo.Sessions.Testing;

/// <summary>
/// A store that hands every call on to another one. Override the verbs that a test wants to fail, to delay or to count.
/// </summary>
/// <param name="inner">The other store.</param>
public abstract class DelegatingSessionStore(ISessionStore inner) : ISessionStore
{
    /// <summary>The other store. Asked for at every call: override it to count calls, or to fail them.</summary>
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
    public virtual ValueTask<Session?> FindByTokenAsync(
        SessionTokenHash tokenHash, CancellationToken cancellationToken = default) =>
        Inner.FindByTokenAsync(tokenHash, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<Session?> FindAsync(SessionId id, CancellationToken cancellationToken = default) =>
        Inner.FindAsync(id, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<bool>> TouchAsync(
        IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken = default) =>
        Inner.TouchAsync(touches, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<Session?> RotateAsync(SessionRotation rotation, CancellationToken cancellationToken = default) =>
        Inner.RotateAsync(rotation, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<SessionTermination> TerminateAsync(
        SessionFilter filter, SessionEnd end, SessionId? current = null, CancellationToken cancellationToken = default) =>
        Inner.TerminateAsync(filter, end, current, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<EndedSession?> ExpireAsync(
        SessionId id, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        Inner.ExpireAsync(id, now, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(
        DateTimeOffset now, int maximum, CancellationToken cancellationToken = default) =>
        Inner.ExpireBatchAsync(now, maximum, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<int> PurgeAsync(
        DateTimeOffset endedBy, DateTimeOffset now, int maximum, CancellationToken cancellationToken = default) =>
        Inner.PurgeAsync(endedBy, now, maximum, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<Session>> ListAsync(
        SessionQuery query, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        Inner.ListAsync(query, now, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<SessionRecord>> ListRecordsAsync(
        SessionQuery query, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        Inner.ListRecordsAsync(query, now, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<long> CountAsync(
        SessionQuery query, DateTimeOffset now, long maximum, CancellationToken cancellationToken = default) =>
        Inner.CountAsync(query, now, maximum, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<IpSpread>> ListIpSpreadAsync(
        SessionScope scope, int threshold, int offset, int limit, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        Inner.ListIpSpreadAsync(scope, threshold, offset, limit, now, cancellationToken);
}
