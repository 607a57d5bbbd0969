namespace Hanzo.Sessions.ProofTests.Clocks;

/// <summary>Bugs to be found: one verb, or all of them, compares no clocks.</summary>
/// <param name="inner">The other store.</param>
/// <param name="verb">Which verb forgets it: "tolerance" is all of them, because the tolerance is never reached.</param>
internal sealed class ForgetfulOfClocks(ISessionStore inner, string verb) : DelegatingSessionStore(inner)
{
    public override Task<SessionCreationResult> CreateAsync(SessionCreation creation, CancellationToken cancellationToken = default) =>
        base.CreateAsync(Forgets("create") ? creation with { Tolerance = null } : creation, cancellationToken);

    public override async ValueTask<FoundSession> FindByTokenAsync(SessionTokenHash tokenHash, CancellationToken cancellationToken = default)
    {
        var found = await base.FindByTokenAsync(tokenHash, cancellationToken);
        return Forgets("lookup") ? found with { StoreTime = null } : found;
    }

    public override ValueTask<SessionTouchResult> TouchAsync(SessionTouch touch, CancellationToken cancellationToken = default) =>
        base.TouchAsync(Forgets("touch") ? touch with { Tolerance = null } : touch, cancellationToken);

    public override Task<SessionTerminationResult> TerminateAsync(SessionTermination termination, CancellationToken cancellationToken = default) =>
        base.TerminateAsync(Forgets("terminate") ? termination with { Tolerance = null } : termination, cancellationToken);

    public override Task<EndedSession?> ExpireAsync(SessionId id, StoreInstant now, CancellationToken cancellationToken = default) =>
        base.ExpireAsync(id, Forgets("expire") ? now.At : now, cancellationToken);

    public override Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(
        StoreInstant now, int maximum, CancellationToken cancellationToken = default) =>
        base.ExpireBatchAsync(Forgets("batch") ? now.At : now, maximum, cancellationToken);

    public override Task<int> PurgeAsync(
        DateTimeOffset endedBy, StoreInstant now, int maximum, CancellationToken cancellationToken = default) =>
        base.PurgeAsync(endedBy, Forgets("purge") ? now.At : now, maximum, cancellationToken);

    private bool Forgets(string one) => verb is "tolerance" || string.Equals(verb, one, StringComparison.Ordinal);
}
