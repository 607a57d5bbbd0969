namespace Hanzo.Sessions;

/// <summary>The result of a <see cref="SessionTermination"/>.</summary>
/// <param name="Ended">The sessions that the call ended, including the timed-out ones, which have that reason.</param>
/// <param name="CurrentSelected">True if the filter selected the protected session while it was active. Then nothing ended.</param>
public readonly record struct SessionTerminationResult(IReadOnlyList<EndedSession> Ended, bool CurrentSelected = false);
