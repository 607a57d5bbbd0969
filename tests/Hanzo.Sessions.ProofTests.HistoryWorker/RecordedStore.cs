namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>Notes in the running operation what the store is asked to create and to move, and what it says it has ended.</summary>
internal sealed class RecordedStore(ISessionStore inner) : DelegatingSessionStore(inner)
{
    public override async Task<SessionCreationResult> CreateAsync(
        SessionCreation creation, CancellationToken cancellationToken = default)
    {
        if (Recording.Current is { } operation)
        {
            operation.Session = SessionFact.Of(creation.Session);
        }

        var result = await base.CreateAsync(creation, cancellationToken).ConfigureAwait(false);
        Note(result.Ended);
        if (result.Outcome == SessionCreationOutcome.Created)
        {
            Count(creation.Session.Id, result.NetworksBefore, result.Networks);
        }

        return result;
    }

    public override async Task<SessionMoveResult> MoveAsync(SessionMove move, CancellationToken cancellationToken = default)
    {
        var asked = new MoveFact
        {
            Id = move.Id.ToString(),
            Use = UseFact.Of(move.Use),
            IfMovedAt = move.IfMovedAt?.ToUnixTimeMilliseconds(),
        };
        Recording.Current?.Moves.Add(asked);
        var result = await base.MoveAsync(move, cancellationToken).ConfigureAwait(false);
        asked.IsWritten = result.IsWritten;
        Note(result.Ended is { } ended ? [ended] : []);
        if (result.IsWritten)
        {
            Count(move.Id, result.NetworksBefore, result.Networks);
        }

        return result;
    }

    public override async Task<IReadOnlyList<EndedSession>> ForgetAsync(
        SessionForgetting forgetting, CancellationToken cancellationToken = default)
    {
        var ended = await base.ForgetAsync(forgetting, cancellationToken).ConfigureAwait(false);
        Note(ended);
        return ended;
    }

    public override async Task<SessionTerminationResult> TerminateAsync(
        SessionTermination termination, CancellationToken cancellationToken = default)
    {
        var result = await base.TerminateAsync(termination, cancellationToken).ConfigureAwait(false);
        Note(result.Ended);
        return result;
    }

    public override async Task<EndedSession?> ExpireAsync(
        SessionId id, StoreInstant now, CancellationToken cancellationToken = default)
    {
        var ended = await base.ExpireAsync(id, now, cancellationToken).ConfigureAwait(false);
        Note(ended is null ? [] : [ended]);
        return ended;
    }

    public override async Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(
        StoreInstant now, int maximum, CancellationToken cancellationToken = default)
    {
        var ended = await base.ExpireBatchAsync(now, maximum, cancellationToken).ConfigureAwait(false);
        Note(ended);
        return ended;
    }

    private static void Note(IReadOnlyList<EndedSession> ended) =>
        Recording.Current?.Ended.AddRange(
            ended.Select(it => new EndedFact(it.Id.ToString(), it.End.Reason, it.End.At.ToUnixTimeMilliseconds())));

    private static void Count(SessionId id, int before, int after) =>
        Recording.Current?.Counts.Add(new NetworkCount(id.ToString(), before, after));
}
