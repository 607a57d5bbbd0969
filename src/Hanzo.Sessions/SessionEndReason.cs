namespace Hanzo.Sessions;

/// <summary>Why a session ended. Stores keep the numbers, which are never reused.</summary>
public enum SessionEndReason
{
    /// <summary>The user signed out.</summary>
    SignedOut = 1,

    /// <summary>The user ended it, as one of the user's own sessions.</summary>
    TerminatedByUser = 2,

    /// <summary>
    /// An administrator or a service ended it. This is also the reason if administrators end another session of their own by
    /// id as administrators, or by a filter that does not name them.
    /// </summary>
    TerminatedByAdmin = 3,

    /// <summary>A new session took its place, because the user had as many as the limit allows.</summary>
    Evicted = 4,

    /// <summary>A new sign-in replaced it: the request of that sign-in presented this session.</summary>
    Replaced = 5,

    /// <summary>It had no activity for its idle timeout.</summary>
    IdleTimeout = 6,

    /// <summary>It reached the absolute timeout.</summary>
    Expired = 7,

    /// <summary>The user's password was changed.</summary>
    PasswordChanged = 8,

    /// <summary>The user was disabled.</summary>
    UserDisabled = 9,

    /// <summary>The user was deleted.</summary>
    UserDeleted = 10,

    /// <summary>It was used from another place, and the host ends sessions that move.</summary>
    Moved = 11,

    // 12 to 14 are taken by reasons that are still to come.

    /// <summary>The response that carried its token never left the server: no client ever had the session.</summary>
    NotDelivered = 15,
}
