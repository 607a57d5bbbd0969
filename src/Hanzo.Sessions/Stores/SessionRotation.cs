namespace Hanzo.Sessions;

/// <summary>A new token for an active session.</summary>
/// <param name="Current">The present hash of the session. It is dead afterward.</param>
/// <param name="Next">The new hash.</param>
/// <param name="Payload">The new payload; null keeps the old one.</param>
/// <param name="Now">The instant at which the session must be active.</param>
public sealed record SessionRotation(
    SessionTokenHash Current, SessionTokenHash Next, ReadOnlyMemory<byte>? Payload, StoreInstant Now);
