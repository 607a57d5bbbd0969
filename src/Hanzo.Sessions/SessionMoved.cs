namespace Hanzo.Sessions;

/// <summary>A session is used from another place than before.</summary>
/// <param name="Session">The session, without its payload. It shows the new place if that was written down.</param>
/// <param name="From">Where it was used last.</param>
/// <param name="To">Where it is used now.</param>
/// <param name="Kinds">In what the places differ.</param>
/// <param name="HasMore">
/// Whether this server tells no further places of the session until an activity resolution has passed: it has told sixteen.
/// </param>
public sealed record SessionMoved(Session Session, SessionUse From, SessionUse To, SessionMoveKinds Kinds, bool HasMore = false);
