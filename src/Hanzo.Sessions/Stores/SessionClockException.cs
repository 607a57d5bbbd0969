using System.Globalization;

namespace Hanzo.Sessions;

/// <summary>
/// The clock of this server and that of the store differ by more than <see cref="HanzoSessionsOptions.ClockTolerance"/>, so
/// the call was refused: one of the two is wrong. Correct it; no restart is needed.
/// </summary>
public sealed class SessionClockException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="serverTime">What the clock of this server showed.</param>
    /// <param name="storeTime">What the clock of the store showed.</param>
    /// <param name="isOutcomeUnknown">Whether the call may have been done all the same.</param>
    public SessionClockException(DateTimeOffset serverTime, DateTimeOffset storeTime, bool isOutcomeUnknown = false)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"The clock of this server showed {serverTime.UtcDateTime:O}, and that of the session store {storeTime.UtcDateTime:O}. {(isOutcomeUnknown ? "The answer to an earlier attempt was lost, so it is unknown whether the call was done." : "Nothing was changed.")}"))
    {
        ServerTime = serverTime;
        StoreTime = storeTime;
        IsOutcomeUnknown = isOutcomeUnknown;
    }

    /// <summary>What the clock of this server showed.</summary>
    public DateTimeOffset ServerTime { get; }

    /// <summary>What the clock of the store showed.</summary>
    public DateTimeOffset StoreTime { get; }

    /// <summary>
    /// True if the call may have been done: its answer was lost with the connection, and only the repeat was refused. False if
    /// nothing was changed.
    /// </summary>
    public bool IsOutcomeUnknown { get; }
}
