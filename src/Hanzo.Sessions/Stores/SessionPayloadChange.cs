namespace Hanzo.Sessions;

/// <summary>A new payload for an active session that keeps its token.</summary>
/// <param name="TokenHash">The hash that the session must have.</param>
/// <param name="Read">The payload that the session must have: the one that the new payload was made from.</param>
/// <param name="Payload">The new payload.</param>
/// <param name="Now">The instant at which the session must be active.</param>
public sealed record SessionPayloadChange(
    SessionTokenHash TokenHash, ReadOnlyMemory<byte> Read, ReadOnlyMemory<byte> Payload, StoreInstant Now);
