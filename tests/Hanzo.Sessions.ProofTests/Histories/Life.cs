namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>What a history surely knows of one session.</summary>
/// <param name="creations">
/// The call that created it, or those that may have: several may have adopted one old sign-in if answers were lost.
/// </param>
internal sealed class Life(params IReadOnlyList<Operation> creations)
{
    private static readonly long Resolution = (long)HistoryPlan.Resolution.TotalMilliseconds;

    public string Id => creations[0].Session!.Id;

    public string User => creations[0].Session!.User;

    public bool IsAdopted => creations[0].Kind == OperationKind.Adopt;

    /// <summary>The call that created it, or one that may have.</summary>
    public Operation Created => creations[0];

    /// <summary>The networks that it was, or may have been, created from.</summary>
    public IEnumerable<string> SignInNetworks => creations.Select(it => it.Session!.Network!);

    /// <summary>From when on it was surely created, if ever.</summary>
    public long CreatedBy => creations.Max(it => it.End);

    /// <summary>Whether it was created: the token of one that only may have been is known to nobody.</summary>
    public bool IsSurelyCreated => Created.NewToken is not null;

    /// <summary>The calls that were told that they have ended it.</summary>
    public List<(Operation Operation, EndedFact End)> Ends { get; } = [];

    /// <summary>The calls that may have ended it without being told so.</summary>
    public List<Operation> PossibleEnds { get; } = [];

    /// <summary>From the end of these calls on it is over.</summary>
    public List<(Operation Operation, bool ByTime)> Overs { get; } = [];

    /// <summary>Every token it has had, with the call that handed it out.</summary>
    public Dictionary<string, Operation> Tokens { get; } = new(StringComparer.Ordinal);

    /// <summary>The calls that were, or may have been, an activity.</summary>
    public List<Operation> Activities { get; } = [];

    /// <summary>The rotations that have, or may have, killed a token.</summary>
    public List<Operation> Rotations { get; } = [];

    /// <summary>The moves that calls have asked the store to write.</summary>
    public List<(Operation Operation, MoveFact Move)> Moves { get; } = [];

    /// <summary>Whether it may be this session that was shown.</summary>
    public bool IsShownAs(SessionFact shown) => creations.Any(it => it.Session!.Born() == shown.Born());

    /// <summary>Until when the session surely lasts, for a call that starts at a given moment.</summary>
    public long SureUntil(long start) => Math.Min(
        creations.Min(it => it.Session!.ExpiresAt),
        Activities.Where(it => it.Status == SessionStatus.Active && it.End < start)
            .Select(it => it.FirstInstant - Resolution)
            .Append(creations.Min(it => it.Session!.CreatedAt))
            .Max() + Created.Session!.Idle);

    /// <summary>From when on the session is surely timed out, for a call that ends at a given moment.</summary>
    public long PossibleUntil(Operation call) => Math.Min(
        creations.Max(it => it.Session!.ExpiresAt),
        Activities.Where(it => it != call && it.Start < call.End)
            .Select(it => it.LastInstant)
            .Append(creations.Max(it => it.Session!.CreatedAt))
            .Max() + Created.Session!.Idle);

    /// <summary>Whether the session was active from the start of a call to its end, whatever the others did.</summary>
    public bool IsSurelyActive(Operation call) =>
        IsSurelyCreated
        && Created.End < call.Start
        && !Ends.Exists(end => end.Operation != call && end.Operation.Start <= call.End)
        && !PossibleEnds.Exists(end => end.Start <= call.End)
        && call.LastInstant < SureUntil(call.Start);

    /// <summary>Whether the session may have been active at some moment of a call.</summary>
    public bool IsPossiblyActive(Operation call) =>
        creations.Min(it => it.Start) < call.End && OverBefore(call) is null && call.FirstInstant < PossibleUntil(call);

    /// <summary>What had surely ended the session before a call started.</summary>
    public (Operation Operation, bool ByTime)? OverBefore(Operation call)
    {
        var first = Overs.FindIndex(over => over.Operation.End < call.Start);
        return first < 0 ? null : Overs[first];
    }

    /// <summary>The networks that count for the alarm of its user, or may have, until a call ends.</summary>
    public IEnumerable<string> PossibleNetworks(Operation call) =>
    [
        .. SignInNetworks,
        .. Moves.Where(it => it.Operation.Start <= call.End && MayBeWritten(it)).Select(it => it.Move.Use.Network!),
    ];

    public static bool MayBeWritten((Operation Operation, MoveFact Move) move) =>
        move.Move.IsWritten != false || move.Operation.IsFailed || move.Operation.IsUncertain;

    /// <summary>Whether a token proved the session, as far as rotation goes, from the start of a call to its end.</summary>
    public bool IsSurelyCurrent(string token, Operation call) =>
        Tokens.TryGetValue(token, out var issued)
        && issued.End < call.Start
        && !Rotations.Exists(it => it != call && string.Equals(it.Token, token, StringComparison.Ordinal) && it.Start <= call.End);

    /// <summary>The rotation that had surely killed a token before a call started.</summary>
    public Operation? KilledBefore(string token, Operation call) =>
        Rotations.Find(it => it.NewToken is not null && string.Equals(it.Token, token, StringComparison.Ordinal) && it.End < call.Start);
}
