namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>Another store, which fails while a test says so, and counts what reaches it.</summary>
internal sealed class FaultyStore(ISessionStore inner) : ISessionStore
{
    private int _calls;

    public Exception? Fault { get; set; }

    /// <summary>Runs before a create, a rotation or a termination reaches the store.</summary>
    public Func<Task>? BeforeChange { get; set; }

    public int Calls => _calls;

    public Task PrepareAsync(CancellationToken cancellationToken = default) => inner.PrepareAsync(cancellationToken);

    public async Task<SessionCreationResult> CreateAsync(SessionCreation creation, CancellationToken cancellationToken = default) =>
        await (await ChangedAsync()).CreateAsync(creation, cancellationToken);

    public ValueTask<Session?> FindByTokenAsync(SessionTokenHash tokenHash, CancellationToken cancellationToken = default) =>
        Reached().FindByTokenAsync(tokenHash, cancellationToken);

    public ValueTask<Session?> FindAsync(SessionId id, CancellationToken cancellationToken = default) =>
        Reached().FindAsync(id, cancellationToken);

    public ValueTask<IReadOnlyList<bool>> TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken = default) =>
        Reached().TouchAsync(touches, cancellationToken);

    public async Task<Session?> RotateAsync(SessionRotation rotation, CancellationToken cancellationToken = default) =>
        await (await ChangedAsync()).RotateAsync(rotation, cancellationToken);

    public async Task<SessionTermination> TerminateAsync(
        SessionFilter filter, SessionEnd end, SessionId? current = null, CancellationToken cancellationToken = default) =>
        await (await ChangedAsync()).TerminateAsync(filter, end, current, cancellationToken);

    public Task<EndedSession?> ExpireAsync(SessionId id, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        Reached().ExpireAsync(id, now, cancellationToken);

    public Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(
        DateTimeOffset now, int maximum, CancellationToken cancellationToken = default) =>
        Reached().ExpireBatchAsync(now, maximum, cancellationToken);

    public Task<int> PurgeAsync(
        DateTimeOffset endedBy, DateTimeOffset now, int maximum, CancellationToken cancellationToken = default) =>
        Reached().PurgeAsync(endedBy, now, maximum, cancellationToken);

    public Task<IReadOnlyList<Session>> ListAsync(
        SessionQuery query, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        Reached().ListAsync(query, now, cancellationToken);

    public Task<IReadOnlyList<SessionRecord>> ListRecordsAsync(
        SessionQuery query, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        Reached().ListRecordsAsync(query, now, cancellationToken);

    public Task<long> CountAsync(
        SessionQuery query, DateTimeOffset now, long maximum, CancellationToken cancellationToken = default) =>
        Reached().CountAsync(query, now, maximum, cancellationToken);

    public Task<IReadOnlyList<IpSpread>> ListIpSpreadAsync(
        SessionScope scope, int threshold, int offset, int limit, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        Reached().ListIpSpreadAsync(scope, threshold, offset, limit, now, cancellationToken);

    private async Task<ISessionStore> ChangedAsync()
    {
        var store = Reached();
        if (BeforeChange is { } before)
        {
            await before();
        }

        return store;
    }

    private ISessionStore Reached()
    {
        Interlocked.Increment(ref _calls);
        return Fault is null ? inner : throw Fault;
    }
}
