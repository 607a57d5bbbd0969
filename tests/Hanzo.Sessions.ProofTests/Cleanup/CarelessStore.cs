namespace Hanzo.Sessions.ProofTests.Cleanup;

/// <summary>A bug to be found in clean-up.</summary>
internal sealed class CarelessStore(ISessionStore inner, CarelessStore.Bug bug) : DelegatingSessionStore(inner)
{
    public enum Bug
    {
        /// <summary>What has expired is read first and ended then, and told whoever has ended it.</summary>
        ReadsThenEnds,

        /// <summary>The last of each batch is ended and not told.</summary>
        LosesTheLast,

        /// <summary>What expires within two hours is ended too.</summary>
        EndsTooMuch,
    }

    public override async Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(
        StoreInstant now, int maximum, CancellationToken cancellationToken = default)
    {
        switch (bug)
        {
            case Bug.LosesTheLast:
                var batch = await Inner.ExpireBatchAsync(now, maximum, cancellationToken);
                return [.. batch.SkipLast(1)];
            case Bug.EndsTooMuch:
                return await Inner.ExpireBatchAsync(now.At.AddHours(2), maximum, cancellationToken);
            default:
                var all = SessionQuery.Of(SessionScope.AllOrganizations) with { Limit = Math.Min(maximum, SessionQuery.MaxLimit) };
                List<EndedSession> ended = [];
                foreach (var session in (await Inner.ListAsync(all.Resolve(SessionView.History), now.At, cancellationToken)).Where(session => session.End is null))
                {
                    await Inner.ExpireAsync(session.Id, now, cancellationToken);
                    var end = new SessionEnd(session.ActiveUntil, SessionEndReason.IdleTimeout, null);
                    ended.Add(new EndedSession(session.Id, session.User, session.Application, end, TestSessions.NewTokenHash()));
                }

                return ended;
        }
    }
}
