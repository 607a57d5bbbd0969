namespace Hanzo.Sessions;

/// <summary>What validation found out about a token.</summary>
public enum SessionStatus
{
    /// <summary>It is not a token. The manager did not ask the store.</summary>
    Malformed,

    /// <summary>No session has it: it never existed, it was rotated, or its history was purged.</summary>
    Unknown,

    /// <summary>It proves an active session.</summary>
    Active,

    /// <summary>Its session had no activity for its idle timeout.</summary>
    IdleTimeout,

    /// <summary>Its session reached the absolute timeout.</summary>
    Expired,

    /// <summary>Its session was ended; <see cref="SessionEnd.Reason"/> says why.</summary>
    Terminated,
}
