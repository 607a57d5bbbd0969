using Hanzo.Sessions.Testing;

namespace Hanzo.Sessions.ProofTests.CrashWorker;

/// <summary>A bug to be found: all sessions of a user are ended one after the other, each for itself.</summary>
public sealed class OneByOneStore(ISessionStore inner) : DelegatingSessionStore(inner)
{
    public override async Task<SessionTermination> TerminateAsync(
        SessionFilter filter, SessionEnd end, SessionId? current = null, CancellationToken cancellationToken = default)
    {
        if (filter.Id is not null)
        {
            return await Inner.TerminateAsync(filter, end, current, cancellationToken).ConfigureAwait(false);
        }

        List<EndedSession> ended = [];
        var query = new SessionQuery { Filter = filter, Sort = SessionSort.Created, Descending = false };
        foreach (var session in await Inner.ListAsync(query, end.At, cancellationToken).ConfigureAwait(false))
        {
            var one = await Inner.TerminateAsync(filter with { Id = session.Id }, end, current, cancellationToken).ConfigureAwait(false);
            ended.AddRange(one.Ended);
        }

        return new SessionTermination(ended);
    }
}
