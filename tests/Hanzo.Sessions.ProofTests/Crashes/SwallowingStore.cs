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

    public override async Task<SessionTermination> TerminateAsync(
        SessionFilter filter, SessionEnd end, SessionId? current = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await Inner.TerminateAsync(filter, end, current, cancellationToken);
        }
        catch (DbException) when (filter.Id is { } id)
        {
            var user = new SessionUser(filter.Scope.Organization!, filter.User!);
            return new SessionTermination([new EndedSession(id, user, "default", end, TestSessions.NewTokenHash())]);
        }
    }
}
