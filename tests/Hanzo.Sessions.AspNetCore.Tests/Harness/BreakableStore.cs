namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>Another store, which fails while a test says so, and counts what reaches it.</summary>
internal sealed class BreakableStore(ISessionStore inner) : DelegatingSessionStore(inner)
{
    private int _calls;

    public Exception? Fault { get; set; }

    /// <summary>Runs before a create, a rotation or a termination reaches the store.</summary>
    public Func<Task>? BeforeChange { get; set; }

    /// <summary>Runs before a count of the alarms reaches the store.</summary>
    public Func<Task>? BeforeAlarms { get; set; }

    public int Calls => _calls;

    protected override ISessionStore Inner
    {
        get
        {
            Interlocked.Increment(ref _calls);
            return Fault is null ? base.Inner : throw Fault;
        }
    }

    public override async Task<SessionCreationResult> CreateAsync(
        SessionCreation creation, CancellationToken cancellationToken = default)
    {
        await ChangeAsync();
        return await base.CreateAsync(creation, cancellationToken);
    }

    public override async Task<Session?> RotateAsync(SessionRotation rotation, CancellationToken cancellationToken = default)
    {
        await ChangeAsync();
        return await base.RotateAsync(rotation, cancellationToken);
    }

    public override async Task<bool> ReplacePayloadAsync(SessionPayloadChange change, CancellationToken cancellationToken = default)
    {
        await ChangeAsync();
        return await base.ReplacePayloadAsync(change, cancellationToken);
    }

    public override async Task<SessionTerminationResult> TerminateAsync(
        SessionTermination termination, CancellationToken cancellationToken = default)
    {
        await ChangeAsync();
        return await base.TerminateAsync(termination, cancellationToken);
    }

    public override async Task<IReadOnlyList<IpSpread>> ListIpSpreadAsync(
        SessionScope scope, int threshold, int limit, int offset, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        await (BeforeAlarms?.Invoke() ?? Task.CompletedTask);
        return await base.ListIpSpreadAsync(scope, threshold, limit, offset, now, cancellationToken);
    }

    private Task ChangeAsync() => BeforeChange?.Invoke() ?? Task.CompletedTask;
}
