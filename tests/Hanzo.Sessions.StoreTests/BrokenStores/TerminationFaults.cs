namespace Hanzo.Sessions.StoreTests.BrokenStores;

/// <summary>Ends that go too far, or not far enough. Each store has one fault that a real store could have.</summary>
internal static class TerminationFaults
{
    internal sealed class TerminatesAllButOne : PlainStore
    {
        protected override SessionTermination Terminate(SessionFilter filter, SessionEnd end, SessionId? current)
        {
            var selected = Rows.FindAll(row => IsActive(row.Session, end.At) && Selects(filter, row.Session));
            return selected.Count > 2
                ? base.Terminate(filter with { Except = selected[^1].Session.Id }, end, current)
                : base.Terminate(filter, end, current);
        }
    }

    internal sealed class TerminatesInOtherOrganizations : PlainStore
    {
        protected override SessionTermination Terminate(SessionFilter filter, SessionEnd end, SessionId? current) =>
            base.Terminate(filter with { Scope = SessionScope.AllOrganizations }, end, current);
    }

    internal sealed class EndsTheOthersOfAProtectedSession : PlainStore
    {
        protected override SessionTermination Terminate(SessionFilter filter, SessionEnd end, SessionId? current)
        {
            var result = base.Terminate(filter, end, current);
            return result.CurrentSelected ? base.Terminate(filter with { Except = current }, end, null) with { CurrentSelected = true } : result;
        }
    }

    internal sealed class EndsProtectedSession : PlainStore
    {
        protected override SessionTermination Terminate(SessionFilter filter, SessionEnd end, SessionId? current) =>
            base.Terminate(filter, end, current: null);
    }

    internal sealed class OverwritesEnds : PlainStore
    {
        protected override SessionTermination Terminate(SessionFilter filter, SessionEnd end, SessionId? current)
        {
            foreach (var row in Rows.FindAll(row => row.Session.End is not null && Selects(filter, row.Session)))
            {
                End(row, end);
            }

            return base.Terminate(filter, end, current);
        }
    }

    internal sealed class GivesUpWhenARowHasChanged : PlainStore
    {
        public override async Task<SessionTermination> TerminateAsync(
            SessionFilter filter, SessionEnd end, SessionId? current = null, CancellationToken cancellationToken = default)
        {
            var before = Selected();
            await (filter.Id is null ? Race.PauseAsync() : Task.CompletedTask);
            return before == Selected()
                ? await base.TerminateAsync(filter, end, current, cancellationToken)
                : new SessionTermination([]);

            int Selected()
            {
                lock (Lock)
                {
                    return Rows.Count(row => IsActive(row.Session, end.At) && Selects(filter, row.Session));
                }
            }
        }
    }

    internal sealed class LeavesTimedOutToLateActivities : PlainStore
    {
        protected override IEnumerable<Row> TimedOut(SessionFilter filter, SessionEnd end) => [];
    }

    internal sealed class EndsTimedOutOfOthers : PlainStore
    {
        protected override IEnumerable<Row> TimedOut(SessionFilter filter, SessionEnd end) => Due(end.At);
    }

    internal sealed class KeepsPayloads : PlainStore
    {
        protected override Session EndOf(Session session, SessionEnd end) => session with { End = end };
    }
}
