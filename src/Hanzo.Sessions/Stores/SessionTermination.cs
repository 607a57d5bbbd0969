namespace Hanzo.Sessions;

/// <summary>Which sessions to end, and what to write down about it.</summary>
public sealed record SessionTermination
{
    /// <summary>Which sessions.</summary>
    public required SessionFilter Filter { get; init; }

    /// <summary>The instant to judge by, the reason and the actor.</summary>
    public required SessionEnd End { get; init; }

    /// <summary>The protected session: if the filter selects it while it is active, nothing ends. Null protects none.</summary>
    public SessionId? Current { get; init; }

    /// <summary>
    /// Selected sessions that timed out at or before this instant may be left to clean-up; null leaves none. The manager sets it
    /// where clean-up that is switched off may have left millions of them, and so early that no activity in flight can
    /// still prolong one.
    /// </summary>
    public DateTimeOffset? TimedOutSince { get; init; }
}
