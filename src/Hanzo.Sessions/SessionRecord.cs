namespace Hanzo.Sessions;

/// <summary>
/// The active sessions of one user in one application. A record is not stored: it exists as long as one of its sessions is
/// active.
/// </summary>
/// <param name="User">The user.</param>
/// <param name="Application">The application.</param>
/// <param name="Sessions">The sessions, newest first, without their payload. Never empty.</param>
public sealed record SessionRecord(SessionUser User, string Application, IReadOnlyList<Session> Sessions)
{
    /// <summary>When the first of them was created.</summary>
    public DateTimeOffset CreatedAt { get; } = Sessions.Min(session => session.CreatedAt);

    /// <summary>The latest activity in any of them.</summary>
    public DateTimeOffset LastActiveAt { get; } = Sessions.Max(session => session.LastActiveAt);
}
