namespace Hanzo.Sessions;

/// <summary>What a token was found to be.</summary>
public enum SessionStatus
{
    /// <summary>It is not the text of a token. The store was not asked.</summary>
    Malformed,

    /// <summary>No session has it: it never had, it was rotated, or its history was purged.</summary>
    Unknown,

    /// <summary>It proves a session that is active now.</summary>
    Active,

    /// <summary>Its session ended for lack of activity.</summary>
    IdleTimeout,

    /// <summary>Its session had lasted as long as a session may.</summary>
    Expired,

    /// <summary>Its session was ended by somebody: <see cref="SessionEnd.Reason"/> says why.</summary>
    Terminated,
}
