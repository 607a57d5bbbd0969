using System.Data.Common;

namespace Hanzo.Sessions.ProofTests.Crashes;

/// <summary>A bug to be found: a write that fails is answered as if it had been done.</summary>
internal sealed class SwallowingStore(ISessionStore inner) : DelegatingSessionStore(inner)
{
    public override async Task<SessionCreationResult> CreateAsync(SessionCreation creation, CancellationToken cancellationToken = default)
    {
        try
        {
            return await Inner.CreateAsync(creation, cancellationToken);
        }
        catch (DbException)
        {
            return new SessionCreationResult { Outcome = SessionCreationOutcome.Created };
        }
    }

    public override async Task<SessionTerminationResult> TerminateAsync(
        SessionTermination termination, CancellationToken cancellationToken = default)
    {
        try
        {
            return await Inner.TerminateAsync(termination, cancellationToken);
        }
        catch (DbException) when (termination.Filter is { Id: { } id, SingleUser: { } user })
        {
            return new SessionTerminationResult([new EndedSession(id, user, "default", termination.End, TestSessions.NewTokenHash())]);
        }
    }
}
