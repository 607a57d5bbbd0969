namespace Hanzo.Sessions;

/// <summary>An activity to write down.</summary>
/// <param name="Id">In which session.</param>
/// <param name="At">When; also the instant to judge by whether the session is active.</param>
/// <param name="ActiveUntil">Until when the session lasts after this activity.</param>
/// <param name="IfLastActiveBy">
/// The activity is written only when the last one that was written is not after this instant. Of several requests at
/// once, which all have seen the same last activity, one is written.
/// </param>
public readonly record struct SessionTouch(
    SessionId Id, DateTimeOffset At, DateTimeOffset ActiveUntil, DateTimeOffset IfLastActiveBy);
