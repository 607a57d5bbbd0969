namespace Hanzo.Sessions;

/// <summary>What became of a user's sessions when the signed-in user changed the password.</summary>
/// <param name="Ended">The sessions that ended.</param>
/// <param name="Current">The session of the change, with its new token; null if it ended, or if there was none.</param>
public sealed record SessionRenewal(IReadOnlyList<EndedSession> Ended, IssuedSession? Current);
