namespace Hanzo.Sessions.AspNetCore;

/// <summary>A record as the HTTP API shows it.</summary>
internal sealed record SessionRecordItem(
    string Organization,
    string User,
    string Application,
    DateTime CreatedAt,
    DateTime LastActiveAt,
    int Count,
    IReadOnlyList<SessionItem> Sessions)
{
    public static SessionRecordItem Of(SessionRecord record, Func<Session, SessionItem> item) => new(
        record.User.Organization,
        record.User.Name,
        record.Application,
        record.CreatedAt.UtcDateTime,
        record.LastActiveAt.UtcDateTime,
        record.Sessions.Count,
        [.. record.Sessions.Select(item)]);
}
