namespace Hanzo.Sessions;

/// <summary>
/// The instant that a store judges by. With a tolerance, a store that has a clock of its own compares the two, once for the
/// whole step: if they differ by more, it changes nothing and throws <see cref="SessionClockException"/>.
/// </summary>
/// <param name="At">What the clock of the calling server shows.</param>
/// <param name="Tolerance">How far the clock of the store may be from it; null if the store must not compare.</param>
public readonly record struct StoreInstant(DateTimeOffset At, TimeSpan? Tolerance = null)
{
    /// <summary>The earliest time of the store's clock at which the step is done.</summary>
    public DateTimeOffset Earliest => Tolerance is { } tolerance ? At - tolerance : DateTimeOffset.MinValue;

    /// <summary>The latest time of the store's clock at which the step is done.</summary>
    public DateTimeOffset Latest => Tolerance is { } tolerance ? At + tolerance : DateTimeOffset.MaxValue;

    /// <summary>An instant without a tolerance.</summary>
    /// <param name="at">The instant.</param>
    public static implicit operator StoreInstant(DateTimeOffset at) => FromDateTimeOffset(at);

    /// <summary>An instant without a tolerance.</summary>
    /// <param name="at">The instant.</param>
    public static StoreInstant FromDateTimeOffset(DateTimeOffset at) => new(at);

    /// <summary>Whether the step may be done at this time of the store's clock.</summary>
    /// <param name="storeTime">What the clock of the store shows.</param>
    public bool Agrees(DateTimeOffset storeTime) => storeTime >= Earliest && storeTime <= Latest;

    /// <summary>Throws unless the step may be done at this time of the store's clock. Call it before the step changes anything.</summary>
    /// <param name="storeTime">What the clock of the store shows.</param>
    /// <exception cref="SessionClockException">The two clocks differ by more than the tolerance.</exception>
    public void Check(DateTimeOffset storeTime)
    {
        if (!Agrees(storeTime))
        {
            throw new SessionClockException(At, storeTime);
        }
    }
}
