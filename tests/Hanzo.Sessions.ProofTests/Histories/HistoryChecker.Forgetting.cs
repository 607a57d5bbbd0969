namespace Hanzo.Sessions.ProofTests.Histories;

/// <content>What is kept of sessions, and for how long: history, purge, forgotten users, adopted sign-ins.</content>
internal sealed partial class HistoryChecker
{
    private static readonly long Retention = (long)HistoryPlan.Retention.TotalMilliseconds;

    private readonly List<Operation> _purgesAndForgets;

    private void CheckAdoption(Operation operation)
    {
        var others = _operations.Where(it => it != operation && it.Kind == OperationKind.Adopt
            && string.Equals(it.Token, operation.Token, StringComparison.Ordinal));
        if (operation.NewToken is not null)
        {
            if (others.Any(it => it.NewToken is not null && it.Start <= operation.Start))
            {
                Add("U7", "an old sign-in was adopted twice", [.. others.Where(it => it.NewToken is not null), operation]);
            }
        }
        else if (!operation.IsUncertain && !others.Any(it => it.Start < operation.End && MayHaveCreated(it)))
        {
            Add("C1", "an old sign-in was not adopted", operation);
        }
    }

    private void CheckHistory(Operation operation)
    {
        var listed = operation.Listed!.Select(it => it.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var shown in operation.Listed!)
        {
            if (!string.Equals(shown.User, operation.User, StringComparison.Ordinal)
                || !_lives.TryGetValue(shown.Id, out var life) || !life.IsShownAs(shown))
            {
                Add("L4", $"a history shows {shown.Id} of {shown.User}, which is none of its business", operation);
                continue;
            }

            if (life.IsSurelyActive(operation))
            {
                Add("L5", $"a history shows {shown.Id}, which was active", life.Created, operation);
            }

            // A call under way may still end, at an earlier instant, what is shown as timed out.
            var before = life.Ends.FindIndex(it => it.Operation.End < operation.Start);
            if (before >= 0 && life.Ends[before].End.Reason != shown.Reason)
            {
                Add("T9", $"a history says that {shown.Id} has ended by {shown.Reason}", life.Ends[before].Operation, operation);
            }

            if (!life.IsAdopted && life.Ends.Exists(end => _purgesAndForgets.Exists(it => it.End < operation.Start && HasPurged(it, life, end))))
            {
                Add("K1", $"a history shows {shown.Id}, which was to be purged", life.Ends[0].Operation, operation);
            }
        }

        foreach (var life in _lives.Values.Where(it => IsOf(operation, it) && !listed.Contains(it.Id)))
        {
            var ended = life.Ends.FindIndex(it => it.Operation.End < operation.Start);
            if (ended >= 0 && !_purgesAndForgets.Exists(it => it.Start <= operation.End && (MayForget(it, life) || MayPurge(it, life, life.Ends[ended].End))))
            {
                Add("L5", $"a history misses {life.Id}", life.Ends[ended].Operation, operation);
            }
        }
    }

    /// <summary>
    /// Whether a clean-up has surely purged an end. It leaves to the next one what others have locked at that moment: another clean-up,
    /// or whoever looks after the sessions of this user.
    /// </summary>
    private bool HasPurged(Operation cleanup, Life life, (Operation Operation, EndedFact End) end) =>
        cleanup is { Kind: OperationKind.CleanUp, IsFailed: false, IsUncertain: false }
        && cleanup.Start > end.Operation.End && end.End.At <= cleanup.FirstInstant - Retention
        && !_operations.Any(it => it != cleanup && it.Start <= cleanup.End && it.End >= cleanup.Start
            && (it.Kind == OperationKind.CleanUp || IsOf(it, life)));

    private static bool MayPurge(Operation operation, Life life, EndedFact end) =>
        operation.Kind == OperationKind.CleanUp && !life.IsAdopted && end.At <= operation.LastInstant - Retention;

    private static bool MayForget(Operation operation, Life life) => operation.Kind == OperationKind.Forget && IsOf(operation, life);

    /// <summary>After a user was forgotten, nothing shows what there was before.</summary>
    private void CheckForgotten()
    {
        foreach (var forget in _operations.Where(it => it is { Kind: OperationKind.Forget, IsFailed: false }))
        {
            var gone = _lives.Values.Where(it => IsOf(forget, it) && it.CreatedBy <= forget.Start).ToList();
            foreach (var operation in _operations.Where(it => !it.IsFailed && it.Start > forget.End))
            {
                if (gone.Find(it => Shows(operation, it)) is { } shown)
                {
                    Add("U7", $"{shown.Id} was forgotten, and is still known", forget, operation);
                }
            }
        }
    }

    private bool Shows(Operation operation, Life life) => operation.Kind switch
    {
        OperationKind.Validate or OperationKind.ValidatePassively => operation.Status != SessionStatus.Unknown && LifeOfToken(operation) == life,
        OperationKind.Rotate => operation.NewToken is not null && LifeOfToken(operation) == life,
        _ => operation.Listed?.Any(it => string.Equals(it.Id, life.Id, StringComparison.Ordinal)) == true,
    };
}
