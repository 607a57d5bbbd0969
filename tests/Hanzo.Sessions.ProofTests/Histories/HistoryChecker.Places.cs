namespace Hanzo.Sessions.ProofTests.Histories;

/// <content>Where sessions are used: U1, U2, U3, U5, U6.</content>
internal sealed partial class HistoryChecker
{
    private static readonly long Resolution = (long)HistoryPlan.Resolution.TotalMilliseconds;

    private void CheckPlaces()
    {
        foreach (var operation in _operations.Where(it => !it.IsFailed))
        {
            foreach (var shown in operation.Listed ?? [])
            {
                CheckShownPlace(operation, shown);
            }

            if (operation is { Kind: OperationKind.Validate or OperationKind.ValidatePassively, Session: { } session })
            {
                CheckShownPlace(operation, session);
                CheckWhatMovesDo(operation, session);
            }
        }

        foreach (var life in _lives.Values)
        {
            CheckMoves(life);
        }
    }

    /// <summary>The place is one that a call has brought, and no older than a move that was written before.</summary>
    private void CheckShownPlace(Operation operation, SessionFact shown)
    {
        if (!_lives.TryGetValue(shown.Id, out var life))
        {
            return;
        }

        var before = life.Moves.Where(it => it.Move is { IsWritten: true, IsMove: true } && it.Operation.End < operation.Start).ToList();
        if (before.Exists(it => shown.Last?.MovedAt is not { } movedAt || movedAt < it.Move.Use.MovedAt))
        {
            Add("U1", $"{shown.Id} had moved, and was shown where it was before", [.. before.Select(it => it.Operation), operation]);
        }

        if (shown.Last is { } last && !life.Moves.Exists(it => it.Operation.Start < operation.End && it.Move.Use == last && Life.MayBeWritten(it)))
        {
            Add("U1", $"{shown.Id} was shown where no request came from", operation);
        }
    }

    /// <summary>A move is written, unless one was written within the resolution; one that ends its session is refused.</summary>
    private void CheckWhatMovesDo(Operation operation, SessionFact session)
    {
        if (operation.Place is not { } place)
        {
            return;
        }

        var isActive = operation.Status == SessionStatus.Active;
        if (operation.EndsMoves)
        {
            // Nothing that is a move is ever written and survived, so the place of the sign-in says it all.
            var isMove = Places.IsMove(session.Born(), place);
            if (isActive && isMove)
            {
                Add("U5", $"{session.Id} was used from another place, and was not ended", operation);
            }

            if (!isMove && operation.Ended.Exists(it => it.Reason == SessionEndReason.Moved))
            {
                Add("U5", $"{session.Id} was ended by a move that was none", operation);
            }
        }
        else if (isActive && Places.IsMove(session, place)
            && (session.Last?.MovedAt is not { } movedAt || operation.FirstInstant >= movedAt + Resolution))
        {
            Add("U2", $"{session.Id} was used from another place, and that was not written", operation);
        }
    }

    private void CheckMoves(Life life)
    {
        var written = life.Moves.Where(it => it.Move.IsWritten == true).ToList();
        foreach (var winners in written.Where(it => it.Move.IsMove).GroupBy(it => it.Move.IfMovedAt).Where(it => it.Skip(1).Any()))
        {
            Add("U2", $"{winners.Count()} calls have seen one place of {life.Id}, and each has moved it", [.. winners.Select(it => it.Operation)]);
        }

        foreach (var (operation, _) in written)
        {
            if (life.OverBefore(operation) is { } over)
            {
                Add(over.ByTime ? "V7" : "V4", $"{life.Id} was over, and was moved", over.Operation, operation);
            }
        }
    }

    private bool EndsByMove(Operation operation, Life life) => IsInScope(operation, life)
        && operation.Ended.Exists(it => it.Reason == SessionEndReason.Moved && string.Equals(it.Id, life.Id, StringComparison.Ordinal));

    /// <summary>What the store says of a user's networks is possible, and what was announced are its crossings of the threshold.</summary>
    private void CheckAlarms()
    {
        foreach (var operation in _operations)
        {
            operation.Counts.ForEach(count => CheckCount(operation, count));
        }

        foreach (var own in _operations.Where(it => it.User is not null).GroupBy(it => it.User!, StringComparer.Ordinal))
        {
            CheckCrossings([.. own]);
        }

        var announced = _operations.Where(it => it.Kind == OperationKind.Alarms).ToList();
        if (announced.Count > 0)
        {
            var crossed = _operations.SelectMany(it => it.Counts).Where(it => it.IsCrossing).Select(it => $"{it.Id} {it.After}");
            var heard = announced.SelectMany(it => it.Alarms!).Select(it => $"{it.Id} {it.Networks}");
            if (!heard.Order(StringComparer.Ordinal).SequenceEqual(crossed.Order(StringComparer.Ordinal), StringComparer.Ordinal))
            {
                Add("U6", "the announced alarms are not the crossings of the threshold", announced);
            }
        }
    }

    private void CheckCount(Operation operation, NetworkCount count)
    {
        var own = _lives.Values.Where(it => IsOf(operation, it)).ToList();
        var others = own.Where(it => it.Created != operation);
        var most = Distinct(others.Where(it => it.IsPossiblyActive(operation)).SelectMany(it => it.PossibleNetworks(operation)));
        var least = Distinct(others.Where(it => it.IsSurelyActive(operation)).SelectMany(it => it.SignInNetworks));
        var added = own.Where(it => it.Created == operation).SelectMany(it => it.SignInNetworks)
            .Concat(operation.Moves.Select(it => it.Use.Network!));
        var left = others.Where(it => it.IsSurelyActive(operation) && !Reports(operation, it)).SelectMany(it => it.SignInNetworks);
        if (count.Before < least || count.Before > most
            || count.After < Distinct(left)
            || count.After > Distinct(others.Where(it => it.IsPossiblyActive(operation)).SelectMany(it => it.PossibleNetworks(operation)).Concat(added)))
        {
            Add("U6", $"the networks of {operation.User} were counted as {count.Before} before and {count.After} after, which cannot be", operation);
        }

        static int Distinct(IEnumerable<string> networks) => networks.Distinct(StringComparer.Ordinal).Count();
    }

    /// <summary>
    /// Between two crossings the number fell below the threshold, and it does not rise over it without a crossing. This is certain
    /// only where nothing else can have changed it: no end, no timeout, no move that takes another network's place, no lost answer.
    /// </summary>
    private void CheckCrossings(IReadOnlyList<Operation> own)
    {
        var counted = own.Where(it => it.Counts.Count == 1).ToList();
        var crossings = counted.Where(it => it.Counts[0].IsCrossing).ToList();
        for (var first = 0; first < crossings.Count; first++)
        {
            for (var second = first + 1; second < crossings.Count; second++)
            {
                if (!MayHaveFallen(own, crossings[first], crossings[second]))
                {
                    Add("U6", "one crossing of the threshold was reported twice", crossings[first], crossings[second]);
                }
            }
        }

        foreach (var below in counted.Where(it => it.Counts[0].After < HistoryPlan.SpreadThreshold))
        {
            foreach (var above in counted.Where(it => it.Start > below.End && it.Counts[0].Before >= HistoryPlan.SpreadThreshold))
            {
                if (!crossings.Exists(it => it.End >= below.Start && it.Start <= above.End) && !MayHaveRisen(own, below, above))
                {
                    Add("U6", "a crossing of the threshold was not reported", below, above);
                }
            }
        }
    }

    private bool MayHaveFallen(IReadOnlyList<Operation> own, Operation one, Operation other)
    {
        var (start, end) = (Math.Min(one.Start, other.Start), Math.Max(one.End, other.End));
        return MayHaveTimedOut(one, other)
            || own.Any(it => it != one && it != other && it.Start <= end && it.End >= start && (it.IsFailed || it.IsUncertain || it.Moves.Count > 0))
            || LivesOf(one).Any(life =>
                life.Ends.Exists(it => it.Operation != one && it.Operation != other && it.Operation.Start <= end && it.Operation.End >= start)
                || life.PossibleEnds.Exists(it => it.Start <= end && it.End >= start));
    }

    private bool MayHaveRisen(IReadOnlyList<Operation> own, Operation below, Operation above) =>
        MayHaveTimedOut(below, above)
        || own.Any(it => it.Start <= above.End && it.End >= below.Start && (it.IsFailed || it.IsUncertain));

    /// <summary>Whether one call may have counted a session that had timed out for the other.</summary>
    private bool MayHaveTimedOut(Operation one, Operation other)
    {
        var start = Math.Min(one.Start, other.Start);
        var (end, instant) = (Math.Max(one.End, other.End), Math.Max(one.LastInstant, other.LastInstant));
        return one.IsUncertain || other.IsUncertain || LivesOf(one).Any(it => it.Created.Start <= end && instant >= it.SureUntil(start));
    }

    private IEnumerable<Life> LivesOf(Operation operation) => _lives.Values.Where(it => IsOf(operation, it));
}
