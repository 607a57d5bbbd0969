namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>
/// Says which promises a history breaks, by their numbers in PROOF.md. It claims only what holds for every order in which the calls
/// can have taken effect, each at one moment between its start and its end.
/// </summary>
internal sealed partial class HistoryChecker
{
    private readonly IReadOnlyList<Operation> _operations;
    private readonly Dictionary<string, Life> _lives = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Life> _byToken = new(StringComparer.Ordinal);
    private readonly HashSet<string> _usersWithOldSignIns = new(StringComparer.Ordinal);
    private readonly List<Violation> _violations = [];

    private HistoryChecker(IEnumerable<Operation> operations)
    {
        _operations = [.. operations.OrderBy(it => it.Start)];
        _purgesAndForgets = [.. _operations.Where(it => it.Kind is OperationKind.CleanUp or OperationKind.Forget)];
    }

    /// <summary>Checks one history.</summary>
    /// <param name="operations">The operations of all its clients, in any order.</param>
    /// <returns>What is wrong.</returns>
    public static IReadOnlyList<Violation> Check(IEnumerable<Operation> operations)
    {
        var checker = new HistoryChecker(operations);
        checker.CollectLives();
        checker.CollectEnds();
        foreach (var operation in checker._operations)
        {
            checker.CheckOne(operation);
        }

        checker.CheckCrowds();
        checker.CheckReports();
        checker.CheckRotations();
        checker.CheckPlaces();
        checker.CheckForgotten();
        checker.CheckAlarms();
        return checker._violations;
    }

    private void CollectLives()
    {
        foreach (var created in _operations.Where(it => it is { Kind: OperationKind.Create, Session: not null } && (!it.IsRefused || it.IsUncertain)))
        {
            _lives.Add(created.Session!.Id, new Life(created));
        }

        CollectAdopted();

        foreach (var issuing in _operations.Where(it => it is { NewToken: not null, Session: not null }))
        {
            if (_lives.TryGetValue(issuing.Session!.Id, out var life))
            {
                life.Tokens.TryAdd(issuing.NewToken!, issuing);
                _byToken.TryAdd(issuing.NewToken!, life);
            }
        }

        foreach (var operation in _operations)
        {
            foreach (var move in operation.Moves)
            {
                _lives.GetValueOrDefault(move.Id)?.Moves.Add((operation, move));
            }

            if (LifeOfToken(operation) is not { } life)
            {
                continue;
            }

            if (operation.Kind == OperationKind.Validate && (operation.IsFailed || operation.IsUncertain || operation.Status == SessionStatus.Active))
            {
                life.Activities.Add(operation);
            }
            else if (operation.Kind is OperationKind.Rotate or OperationKind.Renew && (operation.IsFailed || operation.IsUncertain || operation.NewToken is not null))
            {
                life.Rotations.Add(operation);
            }
        }
    }

    /// <summary>However often an old sign-in was adopted, it is one session.</summary>
    private void CollectAdopted()
    {
        var possible = _operations.Where(it => it is { Kind: OperationKind.Adopt, Session: not null } && MayHaveCreated(it));
        foreach (var adoptions in possible.GroupBy(it => it.Token!, StringComparer.Ordinal))
        {
            var life = adoptions.FirstOrDefault(it => it.NewToken is not null) is { } sure ? new Life(sure) : new Life([.. adoptions]);
            _lives.Add(life.Id, life);
            _byToken.Add(adoptions.Key, life);
            _usersWithOldSignIns.Add(life.User);
        }
    }

    private static bool MayHaveCreated(Operation adoption) => adoption.NewToken is not null || adoption.IsFailed || adoption.IsUncertain;

    private void CollectEnds()
    {
        foreach (var operation in _operations)
        {
            foreach (var end in operation.Ended)
            {
                if (_lives.TryGetValue(end.Id, out var life))
                {
                    life.Ends.Add((operation, end));
                    life.Overs.Add((operation, end.IsTimeout));
                }
            }

            if (operation.IsFailed || operation.IsUncertain)
            {
                foreach (var life in _lives.Values.Where(it => CouldEnd(operation, it)))
                {
                    life.PossibleEnds.Add(operation);
                }
            }

            if (operation is { Kind: OperationKind.Validate or OperationKind.ValidatePassively, IsFailed: false }
                && operation.Status is SessionStatus.IdleTimeout or SessionStatus.Expired or SessionStatus.Terminated
                && LifeOfToken(operation) is { } answered)
            {
                answered.Overs.Add((operation, operation.Status != SessionStatus.Terminated));
            }
        }

        // What a termination has not ended, although it had to, is over all the same: whoever finds it active is wrong.
        foreach (var operation in _operations.Where(it => !it.IsFailed))
        {
            foreach (var life in _lives.Values.Where(it => MustEnd(operation, it) || MustLeaveOver(operation, it)))
            {
                life.Overs.Add((operation, ByTime: false));
            }
        }
    }

    private void CheckOne(Operation operation)
    {
        if (operation.Error is not null)
        {
            Add("Error", "a call threw what no call may throw", operation);
        }

        if (operation.IsFailed)
        {
            return;
        }

        switch (operation.Kind)
        {
            case OperationKind.Validate or OperationKind.ValidatePassively:
                CheckValidation(operation);
                break;

            case OperationKind.Rotate or OperationKind.Renew:
                CheckRotation(operation);
                break;

            case OperationKind.Adopt:
                CheckAdoption(operation);
                break;

            case OperationKind.Create:
                CheckCreation(operation);
                break;

            case OperationKind.List or OperationKind.ListRecords:
                CheckList(operation);
                break;

            case OperationKind.ListHistory:
                CheckHistory(operation);
                break;
        }

        foreach (var life in _lives.Values.Where(it => MustEnd(operation, it) && !Reports(operation, it)))
        {
            Add(PromiseOf(operation), $"{life.Id} was active and had to be ended, and was not", operation, life.Created);
        }

        CheckEnds(operation);
    }

    private void CheckValidation(Operation operation)
    {
        var life = LifeOfToken(operation);
        if (operation.Status == SessionStatus.Active)
        {
            CheckAlive(operation, life);
        }
        else if (life is not null && life.IsSurelyActive(operation) && life.IsSurelyCurrent(operation.Token!, operation)
            && !EndsByMove(operation, life))
        {
            var promise = operation.Status switch
            {
                SessionStatus.IdleTimeout => "V3", // An activity was lost.
                SessionStatus.Terminated => "T8", // Something was ended, and nobody was told so.
                _ => "V1",
            };
            Add(promise, $"{life.Id} was active, and its token was refused", operation, life.Created);
        }
    }

    private void CheckRotation(Operation operation)
    {
        var life = LifeOfToken(operation);
        if (operation.NewToken is not null)
        {
            CheckAlive(operation, life);
        }
        else if (!operation.IsUncertain && life is not null && life.IsSurelyActive(operation) && life.IsSurelyCurrent(operation.Token!, operation))
        {
            Add("T10", $"{life.Id} was active, and nobody could rotate its token", operation, life.Created);
        }
    }

    private void CheckAlive(Operation operation, Life? life)
    {
        if (life is null || operation.Session is not { } session
            || !(life.IsShownAs(session) || life.IsShownAs(session with { ExpiresAt = life.Created.Session!.ExpiresAt })))
        {
            Add("V1", "a token proved a session that is not its own", operation);
            return;
        }

        if (!life.IsShownAs(session))
        {
            Add("V2", $"the end of {life.Id} was moved to {session.ExpiresAt}", life.Created, operation);
        }

        if (life.OverBefore(operation) is { } over)
        {
            Add(over.ByTime ? "V7" : "V4", $"{life.Id} was over, and was found active", over.Operation, operation);
        }

        if (operation.FirstInstant >= life.PossibleUntil(operation))
        {
            Add("V2", $"the time of {life.Id} was up at {life.PossibleUntil(operation)}, and it was found active", life.Created, operation);
        }

        if (life.KilledBefore(operation.Token!, operation) is { } rotation)
        {
            Add("T10", $"the token of {life.Id} was rotated, and still proved it", rotation, operation);
        }
    }

    private void CheckCreation(Operation operation)
    {
        var own = _lives.Values.Where(it => IsOf(operation, it) && it.Created != operation);
        if (!operation.IsRefused)
        {
            var active = own.Where(it => it.IsSurelyActive(operation) && !Reports(operation, it)).ToList();
            if (active.Count >= HistoryPlan.Limit && (operation.Token is null || !MayExceed(operation.User!)))
            {
                Add("C2", $"a session was created beside {active.Count} active ones", [.. active.Select(it => it.Created), operation]);
            }

            return;
        }

        var possible = own.Count(it => it.IsPossiblyActive(operation) && (LifeOfToken(operation) != it || !it.IsSurelyCurrent(operation.Token!, operation)));
        if (possible < HistoryPlan.Limit)
        {
            Add("C2 refused", $"a sign-in was refused while at most {possible} sessions were active", operation);
        }

        if (operation.Listed!.Count < HistoryPlan.Limit || operation.Listed.Any(it => !MayShow(operation, it)))
        {
            Add("C2 refused", "a refusal names too few sessions, or some that were not active", operation);
        }
    }

    private void CheckList(Operation operation)
    {
        var listed = operation.Listed!.Select(it => it.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var life in _lives.Values.Where(it => IsOf(operation, it) && !listed.Contains(it.Id) && it.IsSurelyActive(operation)))
        {
            Add("L2", $"a list misses {life.Id}, which was active", life.Created, operation);
        }

        foreach (var shown in operation.Listed!.Where(it => !MayShow(operation, it)))
        {
            var promise = string.Equals(shown.User, operation.User, StringComparison.Ordinal) ? "L1" : "L3";
            Add(promise, $"a list shows {shown.Id} of {shown.User}, which was over or is none of its business", operation);
        }
    }

    private bool MayShow(Operation operation, SessionFact shown) =>
        string.Equals(shown.User, operation.User, StringComparison.Ordinal)
        && _lives.TryGetValue(shown.Id, out var life)
        && life.IsShownAs(shown)
        && life.IsPossiblyActive(operation);

    private void CheckEnds(Operation operation)
    {
        foreach (var end in operation.Ended)
        {
            if (!_lives.TryGetValue(end.Id, out var life))
            {
                continue;
            }

            if (end.IsTimeout && operation.LastInstant < life.SureUntil(operation.Start))
            {
                var promise = end.Reason == SessionEndReason.IdleTimeout ? "V3" : "V2";
                Add(promise, $"{end.Id} was timed out, and its time was not up", life.Created, operation);
            }

            if (!end.IsTimeout && !IsInScope(operation, life))
            {
                var promise = end.Reason == SessionEndReason.Evicted ? "C3" : PromiseOf(operation);
                Add(promise, $"{end.Id} was ended by a call that was not about it", life.Created, operation);
            }
        }
    }

    /// <summary>
    /// Two creates at once: each sees few enough others, and together they are too many. Or one does not count what has
    /// timed out, and an activity that is under way prolongs it. So a create leaves the user with no more than the limit
    /// of sessions that nobody has ended, timed out or not. An adopted session counts, but is beyond the limit itself: only the
    /// sign-ins after it had to see it, and one that replaced a session of a user who had too many may have taken its place.
    /// </summary>
    private void CheckCrowds()
    {
        var lives = _lives.Values.Where(it => it.IsSurelyCreated).ToList();
        foreach (var moment in lives.Select(it => it.Created.End))
        {
            foreach (var own in lives.GroupBy(it => it.User, StringComparer.Ordinal))
            {
                var there = own.Where(it => it.Created.End <= moment
                    && !it.Ends.Exists(end => end.Operation.Start <= moment)
                    && !it.PossibleEnds.Exists(end => end.Start <= moment)).ToList();
                if (MayExceed(own.Key))
                {
                    var signIns = there.Where(it => !it.IsAdopted).ToList();
                    var last = signIns.Count == 0 ? 0 : signIns.Max(it => it.Created.Start);
                    there = signIns.Exists(it => it.Created.Token is not null) ? [] : [.. there.Where(it => !it.IsAdopted || it.Created.End < last)];
                }

                if (there.Count > HistoryPlan.Limit)
                {
                    Add("C2", $"{own.Key} had {there.Count} sessions that nobody had ended at {moment}", [.. there.Select(it => it.Created)]);
                }
            }
        }
    }

    /// <summary>Whether a user may have more sessions than the limit, because the limit refuses no adoption.</summary>
    private bool MayExceed(string user) => _usersWithOldSignIns.Contains(user);

    private void CheckReports()
    {
        foreach (var life in _lives.Values.Where(it => it.Ends.Count > 1))
        {
            var promise = life.Ends.TrueForAll(it => it.End.IsTimeout) ? "K1" : "T8";
            Add(promise, $"{life.Id} was reported ended {life.Ends.Count} times", [.. life.Ends.Select(it => it.Operation)]);
        }
    }

    private void CheckRotations()
    {
        foreach (var life in _lives.Values)
        {
            foreach (var winners in life.Rotations.Where(it => it.NewToken is not null).GroupBy(it => it.Token, StringComparer.Ordinal))
            {
                if (winners.Skip(1).Any())
                {
                    Add("T10", $"one token of {life.Id} was rotated {winners.Count()} times", [.. winners]);
                }
            }
        }
    }

    /// <summary>What a call promises about which sessions it ends.</summary>
    private static string PromiseOf(Operation operation) => operation.Kind switch
    {
        OperationKind.Terminate => "T1",
        OperationKind.TerminateAll => "T5",
        OperationKind.TerminateOthers => "T6",
        OperationKind.Create => "C5",
        OperationKind.Renew => "T4",
        OperationKind.Forget => "U7",
        OperationKind.Validate or OperationKind.ValidatePassively => "U5",
        _ => "T9",
    };

    /// <summary>Whether a call that went well had to end a session: it was told to, and the session was surely active.</summary>
    private bool MustEnd(Operation operation, Life life) =>
        operation.Kind switch
        {
            OperationKind.Terminate or OperationKind.TerminateAll or OperationKind.TerminateOthers or OperationKind.Forget => IsInScope(operation, life),
            OperationKind.Renew => IsInScope(operation, life) && LifeOfToken(operation) != life,
            OperationKind.Create => !operation.IsRefused && LifeOfToken(operation) == life && life.IsSurelyCurrent(operation.Token!, operation),
            _ => false,
        }
        && life.Created != operation
        && life.IsSurelyActive(operation);

    /// <summary>
    /// Whether a session is over after a call that went well, ended by it or timed out: an activity that was under way must
    /// not prolong it.
    /// </summary>
    private bool MustLeaveOver(Operation operation, Life life) =>
        operation.Kind is OperationKind.Terminate or OperationKind.TerminateAll or OperationKind.TerminateOthers
            or OperationKind.Renew or OperationKind.Forget
        && life.IsSurelyCreated && life.Created.End <= operation.Start
        && IsInScope(operation, life);

    /// <summary>Whether a call whose answer was lost may have ended a session.</summary>
    private bool CouldEnd(Operation operation, Life life) => operation.Kind switch
    {
        OperationKind.CleanUp => operation.LastInstant >= life.SureUntil(operation.Start),
        OperationKind.Validate or OperationKind.ValidatePassively or OperationKind.Rotate =>
            LifeOfToken(operation) == life && (operation.LastInstant >= life.SureUntil(operation.Start) || IsInScope(operation, life)),
        OperationKind.Create when IsOf(operation, life) && operation.LastInstant >= life.SureUntil(operation.Start) => life.Created != operation,
        _ => life.Created != operation && IsInScope(operation, life),
    };

    /// <summary>Whether a call may end a session for another reason than time.</summary>
    private bool IsInScope(Operation operation, Life life) => operation.Kind switch
    {
        OperationKind.Terminate => IsTarget(operation, life),
        OperationKind.TerminateAll or OperationKind.Forget => IsOf(operation, life),
        OperationKind.Renew => IsOf(operation, life) && (operation.NewToken is null || LifeOfToken(operation) != life),
        OperationKind.Validate or OperationKind.ValidatePassively =>
            operation is { EndsMoves: true, Place: not null } && LifeOfToken(operation) == life,
        OperationKind.TerminateOthers => IsOf(operation, life) && !IsTarget(operation, life),
        OperationKind.Create => (operation.Evicts && IsOf(operation, life)) || LifeOfToken(operation) == life,
        _ => false,
    };

    private static bool Reports(Operation operation, Life life) => operation.IsUncertain || life.Ends.Exists(end => end.Operation == operation);

    private static bool IsOf(Operation operation, Life life) => string.Equals(operation.User, life.User, StringComparison.Ordinal);

    private static bool IsTarget(Operation operation, Life life) => string.Equals(operation.Target, life.Id, StringComparison.Ordinal);

    private Life? LifeOfToken(Operation operation) => operation.Token is null ? null : _byToken.GetValueOrDefault(operation.Token);

    private void Add(string promise, string text, params IReadOnlyList<Operation> operations) =>
        _violations.Add(new Violation(promise, text, operations));
}
