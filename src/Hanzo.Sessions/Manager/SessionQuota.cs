namespace Hanzo.Sessions;

/// <summary>How many of the allowed sessions are in use.</summary>
/// <param name="Used">The active sessions that count.</param>
/// <param name="MaxSessions">How many there may be; null when the limit is switched off.</param>
public sealed record SessionQuota(int Used, int? MaxSessions);
