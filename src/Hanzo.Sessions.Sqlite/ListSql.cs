namespace Hanzo.Sessions.Sqlite;

/// <summary>The order of a list as SQL, and the condition that continues it after a cursor.</summary>
internal static class ListSql
{
    /// <summary>What sessions and history are sorted by, before the id.</summary>
    public static string SessionKey(SessionSort sort) => sort switch
    {
        SessionSort.LastActive => "last_active_at",
        SessionSort.Expires => "expires_at",
        SessionSort.Ended => "active_until",
        SessionSort.User => "user_name",
        SessionSort.Application => "application",
        SessionSort.IpAddress => "coalesce(ip_address, '')",
        _ => "created_at",
    };

    /// <summary>What records are sorted by, before organization, user and application; null when by those alone.</summary>
    public static string? RecordKey(SessionSort sort) => sort switch
    {
        SessionSort.Application => "application",
        SessionSort.Created => "min(created_at)",
        SessionSort.LastActive => "max(last_active_at)",
        SessionSort.Count => "count(*)",
        _ => null,
    };

    /// <summary>The value to compare a key with.</summary>
    public static object ValueOf(SessionCursor cursor) =>
        cursor.Sort is SessionSort.User or SessionSort.Application or SessionSort.IpAddress ? cursor.Text : cursor.Number;

    /// <summary>The direction, and the comparison that continues a list after a position.</summary>
    public static (string Direction, string Beyond) Order(SessionListing listing) =>
        listing.Descending ? ("DESC", "<") : ("ASC", ">");
}
