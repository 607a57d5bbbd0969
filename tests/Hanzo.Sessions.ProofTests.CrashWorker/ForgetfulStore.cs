namespace Hanzo.Sessions.ProofTests.CrashWorker;

/// <summary>A bug to be found: the end of one session is answered before the store has it.</summary>
public sealed class ForgetfulStore(ISessionStore inner) : DelegatingSessionStore(inner)
{
    public override async Task<SessionTerminationResult> TerminateAsync(
        SessionTermination termination, CancellationToken cancellationToken = default)
    {
        var filter = termination.Filter;
        if (filter.Id is not { } id)
        {
            return await Inner.TerminateAsync(termination, cancellationToken).ConfigureAwait(false);
        }

        _ = Task.Run(() => Inner.TerminateAsync(termination, CancellationToken.None), CancellationToken.None);
        return new SessionTerminationResult(
            [new EndedSession(id, filter.SingleUser!, "default", termination.End, SessionToken.New().Hash())]);
    }
}
