namespace Hanzo.Sessions.AspNetCore;

/// <summary>How many sessions a request ended.</summary>
internal sealed record EndedAnswer(int Ended);
