namespace Hanzo.Sessions;

/// <summary>How the creation of a session went.</summary>
public enum SessionCreationOutcome
{
    /// <summary>The session is stored.</summary>
    Created,

    /// <summary>The limit refuses it, and nothing was changed.</summary>
    LimitReached,

    /// <summary>A session of this id or this token hash is stored, and nothing was changed.</summary>
    AlreadyExists,
}
