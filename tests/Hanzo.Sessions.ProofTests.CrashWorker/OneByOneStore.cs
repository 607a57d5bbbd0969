namespace Hanzo.Sessions.ProofTests.CrashWorker;

/// <summary>A bug to be found: all sessions of a user are ended one after the other, each for itself.</summary>
public sealed class OneByOneStore(ISessionStore inner) : DelegatingSessionStore(inner)
{
    public override async Task<SessionTerminationResult> TerminateAsync(
        SessionTermination termination, CancellationToken cancellationToken = default)
    {
        var filter = termination.Filter;
        if (filter.Id is not null)
        {
            return await Inner.TerminateAsync(termination, cancellationToken).ConfigureAwait(false);
        }

        List<EndedSession> ended = [];
        var sessions = new SessionQuery { Filter = filter, Descending = false }.Resolve(SessionView.Sessions);
        foreach (var session in await Inner.ListAsync(sessions, termination.End.At, cancellationToken).ConfigureAwait(false))
        {
            var single = termination with { Filter = filter with { Id = session.Id } };
            var one = await Inner.TerminateAsync(single, cancellationToken).ConfigureAwait(false);
            ended.AddRange(one.Ended);
        }

        return new SessionTerminationResult(ended);
    }
}
