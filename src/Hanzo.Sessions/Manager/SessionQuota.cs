namespace Hanzo.Sessions;

/// <summary>How many of the allowed sessions are in use.</summary>
/// <param name="Used">The number of active sessions that count.</param>
/// <param name="MaxSessions">The limit; null if it is switched off.</param>
public sealed record SessionQuota(int Used, int? MaxSessions);
