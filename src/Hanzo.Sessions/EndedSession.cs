namespace Hanzo.Sessions;

/// <summary>A session that a call has just ended.</summary>
/// <param name="Id">Its id.</param>
/// <param name="User">The user whose session it was.</param>
/// <param name="Application">The application that it was for.</param>
/// <param name="End">When, why and by whom.</param>
/// <param name="TokenHash">The token hash that died with it, for an observer that keeps a copy of sessions.</param>
public sealed record EndedSession(
    SessionId Id, SessionUser User, string Application, SessionEnd End, SessionTokenHash TokenHash);
