namespace Hanzo.Sessions.AspNetCore;

/// <summary>A page of alarms.</summary>
internal sealed record AlarmList(IReadOnlyList<AlarmItem> Items, int Limit, int Offset);
