namespace Hanzo.Sessions;

/// <summary>What one row of a list is.</summary>
public enum SessionView
{
    /// <summary>An active session.</summary>
    Sessions,

    /// <summary>A <see cref="SessionRecord"/>: the active sessions of a user in an application.</summary>
    Records,

    /// <summary>A session that has ended, or has timed out and has not been cleaned up yet.</summary>
    History,
}
