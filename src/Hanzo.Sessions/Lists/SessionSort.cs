namespace Hanzo.Sessions;

/// <summary>
/// What a list is sorted by. Ties are always broken: by id among sessions, by organization, user and application
/// among records. Text sorts by code point.
/// </summary>
public enum SessionSort
{
    /// <summary>When it was created; a record, when its first session was. Latest first unless asked otherwise.</summary>
    Created,

    /// <summary>The last activity; of a record, the latest. Latest first unless asked otherwise.</summary>
    LastActive,

    /// <summary>When it expires whatever happens. Latest first unless asked otherwise. Not for records.</summary>
    Expires,

    /// <summary>When it ended. Latest first unless asked otherwise. For history only.</summary>
    Ended,

    /// <summary>The name of the user; of a record, organization, user and application.</summary>
    User,

    /// <summary>The application.</summary>
    Application,

    /// <summary>The IP address as text, an unknown one as empty text. Not for records.</summary>
    IpAddress,

    /// <summary>How many sessions a record has. Most first unless asked otherwise. For records only.</summary>
    Count,
}
