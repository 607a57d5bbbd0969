namespace Hanzo.Sessions.StoreTests.BrokenStores;

/// <summary>Users who are forgotten too little, or too much. Each store has one fault that a real store could have.</summary>
internal static class ForgettingFaults
{
    internal sealed class LeavesHistory : PlainStore
    {
        protected override List<EndedSession> Forget(SessionForgetting forgetting)
        {
            var ended = Rows.FindAll(row => row.Session.User == forgetting.User && row.Session.End is not null);
            var answer = base.Forget(forgetting);
            Rows.AddRange(ended);
            return answer;
        }
    }

    internal sealed class LeavesWhatEndsAtThatMoment : PlainStore
    {
        public override async Task<IReadOnlyList<EndedSession>> ForgetAsync(
            SessionForgetting forgetting, CancellationToken cancellationToken = default)
        {
            var history = await Locked(
                () => Rows.FindAll(row => row.Session.User == forgetting.User && row.Session.End is not null), cancellationToken);
            await Race.PauseAsync();
            return await Locked<IReadOnlyList<EndedSession>>(
                () =>
                {
                    var late = Rows.FindAll(row => row.Session.User == forgetting.User && row.Session.End is not null).Except(history).ToList();
                    var answer = Forget(forgetting);
                    Rows.AddRange(late);
                    return answer;
                },
                cancellationToken);
        }
    }

    internal sealed class TakesTheTimedOutForActive : PlainStore
    {
        protected override List<EndedSession> Forget(SessionForgetting forgetting) =>
            [.. base.Forget(forgetting).Select(ended => ended with { End = forgetting.End })];
    }

    internal sealed class ReportsTheHistoryAgain : PlainStore
    {
        protected override List<EndedSession> Forget(SessionForgetting forgetting)
        {
            var ended = Rows.FindAll(row => row.Session.User == forgetting.User && row.Session.End is not null);
            return [.. base.Forget(forgetting), .. ended.Select(row => End(row, row.Session.End!))];
        }
    }

    internal sealed class ForgetsTheNamesakesElsewhere : PlainStore
    {
        protected override List<EndedSession> Forget(SessionForgetting forgetting)
        {
            Rows.RemoveAll(row => string.Equals(row.Session.User.Name, forgetting.User.Name, StringComparison.Ordinal)
                && row.Session.User != forgetting.User);
            return base.Forget(forgetting);
        }
    }

    internal sealed class CreatesForgottenIds : PlainStore
    {
        protected override bool IsForgotten(SessionId id) => false;
    }

    internal sealed class ForgetsIdsOfEndedSessions : PlainStore
    {
        protected override List<EndedSession> Forget(SessionForgetting forgetting)
        {
            Rows.RemoveAll(row => row.Session.User == forgetting.User && row.Session.End is not null);
            return base.Forget(forgetting);
        }
    }

    internal sealed class KeepsIdsForever : PlainStore
    {
        private readonly HashSet<SessionId> _all = [];

        protected override List<EndedSession> Forget(SessionForgetting forgetting)
        {
            var answer = base.Forget(forgetting);
            _all.UnionWith(Forgotten.Keys);
            return answer;
        }

        protected override bool IsForgotten(SessionId id) => _all.Contains(id);
    }

    internal sealed class PurgesIdsWithTheHistory : PlainStore
    {
        public override Task<int> PurgeAsync(
            DateTimeOffset endedBy, StoreInstant now, int maximum, CancellationToken cancellationToken = default)
        {
            lock (Lock)
            {
                Forgotten.Clear();
            }

            return base.PurgeAsync(endedBy, now, maximum, cancellationToken);
        }
    }
}
