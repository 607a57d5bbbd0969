namespace Hanzo.Sessions;

/// <summary>What a changed password did to the sessions of its user.</summary>
/// <param name="Ended">The sessions that ended.</param>
/// <param name="Current">The session that the change was made in, with its new token; null when there was none.</param>
public sealed record PasswordChange(IReadOnlyList<EndedSession> Ended, IssuedSession? Current);
