namespace Hanzo.Sessions;

/// <summary>
/// The user or program that ends sessions, and the session that it is using. The caller's own session is protected: see
/// <see cref="CurrentSessionException"/>.
/// </summary>
public sealed record SessionCaller
{
    private SessionCaller(SessionActor actor, SessionId? currentSession)
    {
        Actor = actor;
        CurrentSession = currentSession;
    }

    /// <summary>The actor that history will name.</summary>
    public SessionActor Actor { get; }

    /// <summary>The session that the caller is using; null if there is none.</summary>
    public SessionId? CurrentSession { get; }

    /// <summary>A signed-in user.</summary>
    /// <param name="current">The session that the user is using.</param>
    public static SessionCaller Of(Session current)
    {
        ArgumentNullException.ThrowIfNull(current);
        return new SessionCaller(SessionActor.Of(current.User), current.Id);
    }

    /// <summary>A program. It has no current session, so it can end any session.</summary>
    /// <param name="name">Its name, in the range that <see cref="SessionActor.Service"/> allows.</param>
    /// <exception cref="ArgumentException">The name is out of range.</exception>
    public static SessionCaller Service(string name) => new(SessionActor.Service(name), null);
}
