namespace Hanzo.Sessions;

/// <summary>What a sign-in does when the user has as many sessions as the limit allows.</summary>
public enum SessionLimitAction
{
    /// <summary>It is refused with <see cref="SessionLimitExceededException"/>; no session ends.</summary>
    Refuse,

    /// <summary>The sessions that were created first end, as many as it takes to be within the limit.</summary>
    EndOldest,

    /// <summary>The sessions whose last activity is longest ago end, as many as it takes to be within the limit.</summary>
    EndLeastRecentlyActive,
}
