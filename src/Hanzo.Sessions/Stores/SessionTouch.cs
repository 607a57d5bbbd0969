namespace Hanzo.Sessions;

/// <summary>An activity to write down.</summary>
/// <param name="Id">In which session.</param>
/// <param name="At">When; also the instant to judge by whether the session is active.</param>
/// <param name="ActiveUntil">Until when the session lasts after this activity.</param>
public readonly record struct SessionTouch(SessionId Id, DateTimeOffset At, DateTimeOffset ActiveUntil);
