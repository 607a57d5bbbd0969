using Hanzo.Sessions.Testing;

namespace Hanzo.Sessions.ProofTests.CrashWorker;

/// <summary>A bug to be found: the end of one session is answered before the store has it.</summary>
public sealed class ForgetfulStore(ISessionStore inner) : DelegatingSessionStore(inner)
{
    public override async Task<SessionTermination> TerminateAsync(
        SessionFilter filter, SessionEnd end, SessionId? current = null, CancellationToken cancellationToken = default)
    {
        if (filter.Id is not { } id)
        {
            return await Inner.TerminateAsync(filter, end, current, cancellationToken).ConfigureAwait(false);
        }

        _ = Task.Run(() => Inner.TerminateAsync(filter, end, current, CancellationToken.None), CancellationToken.None);
        var user = new SessionUser(filter.Scope.Organization!, filter.User!);
        return new SessionTermination([new EndedSession(id, user, "default", end, SessionToken.New().Hash())]);
    }
}
