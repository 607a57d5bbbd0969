namespace Hanzo.Sessions;

/// <summary>How many sessions can be active at once. A store applies it when it creates a session.</summary>
/// <param name="MaxSessions">The maximum number, including the new session; at least 1.</param>
/// <param name="Scope">The sessions that count together.</param>
/// <param name="Action">What the store does at the limit.</param>
public sealed record SessionLimit(int MaxSessions, SessionLimitScope Scope, SessionLimitAction Action);
