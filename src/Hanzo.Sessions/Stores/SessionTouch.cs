namespace Hanzo.Sessions;

/// <summary>An activity to store.</summary>
/// <param name="Id">The session.</param>
/// <param name="At">The instant of the activity, at which the session must be active.</param>
/// <param name="ActiveUntil">When the session is over after this activity.</param>
/// <param name="IfLastActiveBy">
/// The store writes the activity only if the last stored one is not after this instant. So of several requests that have
/// seen the same last activity, it writes one.
/// </param>
/// <param name="Tolerance">See <see cref="StoreInstant.Tolerance"/>.</param>
public readonly record struct SessionTouch(
    SessionId Id, DateTimeOffset At, DateTimeOffset ActiveUntil, DateTimeOffset IfLastActiveBy, TimeSpan? Tolerance = null)
{
    /// <summary>The instant to judge by.</summary>
    public StoreInstant Now => new(At, Tolerance);
}
