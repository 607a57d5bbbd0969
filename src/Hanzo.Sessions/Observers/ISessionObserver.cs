namespace Hanzo.Sessions;

/// <summary>
/// Hears events after the store has committed them. Each observer has its own queue and hears one event at a time, in the
/// order in which this process learned of them: the end of a session may come before its creation. An observer that is slow
/// or throws affects no request and no other observer. Implement only what you need.
/// </summary>
/// <remarks>
/// <para>An observer misses an event if its queue is full (<see cref="HanzoSessionsOptions.ObserverQueueCapacity"/>), if the
/// process dies first, if a stopping host has waited for <see cref="HanzoSessionsOptions.ObserverDrainTimeout"/>, or if the
/// connection breaks after the database has stored a timeout or forgotten a user. Ends are in the history in any case, except
/// those of a forgotten user; refusals and crossings of the threshold are not stored.</para>
/// <para>An observer that needs the <see cref="SessionManager"/> must get it from an <see cref="IServiceProvider"/> when it is
/// called, not in its constructor.</para>
/// </remarks>
public interface ISessionObserver
{
    /// <summary>A session was created.</summary>
    /// <param name="session">The session, without its payload.</param>
    /// <param name="cancellationToken">Canceled when a stopping host has waited long enough.</param>
    ValueTask OnCreatedAsync(Session session, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>The limit refused a sign-in.</summary>
    /// <param name="refusal">The exception that the caller received.</param>
    /// <param name="cancellationToken">Canceled when a stopping host has waited long enough.</param>
    ValueTask OnRefusedAsync(SessionLimitExceededException refusal, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>A session ended. Called at most once per session.</summary>
    /// <param name="session">The session, and when, why and by whom it ended.</param>
    /// <param name="cancellationToken">Canceled when a stopping host has waited long enough.</param>
    ValueTask OnEndedAsync(EndedSession session, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>
    /// A session is used from another place. Each server tells each place of a session once per activity resolution, and no more
    /// than sixteen places and one more, which has <see cref="SessionMoved.HasMore"/>.
    /// </summary>
    /// <param name="moved">The session, from where to where, and in what the places differ.</param>
    /// <param name="cancellationToken">Canceled when a stopping host has waited long enough.</param>
    ValueTask OnMovedAsync(SessionMoved moved, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>
    /// A sign-in or a move took a user over the threshold of distinct addresses. Called once per crossing. If a database's answer is
    /// lost, it may be called twice; if the user also signs in elsewhere concurrently, perhaps not at all.
    /// </summary>
    /// <param name="session">The session of that sign-in or move, without its payload.</param>
    /// <param name="networks">How many distinct addresses the user's active sessions have now.</param>
    /// <param name="cancellationToken">Canceled when a stopping host has waited long enough.</param>
    ValueTask OnIpSpreadAsync(Session session, int networks, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
