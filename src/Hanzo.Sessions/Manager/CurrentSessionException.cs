namespace Hanzo.Sessions;

/// <summary>The call would have ended the session that the caller is using. Nothing was ended.</summary>
public sealed class CurrentSessionException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="sessionId">The caller's session.</param>
    public CurrentSessionException(SessionId sessionId)
        : base($"session id {sessionId} is the current session and cannot be deleted") => SessionId = sessionId;

    /// <summary>The caller's session.</summary>
    public SessionId SessionId { get; }
}
