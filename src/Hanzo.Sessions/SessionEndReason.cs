namespace Hanzo.Sessions;

/// <summary>Why a session ended. The numbers are what stores keep; they are never reused.</summary>
public enum SessionEndReason
{
    /// <summary>The user signed out.</summary>
    SignedOut = 1,

    /// <summary>The user ended it, as one of the own sessions.</summary>
    TerminatedByUser = 2,

    /// <summary>
    /// An administrator or a service ended it. An administrator's own other session counts too, when it was ended by its
    /// id from among everybody's, or by a filter that does not name that user.
    /// </summary>
    TerminatedByAdmin = 3,

    /// <summary>A new session took its place, because the user had as many as the limit allows.</summary>
    Evicted = 4,

    /// <summary>Somebody signed in over it: the request of the new sign-in presented this session.</summary>
    Replaced = 5,

    /// <summary>There was no activity for the idle timeout.</summary>
    IdleTimeout = 6,

    /// <summary>It had lasted as long as a session may.</summary>
    Expired = 7,

    /// <summary>The user's password was changed.</summary>
    PasswordChanged = 8,

    /// <summary>The user was disabled.</summary>
    UserDisabled = 9,

    /// <summary>The user was deleted.</summary>
    UserDeleted = 10,
}
