namespace Hanzo.Sessions;

/// <summary>
/// Is told after the fact, when the store has committed. Each observer has a queue of its own and hears one event
/// after the other, in the order in which this process learnt of them: the end of a session may come before its
/// creation. One that is slow or throws delays and changes nothing for anybody else. Implement only what you need.
/// </summary>
/// <remarks>
/// An event is missed when the queue is full (<see cref="HanzoSessionsOptions.ObserverQueueCapacity"/>), when the
/// process dies before it was heard, when a stopping host does not want to wait any longer
/// (<see cref="HanzoSessionsOptions.ObserverDrainTimeout"/>), and when the database wrote a timeout down and the connection was
/// lost before it said so. Ends are in the stored history all the same; refusals and
/// crossings of the threshold are stored nowhere. An observer that needs the <see cref="SessionManager"/> asks an
/// <see cref="IServiceProvider"/> for it when it is called, not in its constructor.
/// </remarks>
public interface ISessionObserver
{
    /// <summary>A session was created.</summary>
    /// <param name="session">The session, without its payload.</param>
    /// <param name="cancellationToken">Ends the wait: a stopping host has waited long enough.</param>
    ValueTask OnCreatedAsync(Session session, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>A sign-in was refused because the user had as many sessions as the limit allows.</summary>
    /// <param name="refusal">What the caller of create got.</param>
    /// <param name="cancellationToken">Ends the wait: a stopping host has waited long enough.</param>
    ValueTask OnRefusedAsync(SessionLimitExceededException refusal, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>A session ended. Called at most once for each.</summary>
    /// <param name="session">Which, when, why and by whom.</param>
    /// <param name="cancellationToken">Ends the wait: a stopping host has waited long enough.</param>
    ValueTask OnEndedAsync(EndedSession session, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>
    /// A sign-in took a user over the threshold of distinct addresses. Called once per crossing, but where a database's answer
    /// was lost and the user signed in elsewhere meanwhile: then perhaps twice, or not.
    /// </summary>
    /// <param name="session">The session that crossed it, without its payload.</param>
    /// <param name="networks">How many distinct addresses the user's active sessions have now.</param>
    /// <param name="cancellationToken">Ends the wait: a stopping host has waited long enough.</param>
    ValueTask OnIpSpreadAsync(Session session, int networks, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
