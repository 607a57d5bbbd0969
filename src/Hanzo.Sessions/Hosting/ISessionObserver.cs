namespace Hanzo.Sessions;

/// <summary>
/// Is told after the fact, when the store has committed. It changes no outcome: what it throws is logged and goes
/// no further. Implement only what you need. Between the commit and the call a process can die: the stored history
/// is the truth.
/// </summary>
public interface ISessionObserver
{
    /// <summary>A session was created.</summary>
    /// <param name="session">The session, without its payload.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask OnCreatedAsync(Session session, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>A sign-in was refused because the user had as many sessions as the limit allows.</summary>
    /// <param name="refusal">What the caller of create got.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask OnRefusedAsync(SessionLimitExceededException refusal, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>A session ended. Called once for each.</summary>
    /// <param name="session">Which, when, why and by whom.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask OnEndedAsync(EndedSession session, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>A sign-in took a user over the threshold of distinct addresses. Called once per crossing.</summary>
    /// <param name="session">The session that crossed it, without its payload.</param>
    /// <param name="networks">How many distinct addresses the user's active sessions have now.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask OnIpSpreadAsync(Session session, int networks, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
