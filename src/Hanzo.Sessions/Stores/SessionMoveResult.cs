namespace Hanzo.Sessions;

/// <summary>The result of a <see cref="SessionMove"/>.</summary>
/// <param name="IsWritten">Whether it was written; false if the session is not active, or has moved since it was read.</param>
/// <param name="Ended">What ended, if the move ends its session.</param>
/// <param name="NetworksBefore">If written: the number of distinct networks of the user's active sessions before the step.</param>
/// <param name="Networks">If written: that number after the step.</param>
public sealed record SessionMoveResult(bool IsWritten, EndedSession? Ended = null, int NetworksBefore = 0, int Networks = 0);
