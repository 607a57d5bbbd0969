namespace Hanzo.Sessions.TestServers;

/// <summary>A session that an earlier version has stored. A payload of the web package is given by its claims.</summary>
public sealed record ReleasedSession(
    string What,
    string Id,
    string Token,
    string Organization,
    string User,
    string Application,
    string? IpAddress,
    string Status,
    string? Reason,
    DateTimeOffset? EndedAt,
    string? EndedBy,
    string? Payload,
    string? Scheme,
    int? Claims,
    string? LastClaim);
