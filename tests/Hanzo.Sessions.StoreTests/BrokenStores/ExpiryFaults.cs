namespace Hanzo.Sessions.StoreTests.BrokenStores;

/// <summary>Timeouts and clean-up that go wrong. Each store has one fault that a real store could have.</summary>
internal static class ExpiryFaults
{
    internal sealed class ActiveAtItsLastInstant : PlainStore
    {
        protected override bool IsActive(Session session, DateTimeOffset now) => session.End is null && now <= session.ActiveUntil;
    }

    internal sealed class ReportsExpiryTwice : PlainStore
    {
        public override async Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(
            StoreInstant now, int maximum, CancellationToken cancellationToken = default)
        {
            List<Row> due;
            lock (Lock)
            {
                due = [.. Due(now.At).Take(maximum)];
            }

            await Race.PauseAsync();
            return await Locked<IReadOnlyList<EndedSession>>(() => [.. due.Select(TimeOut)], cancellationToken);
        }
    }

    internal sealed class LosesExpiriesWhenCancelled : PlainStore
    {
        public override async Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(
            StoreInstant now, int maximum, CancellationToken cancellationToken = default)
        {
            var ended = await base.ExpireBatchAsync(now, maximum, CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            return ended;
        }
    }

    internal sealed class EndsTimeoutsNow : PlainStore
    {
        private DateTimeOffset _now;

        protected override IEnumerable<Row> Due(DateTimeOffset now)
        {
            _now = now;
            return base.Due(now);
        }

        protected override Session EndOf(Session session, SessionEnd end) =>
            base.EndOf(session, end.By is null && end.At < _now ? end with { At = _now } : end);
    }

    internal sealed class PurgesWhatMustBeKept : PlainStore
    {
        protected override bool IsKept(Session session, DateTimeOffset now) => false;
    }
}
