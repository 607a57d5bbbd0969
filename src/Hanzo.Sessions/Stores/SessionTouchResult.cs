namespace Hanzo.Sessions;

/// <summary>The result of a <see cref="SessionTouch"/>.</summary>
/// <param name="IsActive">Whether the session was active, even if a later activity is stored already.</param>
public readonly record struct SessionTouchResult(bool IsActive);
