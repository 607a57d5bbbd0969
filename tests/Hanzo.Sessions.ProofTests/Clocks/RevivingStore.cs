namespace Hanzo.Sessions.ProofTests.Clocks;

/// <summary>A bug to be found: that a session has timed out is answered and not written down.</summary>
/// <param name="inner">The other store.</param>
/// <param name="inBatches">Whether clean-up has the bug, or validation.</param>
internal sealed class RevivingStore(ISessionStore inner, bool inBatches) : DelegatingSessionStore(inner)
{
    public override async Task<EndedSession?> ExpireAsync(SessionId id, StoreInstant now, CancellationToken cancellationToken = default)
    {
        if (inBatches)
        {
            return await Inner.ExpireAsync(id, now, cancellationToken);
        }

        var session = (await Inner.FindAsync(id, cancellationToken)).Session;
        return session is { End: null } && now.At >= session.ActiveUntil
            ? new EndedSession(
                id, session.User, session.Application, new SessionEnd(session.ActiveUntil, SessionEndReason.IdleTimeout, null), TestSessions.NewTokenHash())
            : null;
    }

    public override Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(
        StoreInstant now, int maximum, CancellationToken cancellationToken = default) =>
        inBatches ? Task.FromResult<IReadOnlyList<EndedSession>>([]) : Inner.ExpireBatchAsync(now, maximum, cancellationToken);
}
