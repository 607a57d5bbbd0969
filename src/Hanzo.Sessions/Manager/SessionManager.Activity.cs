using System.ComponentModel;

namespace Hanzo.Sessions;

public sealed partial class SessionManager
{
    /// <summary>
    /// Says whether a token proves an active session, and counts as its activity. It costs one lookup in the store, and
    /// one conditional update when activity is due to be written.
    /// </summary>
    /// <remarks>
    /// Once this has answered that a session is over, it stays over, whatever the clock does: a timeout is stored before it is
    /// answered.
    /// </remarks>
    /// <param name="token">What the client presented; null is malformed.</param>
    /// <param name="passive">True for a request that is not activity of the user, such as a page that refreshes itself.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<SessionValidation> ValidateAsync(
        string? token, bool passive = false, CancellationToken cancellationToken = default) =>
        ValidateAsync(token, default, passive, cancellationToken);

    /// <summary>
    /// Says whether a token proves an active session, counts as its activity, and notices when the session is used from another
    /// place: see <see cref="HanzoSessionsOptions.OnMove"/>. It costs what <see cref="ValidateAsync(string?, bool, CancellationToken)"/>
    /// costs. A move is one more write, also by a passive request.
    /// </summary>
    /// <param name="token">What the client presented; null is malformed.</param>
    /// <param name="place">Where the request comes from.</param>
    /// <param name="passive">True for a request that is not activity of the user, such as a page that refreshes itself.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<SessionValidation> ValidateAsync(
        string? token, SessionPlace place, bool passive = false, CancellationToken cancellationToken = default) =>
        IsValidationObserved
            ? ObserveValidationAsync(token, place, passive, cancellationToken)
            : JudgeNowAsync(token, place, passive, cancellationToken);

    private bool IsValidationObserved =>
        _metrics.Validations.Enabled || _metrics.ValidationDuration.Enabled || SessionTelemetry.Source.HasListeners();

    private async ValueTask<SessionValidation> ObserveValidationAsync(
        string? token, SessionPlace place, bool passive, CancellationToken cancellationToken)
    {
        using var span = SessionTelemetry.Start("hanzo.sessions.validate");
        var started = _clock.GetTimestamp();
        var result = "error";
        try
        {
            var validation = await JudgeNowAsync(token, place, passive, cancellationToken).ConfigureAwait(false);
            result = SessionTelemetry.NameOf(validation.Status);
            span?.SetTag(SessionTelemetry.SessionId, validation.Session?.Id.ToString());
            return validation;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            result = "cancelled";
            throw;
        }
        finally
        {
            var tag = SessionTelemetry.Tag(SessionTelemetry.Result, result);
            span?.SetTag(tag.Key, tag.Value);
            _metrics.Validations.Add(1, tag);
            _metrics.ValidationDuration.Record(_clock.GetElapsedTime(started).TotalSeconds, tag);
        }
    }

    private ValueTask<SessionValidation> JudgeNowAsync(
        string? token, in SessionPlace place, bool passive, CancellationToken cancellationToken)
    {
        if (!SessionToken.TryParse(token, out var parsed))
        {
            Log.NotActive(_logger, SessionStatus.Malformed);
            return new(new SessionValidation(SessionStatus.Malformed, null));
        }

        var hash = parsed.Hash();
        var now = Now();
        var find = _store.FindByTokenAsync(hash, cancellationToken);
        if (!find.IsCompletedSuccessfully)
        {
            return JudgeAsync(find, hash, now, place, passive, cancellationToken);
        }

        // The usual case of the in-memory store, without a state machine.
        var found = find.Result;
        return found is { Session: { } session, StoreTime: null } && session.IsActive(now)
            && (passive || !IsDue(session, now)) && _places.IsKnown(session, place)
                ? new(Active(session))
                : JudgeAsync(new(found), hash, now, place, passive, cancellationToken);
    }

    /// <summary>
    /// Uses a session that was validated passively and without a place, for a caller that makes a check of its own in between:
    /// counts as activity, and notices a move.
    /// </summary>
    /// <param name="session">The session that validation answered.</param>
    /// <param name="place">Where the request comes from.</param>
    /// <param name="passive">True for a request that is not activity of the user.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The session after it; null when the session is over by now: validate again to learn why.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ValueTask<Session?> RecordUseAsync(
        Session session, SessionPlace place, bool passive = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        var now = Now();
        return session.IsActive(now) && (passive || !IsDue(session, now)) && _places.IsKnown(session, place)
            ? new(session)
            : RecordAsync(session, place, passive, now, cancellationToken);
    }

    private async ValueTask<Session?> RecordAsync(
        Session session, SessionPlace place, bool passive, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (session.IsActive(now))
        {
            try
            {
                var used = await UseAsync(session, place, passive, new StoreInstant(now, _options.ClockTolerance), cancellationToken)
                    .ConfigureAwait(false);
                if (used is { } validation)
                {
                    return validation.IsActive ? validation.Session : null;
                }
            }
            catch (SessionClockException)
            {
                now = Now();
            }
        }

        // The caller's copy may be older than what is stored: another request may have prolonged or moved the session.
        for (var attempt = 0; attempt < 10; attempt++)
        {
            var found = await _store.FindAsync(session.Id, cancellationToken).ConfigureAwait(false);
            if (found.Session is not { End: null } stored)
            {
                return null;
            }

            var instants = Compare(now, found.StoreTime);
            if (instants.CallOver(stored))
            {
                return null;
            }

            if (!instants.CallActive(stored))
            {
                throw Disagreement(instants, found);
            }

            if (await UseAsync(stored, place, passive, instants.ForStore, cancellationToken).ConfigureAwait(false) is { } used)
            {
                return used.IsActive ? used.Session : null;
            }

            now = Now();
        }

        throw Contradiction();
    }

    private async ValueTask<SessionValidation> JudgeAsync(
        ValueTask<FoundSession> find,
        SessionTokenHash hash,
        DateTimeOffset asked,
        SessionPlace place,
        bool passive,
        CancellationToken cancellationToken)
    {
        // Another request may end, rotate, move or touch the session between the lookup and the write: then look again.
        for (var (attempt, refused) = (0, false); attempt < 10; attempt++)
        {
            var found = await find.ConfigureAwait(false);
            if (found.Session is not { } session)
            {
                return NotActive(SessionStatus.Unknown, null);
            }

            if (session.End is { } end)
            {
                return NotActive(StatusOf(end.Reason), session);
            }

            var instants = Compare(asked, found.StoreTime);
            try
            {
                if (instants.CallOver(session))
                {
                    if (await _store.ExpireAsync(session.Id, instants.ForStore, CancellationToken.None).ConfigureAwait(false) is { } ended)
                    {
                        _announcer.Ended([ended]);
                        return NotActive(StatusOf(ended.End.Reason), session with { End = ended.End, Payload = default });
                    }
                }
                else if (!instants.CallActive(session))
                {
                    throw Disagreement(instants, found);
                }
                else if (await UseAsync(session, place, passive, instants.ForStore, cancellationToken).ConfigureAwait(false) is { } used)
                {
                    return used;
                }
            }
            catch (SessionClockException) when (instants.Tolerance is not null && !refused)
            {
                refused = true; // The call had to wait, or a clock was set: the next lookup shows which.
            }

            asked = Now();
            find = _store.FindByTokenAsync(hash, cancellationToken);
        }

        throw Contradiction();
    }

    private static InvalidOperationException Contradiction() =>
        new("The store contradicts itself: a session is neither active nor over.");

    private async ValueTask<SessionValidation?> TouchAsync(Session session, StoreInstant now, CancellationToken cancellationToken)
    {
        var at = now.At;
        var touch = new SessionTouch(
            session.Id, at, session.ActiveUntilAfter(at), at - _options.ResolutionFor(session.IdleTimeout), now.Tolerance);
        return (await _store.TouchAsync(touch, cancellationToken).ConfigureAwait(false)).IsActive
            ? Active(session with { LastActiveAt = at })
            : null;
    }

    /// <summary>One clock calls the session active, and the other calls it over.</summary>
    private static SessionClockException Disagreement(Instants instants, FoundSession found) =>
        found.StoreTime is { } shown && shown < instants.Later
            ? new SessionClockException(instants.Later, shown)
            : new SessionClockException(instants.Earlier, instants.Later);

    private bool IsDue(Session session, DateTimeOffset now) =>
        now - session.LastActiveAt is var unwritten
        && unwritten > TimeSpan.Zero
        && unwritten >= _options.ResolutionFor(session.IdleTimeout);

    private SessionValidation NotActive(SessionStatus status, Session? session)
    {
        Log.NotActive(_logger, status);
        return new SessionValidation(status, session);
    }

    private static SessionStatus StatusOf(SessionEndReason reason) => reason switch
    {
        SessionEndReason.IdleTimeout => SessionStatus.IdleTimeout,
        SessionEndReason.Expired => SessionStatus.Expired,
        _ => SessionStatus.Terminated,
    };
}
