namespace Hanzo.Sessions.ProofTests.CrashWorker;

/// <summary>Writes the id of each session that has ended.</summary>
public sealed class EndingLines(Action<string> say) : ISessionObserver
{
    public ValueTask OnEndedAsync(EndedSession session, CancellationToken cancellationToken)
    {
        say(session.Id.ToString());
        return ValueTask.CompletedTask;
    }
}
