namespace Hanzo.Sessions;

/// <summary>
/// Decides whether a request moves its session. It is called for requests whose place differs from the last known one, on the
/// path of every such request: it must be fast and thread-safe. If it throws, the request fails.
/// </summary>
/// <param name="session">The session, which knows where it was used last.</param>
/// <param name="place">Where the request comes from.</param>
/// <param name="found">In what the places differ by the prefixes of the options and by the family of the agent.</param>
/// <returns>What counts as a move; <see cref="SessionMoveKinds.None"/> if nothing does.</returns>
public delegate SessionMoveKinds SessionMoveRule(Session session, SessionPlace place, SessionMoveKinds found);
