namespace Hanzo.Sessions.AspNetCore;

/// <summary>One session, active or ended, as the HTTP API explains it.</summary>
internal sealed record SessionExplanationItem(
    string Id,
    string Organization,
    string User,
    string Application,
    string? IpAddress,
    string? UserAgent,
    string Device,
    DateTime CreatedAt,
    DateTime LastActiveAt,
    DateTime ExpiresAt,
    bool IsActive,
    DateTime? ActiveUntil,
    DateTime? EndedAt,
    string? Reason,
    string? EndedBy,
    string Explanation)
{
    public static SessionExplanationItem Of(SessionExplanation explanation)
    {
        var session = explanation.Session;
        return new SessionExplanationItem(
            session.Id.ToString(),
            session.User.Organization,
            session.User.Name,
            session.Application,
            session.IpAddress,
            session.UserAgent,
            DeviceLabel.Of(session.UserAgent),
            session.CreatedAt.UtcDateTime,
            session.LastActiveAt.UtcDateTime,
            session.ExpiresAt.UtcDateTime,
            explanation.IsActive,
            explanation.IsActive ? session.ActiveUntil.UtcDateTime : null,
            session.End?.At.UtcDateTime,
            session.End?.Reason.ToString(),
            session.End?.By?.ToString(),
            explanation.Sentence);
    }
}
