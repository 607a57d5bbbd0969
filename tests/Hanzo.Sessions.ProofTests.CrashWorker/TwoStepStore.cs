namespace Hanzo.Sessions.ProofTests.CrashWorker;

/// <summary>
/// A bug to be found: a move is written before its session is ended, or the sessions of a user are ended before they are forgotten.
/// </summary>
/// <param name="inner">The store.</param>
/// <param name="moves">Whether moves have two steps; otherwise forgetting has.</param>
public sealed class TwoStepStore(ISessionStore inner, bool moves) : DelegatingSessionStore(inner)
{
    public override async Task<SessionMoveResult> MoveAsync(SessionMove move, CancellationToken cancellationToken = default)
    {
        if (!moves || !move.Ends)
        {
            return await Inner.MoveAsync(move, cancellationToken).ConfigureAwait(false);
        }

        var written = await Inner.MoveAsync(move with { Ends = false }, cancellationToken).ConfigureAwait(false);
        var ended = await EndAsync(
            SessionFilter.Of(move.User) with { Id = move.Id }, new SessionEnd(move.At, SessionEndReason.Moved, By: null), cancellationToken)
            .ConfigureAwait(false);
        return written with { Ended = ended.Count > 0 ? ended[0] : null };
    }

    public override async Task<IReadOnlyList<EndedSession>> ForgetAsync(
        SessionForgetting forgetting, CancellationToken cancellationToken = default)
    {
        var ended = moves
            ? []
            : await EndAsync(SessionFilter.Of(forgetting.User), forgetting.End, cancellationToken).ConfigureAwait(false);
        return [.. ended, .. await Inner.ForgetAsync(forgetting, cancellationToken).ConfigureAwait(false)];
    }

    private async Task<IReadOnlyList<EndedSession>> EndAsync(SessionFilter filter, SessionEnd end, CancellationToken cancellationToken) =>
        (await Inner.TerminateAsync(new SessionTermination { Filter = filter, End = end }, cancellationToken).ConfigureAwait(false)).Ended;
}
