namespace Hanzo.Sessions;

/// <summary>A new token for an active session.</summary>
/// <param name="Current">The hash that the session has now. It is dead afterwards.</param>
/// <param name="Next">The hash that it gets.</param>
/// <param name="Payload">The payload that it gets; null keeps the one it has.</param>
/// <param name="Now">The instant to judge by whether the session is active.</param>
public sealed record SessionRotation(
    SessionTokenHash Current, SessionTokenHash Next, ReadOnlyMemory<byte>? Payload, DateTimeOffset Now);
