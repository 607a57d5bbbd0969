namespace Hanzo.Sessions;

/// <summary>What happens when a session is used from another place.</summary>
public enum SessionMoveAction
{
    /// <summary>It is written down, and log, metrics and observers hear of it. The session goes on.</summary>
    Tell,

    /// <summary>The session ends with reason <see cref="SessionEndReason.Moved"/>, before the request is let in.</summary>
    End,
}
