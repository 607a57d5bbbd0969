namespace Hanzo.Sessions;

/// <content>Where a session is used: each request's place is compared with the last known one.</content>
public sealed partial class SessionManager
{
    /// <summary>
    /// Lets a request use an active session: tells or stops a move, and writes activity when it is due.
    /// </summary>
    /// <param name="session">The session, as it was read.</param>
    /// <param name="place">Where the request comes from.</param>
    /// <param name="passive">Whether the request is no activity.</param>
    /// <param name="now">The instant to judge by.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The result of the validation; null if the session has changed since it was read: look again.</returns>
    private async ValueTask<SessionValidation?> UseAsync(
        Session session, SessionPlace place, bool passive, StoreInstant now, CancellationToken cancellationToken)
    {
        var kinds = _places.IsKnown(session, place) ? SessionMoveKinds.None : _places.Judge(session, place);
        if (kinds != SessionMoveKinds.None)
        {
            if (_options.OnMove == SessionMoveAction.End || IsMoveDue(session, now.At))
            {
                return await MoveAsync(session, place, kinds, passive, now, cancellationToken).ConfigureAwait(false);
            }

            TellMove(session, session, place, kinds, now.At);
        }

        if (passive || !IsDue(session, now.At))
        {
            return Active(session);
        }

        return kinds != SessionMoveKinds.None || IsSameUse(session, place)
            ? await TouchAsync(session, now, cancellationToken).ConfigureAwait(false)
            : await MoveAsync(session, place, kinds, passive, now, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<SessionValidation?> MoveAsync(
        Session session, SessionPlace place, SessionMoveKinds kinds, bool passive, StoreInstant now, CancellationToken cancellationToken)
    {
        var at = now.At;
        var movedAt = session.LastUse?.MovedAt;
        var move = new SessionMove
        {
            Id = session.Id,
            User = session.User,
            At = at,
            Use = _places.UseAt(session, place, kinds == SessionMoveKinds.None ? movedAt : at),
            IfMovedAt = movedAt,
            ActiveUntil = passive ? null : session.ActiveUntilAfter(at),
            Ends = kinds != SessionMoveKinds.None && _options.OnMove == SessionMoveAction.End,
            Tolerance = now.Tolerance,
        };
        var result = await _store.MoveAsync(move, move.Ends ? CancellationToken.None : cancellationToken).ConfigureAwait(false);
        if (!result.IsWritten)
        {
            return null;
        }

        var moved = session with { LastUse = move.Use, LastActiveAt = passive || at < session.LastActiveAt ? session.LastActiveAt : at };
        if (kinds != SessionMoveKinds.None)
        {
            TellMove(session, moved, place, kinds, at);
        }

        AnnounceCrossing(moved, result.NetworksBefore, result.Networks);
        if (result.Ended is not { } ended)
        {
            return Active(moved);
        }

        _announcer.Ended([ended]);
        return NotActive(SessionStatus.Terminated, moved with { End = ended.End, Payload = default });
    }

    /// <summary>Tells a place, once per activity resolution and server.</summary>
    private void TellMove(Session read, Session session, SessionPlace place, SessionMoveKinds kinds, DateTimeOffset at)
    {
        var (tell, isOneTooMany) = _toldMoves.Add(session.Id, _places.KeyOf(place), at, _options.ResolutionFor(session.IdleTimeout));
        if (tell)
        {
            _announcer.Moved(new SessionMoved(session, PlaceRules.UseOf(read), _places.UseAt(read, place, at), kinds, isOneTooMany));
        }
    }

    /// <summary>Whether the last written move is a resolution ago, so that the store may write another one.</summary>
    private bool IsMoveDue(Session session, DateTimeOffset now) =>
        session.LastUse?.MovedAt is not { } movedAt || now - movedAt >= _options.ResolutionFor(session.IdleTimeout);

    /// <summary>Whether the stored texts of the last use are those of this place.</summary>
    private bool IsSameUse(Session session, SessionPlace place) =>
        (place.IpAddress is not { } address || string.Equals(session.LastIpAddress, _places.Text(address), StringComparison.Ordinal))
        && (PlaceRules.Agent(place.UserAgent) is not { } agent || string.Equals(session.LastUserAgent, agent, StringComparison.Ordinal));

    private static SessionValidation Active(Session session) => new(SessionStatus.Active, session);
}
