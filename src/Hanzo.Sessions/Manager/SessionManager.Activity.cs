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
        IsValidationObserved
            ? ObserveValidationAsync(token, passive, cancellationToken)
            : JudgeNowAsync(token, passive, cancellationToken);

    private bool IsValidationObserved =>
        _metrics.Validations.Enabled || _metrics.ValidationDuration.Enabled || SessionTelemetry.Source.HasListeners();

    private async ValueTask<SessionValidation> ObserveValidationAsync(
        string? token, bool passive, CancellationToken cancellationToken)
    {
        using var span = SessionTelemetry.Start("hanzo.sessions.validate");
        var started = _clock.GetTimestamp();
        var result = "error";
        try
        {
            var validation = await JudgeNowAsync(token, passive, cancellationToken).ConfigureAwait(false);
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

    private ValueTask<SessionValidation> JudgeNowAsync(string? token, bool passive, CancellationToken cancellationToken)
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
            return JudgeAsync(find, hash, now, passive, cancellationToken);
        }

        // The usual case of the in-memory store, without a state machine.
        var session = find.Result;
        return session is not null && session.IsActive(now) && (passive || !IsDue(session, now))
            ? new(new SessionValidation(SessionStatus.Active, session))
            : JudgeAsync(new(session), hash, now, passive, cancellationToken);
    }

    /// <summary>
    /// Counts as activity of a session that was validated passively, for a caller that makes a check of its own in between.
    /// It is written only when it is due.
    /// </summary>
    /// <param name="session">The session that validation answered.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The session after it; null when the session is over by now: validate again to learn why.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ValueTask<Session?> RecordActivityAsync(Session session, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        var now = Now();
        return !session.IsActive(now) ? RecordAgainAsync(session.Id, now, cancellationToken)
            : IsDue(session, now) ? TouchAsync(session, now, cancellationToken)
            : new(session);
    }

    /// <summary>The caller's copy may be older than what is stored: another request may have prolonged the session.</summary>
    private async ValueTask<Session?> RecordAgainAsync(SessionId id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var session = await _store.FindAsync(id, cancellationToken).ConfigureAwait(false);
        now = NotLongAgo(now);
        return session?.IsActive(now) != true ? null
            : IsDue(session, now) ? await TouchAsync(session, now, cancellationToken).ConfigureAwait(false)
            : session;
    }

    private async ValueTask<SessionValidation> JudgeAsync(
        ValueTask<Session?> find, SessionTokenHash hash, DateTimeOffset now, bool passive, CancellationToken cancellationToken)
    {
        // Another request may end, rotate or touch the session between the lookup and the write: then look again.
        for (var attempt = 0; attempt < 10; attempt++)
        {
            var session = await find.ConfigureAwait(false);
            now = NotLongAgo(now);
            if (session is null)
            {
                return NotActive(SessionStatus.Unknown, null);
            }

            if (session.End is { } end)
            {
                return NotActive(StatusOf(end.Reason), session);
            }

            if (now >= session.ActiveUntil)
            {
                if (await _store.ExpireAsync(session.Id, now, CancellationToken.None).ConfigureAwait(false) is { } ended)
                {
                    _announcer.Ended([ended]);
                    return NotActive(StatusOf(ended.End.Reason), session with { End = ended.End, Payload = default });
                }
            }
            else if (passive || !IsDue(session, now))
            {
                return new SessionValidation(SessionStatus.Active, session);
            }
            else if (await TouchAsync(session, now, cancellationToken).ConfigureAwait(false) is { } touched)
            {
                return new SessionValidation(SessionStatus.Active, touched);
            }

            find = _store.FindByTokenAsync(hash, cancellationToken);
        }

        throw new InvalidOperationException("The store contradicts itself: a session is neither active nor over.");
    }

    private async ValueTask<Session?> TouchAsync(Session session, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var touch = new SessionTouch(
            session.Id, now, session.ActiveUntilAfter(now), now - _options.ResolutionFor(session.IdleTimeout));
        return (await _store.TouchAsync(touch, cancellationToken).ConfigureAwait(false)).IsActive
            ? session with { LastActiveAt = now }
            : null;
    }

    /// <summary>
    /// No activity is in flight for longer than this, so none can still prolong a session that timed out before. If a process
    /// stands still for minutes while it waits, it then judges by the new time.
    /// </summary>
    private static readonly TimeSpan LongestInFlight = TimeSpan.FromMinutes(10);

    private DateTimeOffset NotLongAgo(DateTimeOffset instant) =>
        Now() is var now && now - instant > TimeSpan.FromMinutes(1) ? now : instant;

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
