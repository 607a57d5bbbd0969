namespace Hanzo.Sessions;

/// <summary>How a session ended. A session has at most one end, which never changes.</summary>
/// <param name="At">The instant; for a timeout, when the session timed out, not when it was noticed.</param>
/// <param name="Reason">The reason.</param>
/// <param name="By">The actor who ended it; null for a timeout.</param>
public sealed record SessionEnd(DateTimeOffset At, SessionEndReason Reason, SessionActor? By);
