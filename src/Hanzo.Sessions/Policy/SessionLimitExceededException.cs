namespace Hanzo.Sessions;

/// <summary>
/// The user has as many active sessions as the limit allows. This is not a failed sign-in: the password was right. Nothing
/// changed.
/// </summary>
public sealed class SessionLimitExceededException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="user">The user who tried to sign in.</param>
    /// <param name="limit">The limit that was reached.</param>
    /// <param name="activeSessions">The sessions that count against it.</param>
    public SessionLimitExceededException(SessionUser user, SessionLimit limit, IReadOnlyList<Session> activeSessions)
        : base($"{new Printable(user)} has {activeSessions?.Count} active sessions, and the limit is {limit?.MaxSessions}.")
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(limit);
        ArgumentNullException.ThrowIfNull(activeSessions);
        User = user;
        Limit = limit;
        ActiveSessions = activeSessions;
    }

    /// <summary>The user who tried to sign in.</summary>
    public SessionUser User { get; }

    /// <summary>The limit that was reached.</summary>
    public SessionLimit Limit { get; }

    /// <summary>The sessions that count against it, newest first, without their payload.</summary>
    public IReadOnlyList<Session> ActiveSessions { get; }
}
