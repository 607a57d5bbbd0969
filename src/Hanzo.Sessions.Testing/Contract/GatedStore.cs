namespace Hanzo.Sessions.Testing;

/// <summary>Stops calls before or after they reach the store, until the test opens the gate.</summary>
internal sealed class GatedStore(ISessionStore inner) : DelegatingSessionStore(inner)
{
    public Gate? BeforeTouch { get; init; }

    public Gate? AfterTouch { get; init; }

    public Gate? BeforeMove { get; init; }

    public Gate? BeforeCreate { get; init; }

    public Gate? AfterCreate { get; init; }

    public Gate? BeforeExpire { get; init; }

    public Gate? BeforeTerminate { get; init; }

    public override async ValueTask<SessionTouchResult> TouchAsync(SessionTouch touch, CancellationToken cancellationToken = default) =>
        await PassAsync(BeforeTouch, () => base.TouchAsync(touch, cancellationToken).AsTask(), AfterTouch);

    public override Task<SessionMoveResult> MoveAsync(SessionMove move, CancellationToken cancellationToken = default) =>
        PassAsync(BeforeMove, () => base.MoveAsync(move, cancellationToken), null);

    public override Task<SessionCreationResult> CreateAsync(
        SessionCreation creation, CancellationToken cancellationToken = default) =>
        PassAsync(BeforeCreate, () => base.CreateAsync(creation, cancellationToken), AfterCreate);

    public override Task<EndedSession?> ExpireAsync(
        SessionId id, StoreInstant now, CancellationToken cancellationToken = default) =>
        PassAsync(BeforeExpire, () => base.ExpireAsync(id, now, cancellationToken), null);

    public override Task<SessionTerminationResult> TerminateAsync(
        SessionTermination termination, CancellationToken cancellationToken = default) =>
        PassAsync(BeforeTerminate, () => base.TerminateAsync(termination, cancellationToken), null);

    private static async Task<T> PassAsync<T>(Gate? before, Func<Task<T>> call, Gate? after)
    {
        await (before?.PassAsync() ?? Task.CompletedTask);
        var answer = await call();
        await (after?.PassAsync() ?? Task.CompletedTask);
        return answer;
    }

    internal sealed class Gate
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes when a call reaches the gate. Fails after a minute.</summary>
        public Task ReachedAsync() => _reached.Task.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System);

        public void Open() => _open.TrySetResult();

        public Task PassAsync()
        {
            _reached.TrySetResult();
            return _open.Task;
        }
    }
}
