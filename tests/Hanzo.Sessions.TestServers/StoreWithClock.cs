namespace Hanzo.Sessions.TestServers;

/// <summary>
/// Gives another store a clock of its own, as a database server has one: the store in memory and SQLite have only the machine's.
/// </summary>
/// <param name="inner">The other store.</param>
/// <param name="clock">Its clock; null for one that compares nothing, and is the inner store in every respect.</param>
public class StoreWithClock(ISessionStore inner, TimeProvider? clock) : DelegatingSessionStore(inner), IAsyncDisposable
{
    private readonly ISessionStore _inner = inner;

    /// <summary>Happens once, when the next call is on its way to the store.</summary>
    public Action? OnTheWay { get; set; }

    protected override ISessionStore Inner
    {
        get
        {
            var happens = OnTheWay;
            OnTheWay = null;
            happens?.Invoke();
            return _inner;
        }
    }

    public override async Task<SessionStoreState> InspectAsync(CancellationToken cancellationToken = default)
    {
        var state = await Inner.InspectAsync(cancellationToken);
        return clock is null ? state : state with { StoreTime = clock.GetUtcNow() };
    }

    public override Task<SessionCreationResult> CreateAsync(SessionCreation creation, CancellationToken cancellationToken = default) =>
        StepAsync(creation.Now, store => store.CreateAsync(creation, cancellationToken));

    public override async ValueTask<FoundSession> FindByTokenAsync(SessionTokenHash tokenHash, CancellationToken cancellationToken = default) =>
        Seen(await Inner.FindByTokenAsync(tokenHash, cancellationToken));

    public override async ValueTask<FoundSession> FindAsync(SessionId id, CancellationToken cancellationToken = default) =>
        Seen(await Inner.FindAsync(id, cancellationToken));

    public override ValueTask<SessionTouchResult> TouchAsync(SessionTouch touch, CancellationToken cancellationToken = default) =>
        new(StepAsync(touch.Now, store => store.TouchAsync(touch, cancellationToken).AsTask()));

    public override Task<SessionMoveResult> MoveAsync(SessionMove move, CancellationToken cancellationToken = default) =>
        StepAsync(move.Now, store => store.MoveAsync(move, cancellationToken));

    public override Task<Session?> RotateAsync(SessionRotation rotation, CancellationToken cancellationToken = default) =>
        StepAsync(rotation.Now, store => store.RotateAsync(rotation, cancellationToken));

    public override Task<bool> ReplacePayloadAsync(SessionPayloadChange change, CancellationToken cancellationToken = default) =>
        StepAsync(change.Now, store => store.ReplacePayloadAsync(change, cancellationToken));

    public override Task<SessionTerminationResult> TerminateAsync(
        SessionTermination termination, CancellationToken cancellationToken = default) =>
        StepAsync(termination.Now, store => store.TerminateAsync(termination, cancellationToken));

    public override Task<EndedSession?> ExpireAsync(SessionId id, StoreInstant now, CancellationToken cancellationToken = default) =>
        StepAsync(now, store => store.ExpireAsync(id, now, cancellationToken));

    public override Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(
        StoreInstant now, int maximum, CancellationToken cancellationToken = default) =>
        StepAsync(now, store => store.ExpireBatchAsync(now, maximum, cancellationToken));

    public override Task<int> PurgeAsync(
        DateTimeOffset endedBy, StoreInstant now, int maximum, CancellationToken cancellationToken = default) =>
        StepAsync(now, store => store.PurgeAsync(endedBy, now, maximum, cancellationToken));

    public override Task<IReadOnlyList<EndedSession>> ForgetAsync(SessionForgetting forgetting, CancellationToken cancellationToken = default) =>
        StepAsync(forgetting.Now, store => store.ForgetAsync(forgetting, cancellationToken));

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_inner is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }

    private async Task<T> StepAsync<T>(StoreInstant now, Func<ISessionStore, Task<T>> step)
    {
        var store = Inner;
        if (clock is not null)
        {
            now.Check(clock.GetUtcNow());
        }

        return await step(store);
    }

    private FoundSession Seen(FoundSession found) =>
        clock is null || found.Session is null ? found : found with { StoreTime = clock.GetUtcNow() };
}
