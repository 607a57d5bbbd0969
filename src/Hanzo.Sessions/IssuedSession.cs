namespace Hanzo.Sessions;

/// <summary>A session together with its token. The token cannot be read again later.</summary>
/// <param name="Session">The session.</param>
/// <param name="Token">The secret to send to the client.</param>
/// <param name="Ended">The sessions that ended: those evicted, the one replaced, and the user's timed-out ones that were found.</param>
public sealed record IssuedSession(Session Session, SessionToken Token, IReadOnlyList<EndedSession> Ended);
