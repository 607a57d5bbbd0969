namespace Hanzo.Sessions.AspNetCore;

/// <summary>An ended session as the HTTP API shows it: when, why and by whom.</summary>
internal sealed record EndedSessionItem(
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
    DateTime EndedAt,
    string Reason,
    string? EndedBy)
{
    public static EndedSessionItem Of(Session session) => new(
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
        session.End!.At.UtcDateTime,
        session.End.Reason.ToString(),
        session.End.By?.ToString());
}
