namespace Hanzo.Sessions;

/// <summary>How a session ended. A session has at most one end, and it never changes.</summary>
/// <param name="At">The instant; for a timeout the one at which the time was up, not the one at which it was noticed.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">Who did it; null for a timeout.</param>
public sealed record SessionEnd(DateTimeOffset At, SessionEndReason Reason, SessionActor? By);
