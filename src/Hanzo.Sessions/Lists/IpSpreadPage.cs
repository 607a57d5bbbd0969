namespace Hanzo.Sessions;

/// <summary>A page of IP-spread alarms, and when they were counted.</summary>
public sealed record IpSpreadPage
{
    /// <summary>The users, ordered by organization and name. A page beyond the end is empty.</summary>
    public required IReadOnlyList<IpSpread> Items { get; init; }

    /// <summary>
    /// The instant that the alarms are true of. It is before the call where a count takes long; then no count of this process is
    /// waited for. Null while the first count is under way: the page is empty, which does not mean that there are no alarms. Ask
    /// again soon.
    /// </summary>
    public required DateTimeOffset? CountedAt { get; init; }

    /// <summary>The maximum number of users in a page.</summary>
    public required int Limit { get; init; }

    /// <summary>The number of skipped users.</summary>
    public int Offset { get; init; }
}
