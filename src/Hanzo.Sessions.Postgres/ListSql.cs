namespace Hanzo.Sessions.Postgres;

/// <summary>The parts and the order of a list, as SQL.</summary>
internal static class ListSql
{
    /// <summary>
    /// The parts of a view: the condition of each, and when its sessions were over. History has two parts: ended sessions,
    /// and the few timed-out ones that clean-up has not reached yet.
    /// </summary>
    public static (string Condition, string Over)[] Parts(SessionView view) => view == SessionView.History
        ? [("s.ended_at IS NOT NULL", "s.ended_at"), ("s.due_at <= @now AND s.active_until <= @now", "s.active_until")]
        : [("s.ended_at IS NULL AND s.active_until > @now", "s.active_until")];

    /// <summary>The networks of a session <c>s</c>, to join it with: that of its sign-in, and that of its last use.</summary>
    public const string Networks = "(VALUES (s.ip_network, true), (s.last_ip_network, false)) AS networks (network, is_sign_in)";

    /// <summary>The sort key of sessions and history, before the id; for <see cref="SessionSort.Ended"/> each part has its own.</summary>
    public static string SessionKey(SessionSort sort) => sort switch
    {
        SessionSort.LastActive => "s.last_active_at",
        SessionSort.Expires => "s.expires_at",
        SessionSort.User => "s.user_name",
        SessionSort.Application => "s.application",
        SessionSort.IpAddress => "coalesce(s.ip_address, '')",
        _ => "s.created_at",
    };

    /// <summary>The sort key of records, before organization, user and application; null if these alone are the order.</summary>
    public static string? RecordKey(SessionSort sort) => sort switch
    {
        SessionSort.Application => "s.application",
        SessionSort.Created => "min(s.created_at)",
        SessionSort.LastActive => "max(s.last_active_at)",
        SessionSort.Count => "count(*)",

        // PostgreSQL has max(uuid) since version 18 only.
        SessionSort.Id => "max(s.id::text COLLATE \"C\")",
        _ => null,
    };

    /// <summary>The direction, and the operator that continues a list after a cursor.</summary>
    public static (string Direction, string Beyond) Order(SessionListing listing) =>
        listing.Descending ? ("DESC", "<") : ("ASC", ">");
}
