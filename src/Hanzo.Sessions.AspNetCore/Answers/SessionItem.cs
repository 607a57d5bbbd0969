namespace Hanzo.Sessions.AspNetCore;

/// <summary>A session as the HTTP API shows it. Never the token, nor its hash.</summary>
internal sealed record SessionItem(
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
    DateTime ActiveUntil,
    bool IsCurrent)
{
    public static SessionItem Of(Session session, SessionId? current) => new(
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
        session.ActiveUntil.UtcDateTime,
        session.Id == current);
}
