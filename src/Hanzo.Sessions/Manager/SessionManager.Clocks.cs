namespace Hanzo.Sessions;

/// <content>
/// Two clocks: this server's, and that of a store that has one. One of them may be wrong, and nothing says which. So while they
/// differ by more than the tolerance, nothing ends by time unless both call it over.
/// </content>
public sealed partial class SessionManager
{
    /// <summary>
    /// Runs a step at an instant that the store compares with its clock. If the store refuses because the call had to wait,
    /// the step runs once more at a fresh instant.
    /// </summary>
    private async Task<T> StepAsync<T>(Func<StoreInstant, Task<T>> step)
    {
        for (var repeated = false; ; repeated = true)
        {
            try
            {
                return await step(new StoreInstant(Now(), _options.ClockTolerance)).ConfigureAwait(false);
            }
            catch (SessionClockException refusal) when (HadOnlyWaited(refusal) && !repeated)
            {
            }
        }
    }

    /// <summary>Whether the clocks agree, so that a step was refused only because it reached the store late. Otherwise this is logged.</summary>
    private bool HadOnlyWaited(SessionClockException refusal)
    {
        var now = Now();
        if (Agree(refusal.ServerTime, refusal.StoreTime, now))
        {
            return !refusal.IsOutcomeUnknown;
        }

        _clocks.Report(now, refusal.StoreTime);
        return false;
    }

    /// <summary>The instants to judge by what a lookup has found that was asked for at the given instant.</summary>
    private Instants Compare(DateTimeOffset asked, DateTimeOffset? storeTime)
    {
        var now = Now();
        if (storeTime is not { } shown || Agree(asked, shown, now))
        {
            return new Instants(now, now, _options.ClockTolerance);
        }

        _clocks.Report(now, shown);
        shown = Truncate(shown);
        return shown < now ? new Instants(shown, now, null) : new Instants(now, shown, null);
    }

    /// <summary>
    /// Whether the store read its clock between the call and the answer, by this server's clock and give or take the tolerance. A
    /// clock that was set back in between was wrong when it was asked.
    /// </summary>
    private bool Agree(DateTimeOffset asked, DateTimeOffset storeTime, DateTimeOffset answered) =>
        storeTime >= (asked < answered ? asked : answered) - _options.ClockTolerance && storeTime <= answered + _options.ClockTolerance;

    /// <summary>What the two clocks show: the same instant twice if they agree.</summary>
    /// <param name="Earlier">The earlier one, which dates what is written.</param>
    /// <param name="Later">The later one.</param>
    /// <param name="Tolerance">How far the store's clock may be from it when it is written; null if they are known to differ.</param>
    private readonly record struct Instants(DateTimeOffset Earlier, DateTimeOffset Later, TimeSpan? Tolerance)
    {
        public StoreInstant ForStore => new(Earlier, Tolerance);

        public bool CallActive(Session session) => session.IsActive(Later);

        public bool CallOver(Session session) => !session.IsActive(Earlier);
    }
}
