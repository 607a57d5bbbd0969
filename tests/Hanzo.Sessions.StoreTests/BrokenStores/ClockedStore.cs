namespace Hanzo.Sessions.StoreTests.BrokenStores;

/// <summary>A plain store with a clock of its own. It is right; the broken stores change one thing each.</summary>
internal class ClockedStore : PlainStore
{
    public override Task<SessionStoreState> InspectAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(new SessionStoreState { StoreTime = Clock() });

    public override Task<SessionCreationResult> CreateAsync(SessionCreation creation, CancellationToken cancellationToken = default) =>
        StepAsync(nameof(CreateAsync), creation.Now, () => base.CreateAsync(creation, cancellationToken));

    public override async ValueTask<FoundSession> FindByTokenAsync(SessionTokenHash tokenHash, CancellationToken cancellationToken = default) =>
        await base.FindByTokenAsync(tokenHash, cancellationToken) with { StoreTime = Clock() };

    public override async ValueTask<FoundSession> FindAsync(SessionId id, CancellationToken cancellationToken = default) =>
        await base.FindAsync(id, cancellationToken) with { StoreTime = Clock() };

    public override ValueTask<SessionTouchResult> TouchAsync(SessionTouch touch, CancellationToken cancellationToken = default) =>
        new(StepAsync(nameof(TouchAsync), touch.Now, () => base.TouchAsync(touch, cancellationToken).AsTask()));

    public override Task<SessionMoveResult> MoveAsync(SessionMove move, CancellationToken cancellationToken = default) =>
        StepAsync(nameof(MoveAsync), move.Now, () => base.MoveAsync(move, cancellationToken));

    public override Task<Session?> RotateAsync(SessionRotation rotation, CancellationToken cancellationToken = default) =>
        StepAsync(nameof(RotateAsync), rotation.Now, () => base.RotateAsync(rotation, cancellationToken));

    public override Task<bool> ReplacePayloadAsync(SessionPayloadChange change, CancellationToken cancellationToken = default) =>
        StepAsync(nameof(ReplacePayloadAsync), change.Now, () => base.ReplacePayloadAsync(change, cancellationToken));

    public override Task<SessionTerminationResult> TerminateAsync(SessionTermination termination, CancellationToken cancellationToken = default) =>
        StepAsync(nameof(TerminateAsync), termination.Now, () => base.TerminateAsync(termination, cancellationToken));

    public override Task<EndedSession?> ExpireAsync(SessionId id, StoreInstant now, CancellationToken cancellationToken = default) =>
        StepAsync(nameof(ExpireAsync), now, () => base.ExpireAsync(id, now, cancellationToken));

    public override Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(StoreInstant now, int maximum, CancellationToken cancellationToken = default) =>
        StepAsync(nameof(ExpireBatchAsync), now, () => base.ExpireBatchAsync(now, maximum, cancellationToken));

    public override Task<int> PurgeAsync(DateTimeOffset endedBy, StoreInstant now, int maximum, CancellationToken cancellationToken = default) =>
        StepAsync(nameof(PurgeAsync), now, () => base.PurgeAsync(endedBy, now, maximum, cancellationToken));

    public override Task<IReadOnlyList<EndedSession>> ForgetAsync(SessionForgetting forgetting, CancellationToken cancellationToken = default) =>
        StepAsync(nameof(ForgetAsync), forgetting.Now, () => base.ForgetAsync(forgetting, cancellationToken));

    protected virtual DateTimeOffset Clock() => TimeProvider.System.GetUtcNow();

    protected virtual async Task<T> StepAsync<T>(string verb, StoreInstant now, Func<Task<T>> step)
    {
        now.Check(Clock());
        return await step();
    }
}
