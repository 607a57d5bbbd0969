namespace Hanzo.Sessions;

/// <summary>
/// What a list is sorted by. The tie-breaker is the id for sessions, and organization, user and application for records.
/// Text sorts by code point. Unless the query says otherwise, instants and counts sort descending, and text ascending.
/// </summary>
public enum SessionSort
{
    /// <summary>The creation; of a record, the creation of its first session.</summary>
    Created,

    /// <summary>The last activity; of a record, the latest of its sessions.</summary>
    LastActive,

    /// <summary>The latest possible end, regardless of activity. Not for records.</summary>
    Expires,

    /// <summary>The end. For history only.</summary>
    Ended,

    /// <summary>The name of the user. Records sort by organization, user and application.</summary>
    User,

    /// <summary>The application.</summary>
    Application,

    /// <summary>The IP address as text; empty text if it is unknown. Not for records.</summary>
    IpAddress,

    /// <summary>The number of sessions. For records only.</summary>
    Count,

    /// <summary>The greatest id of its sessions, which is that of the newest one. For records only.</summary>
    Id,
}
