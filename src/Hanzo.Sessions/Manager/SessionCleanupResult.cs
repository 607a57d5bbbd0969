namespace Hanzo.Sessions;

/// <summary>What a clean-up did.</summary>
/// <param name="Ended">How many timed-out sessions it ended.</param>
/// <param name="Purged">How many ended sessions it removed from history.</param>
public readonly record struct SessionCleanupResult(int Ended, int Purged);
