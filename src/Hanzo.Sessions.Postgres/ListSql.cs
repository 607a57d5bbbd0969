namespace Hanzo.Sessions.Postgres;

/// <summary>What a list is made of and sorted by, as SQL.</summary>
internal static class ListSql
{
    /// <summary>
    /// What a view is made of, and when each part was over. History has two parts: what ended, and the few that have timed out
    /// and that clean-up has not reached yet.
    /// </summary>
    public static (string Condition, string Over)[] Parts(SessionView view) => view == SessionView.History
        ? [("s.ended_at IS NOT NULL", "s.ended_at"), ("s.due_at <= @now AND s.active_until <= @now", "s.active_until")]
        : [("s.ended_at IS NULL AND s.active_until > @now", "s.active_until")];

    /// <summary>What sessions and history are sorted by, before the id; for <see cref="SessionSort.Ended"/> each part has its own.</summary>
    public static string SessionKey(SessionSort sort) => sort switch
    {
        SessionSort.LastActive => "s.last_active_at",
        SessionSort.Expires => "s.expires_at",
        SessionSort.User => "s.user_name",
        SessionSort.Application => "s.application",
        SessionSort.IpAddress => "coalesce(s.ip_address, '')",
        _ => "s.created_at",
    };

    /// <summary>What records are sorted by, before organization, user and application; null when by those alone.</summary>
    public static string? RecordKey(SessionSort sort) => sort switch
    {
        SessionSort.Application => "s.application",
        SessionSort.Created => "min(s.created_at)",
        SessionSort.LastActive => "max(s.last_active_at)",
        SessionSort.Count => "count(*)",
        _ => null,
    };

    /// <summary>The direction, and the comparison that continues a list after a position.</summary>
    public static (string Direction, string Beyond) Order(SessionListing listing) =>
        listing.Descending ? ("DESC", "<") : ("ASC", ">");
}
