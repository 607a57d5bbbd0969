namespace Hanzo.Sessions.AspNetCore;

/// <summary>The caller's own sessions and the quota.</summary>
internal sealed record AccountSessionList(
    IReadOnlyList<SessionItem> Items, long? Total, bool TotalIsExact, int Limit, int Offset, string? NextCursor, string? PreviousCursor,
    QuotaItem Quota)
{
    public static AccountSessionList Of(SessionList<SessionItem> list, SessionQuota quota) => new(
        list.Items, list.Total, list.TotalIsExact, list.Limit, list.Offset, list.NextCursor, list.PreviousCursor,
        new QuotaItem(quota.Used, quota.MaxSessions));
}
