namespace Hanzo.Sessions;

/// <summary>What a sign-in does at the limit.</summary>
public enum SessionLimitAction
{
    /// <summary>Fails with <see cref="SessionLimitExceededException"/> and ends no session.</summary>
    Refuse,

    /// <summary>Ends the sessions that were created first, as many as it takes to be within the limit.</summary>
    EndOldest,

    /// <summary>Ends the sessions whose last activity is longest ago, as many as it takes to be within the limit.</summary>
    EndLeastRecentlyActive,
}
