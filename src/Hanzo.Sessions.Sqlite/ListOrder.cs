namespace Hanzo.Sessions.Sqlite;

/// <summary>The order of a list as SQL, and the condition that continues it after a cursor.</summary>
internal static class ListOrder
{
    /// <summary>What sessions and history are sorted by, before the id.</summary>
    public static string SessionKey(SessionSort? sort) => sort switch
    {
        SessionSort.Created => "created_at",
        SessionSort.LastActive => "last_active_at",
        SessionSort.Expires => "expires_at",
        SessionSort.Ended => "active_until",
        SessionSort.User => "user_name",
        SessionSort.Application => "application",
        SessionSort.IpAddress => "coalesce(ip_address, '')",
        _ => throw NotAnOrder(sort),
    };

    /// <summary>What records are sorted by, before organization, user and application; null when by those alone.</summary>
    public static string? RecordKey(SessionSort? sort) => sort switch
    {
        SessionSort.User => null,
        SessionSort.Application => "application",
        SessionSort.Created => "min(created_at)",
        SessionSort.LastActive => "max(last_active_at)",
        SessionSort.Count => "count(*)",
        _ => throw NotAnOrder(sort),
    };

    /// <summary>The value to compare a key with.</summary>
    public static object ValueOf(SessionCursor cursor) =>
        cursor.Sort is SessionSort.User or SessionSort.Application or SessionSort.IpAddress ? cursor.Text : cursor.Number;

    public static string Direction(SessionQuery query) => query.Descending == true ? "DESC" : "ASC";

    public static string After(SessionQuery query) => query.Descending == true ? "<" : ">";

    private static ArgumentException NotAnOrder(SessionSort? sort) =>
        new($"The list cannot be sorted by '{sort}'; a store finds the sort set.", nameof(sort));
}
