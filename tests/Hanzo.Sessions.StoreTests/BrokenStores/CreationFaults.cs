namespace Hanzo.Sessions.StoreTests.BrokenStores;

/// <summary>Sign-ins that go wrong. Each store has one fault that a real store could have.</summary>
internal static class CreationFaults
{
    internal sealed class CountsThenInserts : PlainStore
    {
        public override async Task<SessionCreationResult> CreateAsync(
            SessionCreation creation, CancellationToken cancellationToken = default)
        {
            if (creation.Limit is null)
            {
                return await base.CreateAsync(creation, cancellationToken);
            }

            int active;
            lock (Lock)
            {
                active = Rows.Count(row => Counts(row.Session, creation));
            }

            await Race.PauseAsync();
            var seesRoom = active < creation.Limit.MaxSessions;
            return await base.CreateAsync(seesRoom ? creation with { Limit = null } : creation, cancellationToken);
        }
    }

    internal sealed class CountsTimedOutToLimit : PlainStore
    {
        protected override bool Counts(Session session, SessionCreation creation) =>
            session.User == creation.Session.User && session.End is null;
    }

    internal sealed class LeavesTimedOutToLateActivities : PlainStore
    {
        protected override IEnumerable<Row> TimedOut(SessionCreation creation) => [];
    }

    internal sealed class LeavesThePresentedToLateActivities : PlainStore
    {
        protected override IEnumerable<Row> TimedOut(SessionCreation creation) =>
            base.TimedOut(creation).Where(row => row.TokenHash != creation.Replaces);
    }

    internal sealed class EndsTimedOutOnlyUnderTheLimitOfAUser : PlainStore
    {
        protected override IEnumerable<Row> TimedOut(SessionCreation creation) =>
            creation.Limit?.Scope == SessionLimitScope.User ? base.TimedOut(creation) : [];
    }

    internal sealed class EndsTimedOutWhenItRefuses : PlainStore
    {
        public override async Task<SessionCreationResult> CreateAsync(
            SessionCreation creation, CancellationToken cancellationToken = default)
        {
            var result = await base.CreateAsync(creation, cancellationToken);
            return await Locked(
                () => result.Outcome == SessionCreationOutcome.LimitReached
                    ? result with { Ended = [.. TimedOut(creation).ToList().Select(TimeOut)] }
                    : result,
                cancellationToken);
        }
    }

    internal sealed class CountsOtherOrganizationsToLimit : PlainStore
    {
        protected override bool Counts(Session session, SessionCreation creation) =>
            string.Equals(session.User.Name, creation.Session.User.Name, StringComparison.Ordinal) && IsActive(session, creation.Session.CreatedAt);
    }

    internal sealed class EvictsOnlyOne : PlainStore
    {
        protected override int HowManyToEvict(int counted, SessionLimit limit) => Math.Min(1, base.HowManyToEvict(counted, limit));
    }

    internal sealed class ReplacesWhenItRefuses : PlainStore
    {
        public override async Task<SessionCreationResult> CreateAsync(
            SessionCreation creation, CancellationToken cancellationToken = default)
        {
            var result = await base.CreateAsync(creation, cancellationToken);
            lock (Lock)
            {
                if (result.Outcome == SessionCreationOutcome.LimitReached && Rows.Find(row => row.TokenHash == creation.Replaces) is { } row)
                {
                    End(row, new SessionEnd(creation.Session.CreatedAt, SessionEndReason.Replaced, creation.By));
                }
            }

            return result;
        }
    }

    internal sealed class CancelsHalfway : PlainStore
    {
        public override async Task<SessionCreationResult> CreateAsync(
            SessionCreation creation, CancellationToken cancellationToken = default)
        {
            var result = await base.CreateAsync(creation, CancellationToken.None);
            lock (Lock)
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    Rows.RemoveAll(row => row.TokenHash == creation.TokenHash);
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }

            return result;
        }
    }

    internal sealed class CutsMilliseconds : PlainStore
    {
        public override Task<SessionCreationResult> CreateAsync(SessionCreation creation, CancellationToken cancellationToken = default)
        {
            var created = creation.Session.CreatedAt;
            var cut = creation.Session with { CreatedAt = created.AddMilliseconds(-created.Millisecond) };
            return base.CreateAsync(creation with { Session = cut }, cancellationToken);
        }
    }
}
