namespace Hanzo.Sessions.Testing;

/// <summary>
/// Another store whose clock is not compared with that of the caller. For tests that move the caller's clock, above all while a
/// call is in flight: to a store with a clock of its own, such a caller looks like a server whose clock is wrong.
/// </summary>
/// <param name="inner">The other store.</param>
public sealed class StoreWithoutClock(ISessionStore inner) : DelegatingSessionStore(inner)
{
    /// <inheritdoc/>
    public override async Task<SessionStoreState> InspectAsync(CancellationToken cancellationToken = default) =>
        await base.InspectAsync(cancellationToken).ConfigureAwait(false) with { StoreTime = null };

    /// <inheritdoc/>
    public override Task<SessionCreationResult> CreateAsync(SessionCreation creation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(creation);
        return base.CreateAsync(creation with { Tolerance = null }, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask<FoundSession> FindByTokenAsync(
        SessionTokenHash tokenHash, CancellationToken cancellationToken = default) =>
        await base.FindByTokenAsync(tokenHash, cancellationToken).ConfigureAwait(false) with { StoreTime = null };

    /// <inheritdoc/>
    public override async ValueTask<FoundSession> FindAsync(SessionId id, CancellationToken cancellationToken = default) =>
        await base.FindAsync(id, cancellationToken).ConfigureAwait(false) with { StoreTime = null };

    /// <inheritdoc/>
    public override ValueTask<SessionTouchResult> TouchAsync(SessionTouch touch, CancellationToken cancellationToken = default) =>
        base.TouchAsync(touch with { Tolerance = null }, cancellationToken);

    /// <inheritdoc/>
    public override Task<SessionMoveResult> MoveAsync(SessionMove move, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(move);
        return base.MoveAsync(move with { Tolerance = null }, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task<Session?> RotateAsync(SessionRotation rotation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rotation);
        return base.RotateAsync(rotation with { Now = rotation.Now.At }, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task<bool> ReplacePayloadAsync(SessionPayloadChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return base.ReplacePayloadAsync(change with { Now = change.Now.At }, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task<SessionTerminationResult> TerminateAsync(
        SessionTermination termination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(termination);
        return base.TerminateAsync(termination with { Tolerance = null }, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task<EndedSession?> ExpireAsync(SessionId id, StoreInstant now, CancellationToken cancellationToken = default) =>
        base.ExpireAsync(id, now.At, cancellationToken);

    /// <inheritdoc/>
    public override Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(
        StoreInstant now, int maximum, CancellationToken cancellationToken = default) =>
        base.ExpireBatchAsync(now.At, maximum, cancellationToken);

    /// <inheritdoc/>
    public override Task<int> PurgeAsync(
        DateTimeOffset endedBy, StoreInstant now, int maximum, CancellationToken cancellationToken = default) =>
        base.PurgeAsync(endedBy, now.At, maximum, cancellationToken);

    /// <inheritdoc/>
    public override Task<IReadOnlyList<EndedSession>> ForgetAsync(SessionForgetting forgetting, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(forgetting);
        return base.ForgetAsync(forgetting with { Tolerance = null }, cancellationToken);
    }
}
