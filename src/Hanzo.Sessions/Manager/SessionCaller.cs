namespace Hanzo.Sessions;

/// <summary>
/// Who asks for a session to be ended, and which session that somebody is using while asking. The caller's own
/// session is protected: see <see cref="CurrentSessionException"/>.
/// </summary>
public sealed record SessionCaller
{
    private SessionCaller(SessionActor actor, SessionId? currentSession)
    {
        Actor = actor;
        CurrentSession = currentSession;
    }

    /// <summary>Who it is, as history will say.</summary>
    public SessionActor Actor { get; }

    /// <summary>The session that the caller is using; null for a caller without one.</summary>
    public SessionId? CurrentSession { get; }

    /// <summary>A signed-in user.</summary>
    /// <param name="current">The session that the user is using.</param>
    public static SessionCaller Of(Session current)
    {
        ArgumentNullException.ThrowIfNull(current);
        return new SessionCaller(SessionActor.Of(current.User), current.Id);
    }

    /// <summary>A program. It has no current session, so nothing is protected from it.</summary>
    /// <param name="name">Its name, as <see cref="SessionActor.Service"/> takes it.</param>
    /// <exception cref="ArgumentException">The name is out of bounds.</exception>
    public static SessionCaller Service(string name) => new(SessionActor.Service(name), null);
}
