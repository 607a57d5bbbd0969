namespace Hanzo.Sessions;

/// <summary>A session together with its token: the only moment at which the token can be had.</summary>
/// <param name="Session">The session.</param>
/// <param name="Token">The secret to hand to the client.</param>
/// <param name="Ended">
/// The sessions that ended to make room, or because the sign-in went over them, and those of the user that were found timed out.
/// </param>
public sealed record IssuedSession(Session Session, SessionToken Token, IReadOnlyList<EndedSession> Ended);
