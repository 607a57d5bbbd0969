namespace Hanzo.Sessions;

/// <summary>What became of a <see cref="SessionTouch"/>.</summary>
/// <param name="IsActive">Whether the session was active, also when a later activity was written already.</param>
public readonly record struct SessionTouchResult(bool IsActive);
