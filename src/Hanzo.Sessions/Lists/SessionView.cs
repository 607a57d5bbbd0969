namespace Hanzo.Sessions;

/// <summary>What one row of a list is.</summary>
public enum SessionView
{
    /// <summary>An active session.</summary>
    Sessions,

    /// <summary>A user in an application, with the active sessions there: a <see cref="SessionRecord"/>.</summary>
    Records,

    /// <summary>A session that has ended, or has timed out and was not reached by clean-up yet.</summary>
    History,
}
