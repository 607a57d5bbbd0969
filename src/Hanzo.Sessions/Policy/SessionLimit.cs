namespace Hanzo.Sessions;

/// <summary>How many sessions may be active at once, as a store applies it when it creates one.</summary>
/// <param name="MaxSessions">How many there may be, including the new one; at least 1.</param>
/// <param name="Scope">Which sessions count together.</param>
/// <param name="Action">What happens when there are as many already.</param>
public sealed record SessionLimit(int MaxSessions, SessionLimitScope Scope, SessionLimitAction Action);
