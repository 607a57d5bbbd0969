namespace Hanzo.Sessions.Sqlite;

/// <summary>The order of a list as SQL, and the condition that continues it after a cursor.</summary>
internal static class ListSql
{
    /// <summary>The sort key of sessions and history, before the id.</summary>
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

    /// <summary>The sort key of records, before organization, user and application; null if these alone are the order.</summary>
    public static string? RecordKey(SessionSort sort) => sort switch
    {
        SessionSort.Application => "application",
        SessionSort.Created => "min(created_at)",
        SessionSort.LastActive => "max(last_active_at)",
        SessionSort.Count => "count(*)",
        SessionSort.Id => "max(id)",
        _ => null,
    };

    /// <summary>The value of a cursor to compare the key with.</summary>
    public static object ValueOf(SessionCursor cursor) => cursor.Sort switch
    {
        SessionSort.User or SessionSort.Application or SessionSort.IpAddress => cursor.Text,
        SessionSort.Id => cursor.Id.ToString(),
        _ => cursor.Number,
    };

    /// <summary>The direction, and the operator that continues a list after a cursor.</summary>
    public static (string Direction, string Beyond) Order(SessionListing listing) =>
        listing.Descending ? ("DESC", "<") : ("ASC", ">");
}
