namespace Hanzo.Sessions;

/// <summary>The result of a lookup.</summary>
/// <param name="Session">The session; null if there is none.</param>
/// <param name="StoreTime">
/// What the clock of the store showed when it read the session, at some moment between the call and the answer. Null if the
/// store has no clock of its own, or found no session.
/// </param>
public readonly record struct FoundSession(Session? Session, DateTimeOffset? StoreTime = null);
