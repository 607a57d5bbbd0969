namespace Hanzo.Sessions;

/// <summary>The outcome of a <see cref="SessionCreation"/>.</summary>
public enum SessionCreationOutcome
{
    /// <summary>The session is stored.</summary>
    Created,

    /// <summary>The limit refused it. Nothing changed.</summary>
    LimitReached,

    /// <summary>A session with this id or this token hash is stored already. Nothing changed.</summary>
    AlreadyExists,
}
