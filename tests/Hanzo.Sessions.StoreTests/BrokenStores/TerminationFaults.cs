namespace Hanzo.Sessions.StoreTests.BrokenStores;

/// <summary>Ends that go too far, or not far enough. Each store has one fault that a real store could have.</summary>
internal static class TerminationFaults
{
    internal sealed class TerminatesAllButOne : PlainStore
    {
        protected override SessionTerminationResult Terminate(SessionTermination termination)
        {
            var filter = termination.Filter;
            var selected = Rows.FindAll(row => IsActive(row.Session, termination.End.At) && Selects(filter, row.Session));
            return selected.Count > 2
                ? base.Terminate(termination with { Filter = filter with { Except = selected[^1].Session.Id } })
                : base.Terminate(termination);
        }
    }

    internal sealed class TerminatesInOtherOrganizations : PlainStore
    {
        protected override SessionTerminationResult Terminate(SessionTermination termination) =>
            base.Terminate(termination with { Filter = termination.Filter with { Scope = SessionScope.AllOrganizations } });
    }

    internal sealed class EndsTheOthersOfAProtectedSession : PlainStore
    {
        protected override SessionTerminationResult Terminate(SessionTermination termination)
        {
            var result = base.Terminate(termination);
            return !result.CurrentSelected
                ? result
                : base.Terminate(termination with
                {
                    Filter = termination.Filter with { Except = termination.Current },
                    Current = null,
                }) with
                { CurrentSelected = true };
        }
    }

    internal sealed class EndsProtectedSession : PlainStore
    {
        protected override SessionTerminationResult Terminate(SessionTermination termination) =>
            base.Terminate(termination with { Current = null });
    }

    internal sealed class OverwritesEnds : PlainStore
    {
        protected override SessionTerminationResult Terminate(SessionTermination termination)
        {
            foreach (var row in Rows.FindAll(row => row.Session.End is not null && Selects(termination.Filter, row.Session)))
            {
                End(row, termination.End);
            }

            return base.Terminate(termination);
        }
    }

    internal sealed class GivesUpWhenARowHasChanged : PlainStore
    {
        public override async Task<SessionTerminationResult> TerminateAsync(
            SessionTermination termination, CancellationToken cancellationToken = default)
        {
            var before = Selected();
            await (termination.Filter.Id is null ? Race.PauseAsync() : Task.CompletedTask);
            return before == Selected()
                ? await base.TerminateAsync(termination, cancellationToken)
                : new SessionTerminationResult([]);

            int Selected()
            {
                lock (Lock)
                {
                    return Rows.Count(row => IsActive(row.Session, termination.End.At) && Selects(termination.Filter, row.Session));
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

    internal sealed class EndsWhatHasANewToken : PlainStore
    {
        protected override bool IsAsRead(Row row, SessionTermination termination) =>
            base.IsAsRead(row, termination with { IfToken = null });
    }

    internal sealed class EndsWhatHasANewPayload : PlainStore
    {
        protected override bool IsAsRead(Row row, SessionTermination termination) =>
            base.IsAsRead(row, termination with { IfPayload = null });
    }

    internal sealed class KeepsPayloads : PlainStore
    {
        protected override Session EndOf(Session session, SessionEnd end) => session with { End = end };
    }
}
