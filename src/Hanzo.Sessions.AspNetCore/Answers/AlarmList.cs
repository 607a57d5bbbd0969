namespace Hanzo.Sessions.AspNetCore;

/// <summary>A page of alarms, and when they were counted; null while the first count is under way.</summary>
internal sealed record AlarmList(IReadOnlyList<AlarmItem> Items, int Limit, int Offset, DateTime? CountedAt)
{
    public static AlarmList Of(IpSpreadPage page) =>
        new([.. page.Items.Select(AlarmItem.Of)], page.Limit, page.Offset, page.CountedAt?.UtcDateTime);
}
