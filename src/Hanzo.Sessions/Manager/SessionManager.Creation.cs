using System.ComponentModel;

namespace Hanzo.Sessions;

public sealed partial class SessionManager
{
    private static readonly TimeSpan ClocksApart = TimeSpan.FromHours(1);

    /// <summary>
    /// Creates a session after a successful sign-in, always with a fresh token: a token that was presented before the
    /// sign-in is never adopted (OWASP ASVS 5 7.2.4).
    /// </summary>
    /// <param name="newSession">Who signed in, to what, from where.</param>
    /// <param name="cancellationToken">Cancels before the session is committed.</param>
    /// <returns>The session and, this once, its token.</returns>
    /// <exception cref="SessionLimitExceededException">The user has as many sessions as the limit allows. Nothing changed.</exception>
    /// <exception cref="SessionPayloadTooLargeException">The payload is too large. Nothing changed.</exception>
    /// <exception cref="ArgumentException">A value is out of range. Nothing changed.</exception>
    /// <exception cref="SessionClockException">The clocks of this server and of the store differ too much to date a session.</exception>
    public async Task<IssuedSession> CreateAsync(NewSession newSession, CancellationToken cancellationToken = default)
    {
        using var span = SessionTelemetry.Start("hanzo.sessions.create");
        var (application, policy) = await AdmitAsync(newSession, cancellationToken).ConfigureAwait(false);
        var (creation, token, result) = await StepAsync(async now =>
        {
            var (fresh, id) = SessionToken.NewWithId(now.At);
            var one = new SessionCreation
            {
                Session = Draft(id, newSession, application, policy, now.At),
                TokenHash = fresh.Hash(),
                Limit = policy.Limit,
                Replaces = SessionToken.TryParse(newSession.PresentedToken, out var presented) ? presented.Hash()
                    : newSession.PresentedToken is null ? newSession.PresentedTokenHash
                    : null,
                Tolerance = now.Tolerance,
            };
            return (one, fresh, await _store.CreateAsync(one, cancellationToken).ConfigureAwait(false));
        }).ConfigureAwait(false);
        if (result.Outcome == SessionCreationOutcome.LimitReached)
        {
            var refusal = new SessionLimitExceededException(newSession.User, policy.Limit!, result.ActiveSessions);
            _announcer.Refused(refusal);
            span?.SetTag(SessionTelemetry.Result, "refused");
            throw refusal;
        }

        Announce(creation.Session, result);
        span?.SetTag(SessionTelemetry.Result, "created").SetTag(SessionTelemetry.SessionId, creation.Session.Id.ToString());
        return new IssuedSession(creation.Session, token, result.Ended);
    }

    /// <summary>
    /// Creates a session for a sign-in that happened before there were sessions: a bridge from another kind of sign-in.
    /// However often this is called with one token, on any server, there is one session. A session that ended is not created
    /// again while its history is kept. The limit does not refuse it.
    /// </summary>
    /// <param name="newSession">Who signed in then. A presented token is ignored.</param>
    /// <param name="token">The token of the old sign-in: see <see cref="SessionToken.Derive"/>.</param>
    /// <param name="keepHistoryUntil">
    /// The instant until which a client may present the old sign-in. History of the session is kept an hour longer, because
    /// the clock of a server may be behind.
    /// </param>
    /// <param name="cancellationToken">Cancels before the session is committed.</param>
    /// <returns>True when this call created the session. Validate the token to learn whether it is active.</returns>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    /// <exception cref="SessionClockException">The clocks of this server and of the store differ too much to date a session.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public async Task<bool> AdoptAsync(
        NewSession newSession, SessionToken token, DateTimeOffset keepHistoryUntil, CancellationToken cancellationToken = default)
    {
        using var span = SessionTelemetry.Start("hanzo.sessions.adopt");
        var (application, policy) = await AdmitAsync(newSession, cancellationToken).ConfigureAwait(false);
        var hash = token.Hash();
        var (session, result) = await StepAsync(async now =>
        {
            var creation = new SessionCreation
            {
                // The id follows from the token, so that the session is known again after its token was rotated.
                Session = Draft(SessionId.Of(hash), newSession, application, policy, now.At) with
                {
                    KeepHistoryUntil = Truncate(
                        DateTimeOffset.MaxValue - keepHistoryUntil > ClocksApart ? keepHistoryUntil + ClocksApart : DateTimeOffset.MaxValue),
                },
                TokenHash = hash,
                Tolerance = now.Tolerance,
            };
            return (creation.Session, await _store.CreateAsync(creation, cancellationToken).ConfigureAwait(false));
        }).ConfigureAwait(false);
        if (result.Outcome != SessionCreationOutcome.Created)
        {
            return false;
        }

        Announce(session, result);
        return true;
    }

    private async ValueTask<(string Application, SessionPolicy Policy)> AdmitAsync(
        NewSession newSession, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(newSession);
        ArgumentNullException.ThrowIfNull(newSession.User);
        var application = TextRules.Identifier(
            newSession.Application ?? _options.DefaultApplication, nameof(newSession.Application));
        CheckPayload(newSession.Payload);
        return (application, await PolicyAsync(newSession.User, application, cancellationToken).ConfigureAwait(false));
    }

    private Session Draft(
        SessionId id, NewSession newSession, string application, SessionPolicy policy, DateTimeOffset now)
    {
        var address = newSession.IpAddress;
        var expiresAt = now + Truncate(policy.Absolute(newSession.IsPersistent));
        if (newSession.ExpiresAt is { } wished && wished < expiresAt)
        {
            expiresAt = Truncate(wished);
        }

        if (expiresAt <= now)
        {
            throw new ArgumentException(
                $"ExpiresAt is {expiresAt:O}; it must be after now, {now:O}.", nameof(newSession));
        }

        return new Session
        {
            Id = id,
            User = newSession.User,
            Application = application,
            IpAddress = address is null ? null : _places.Text(address),
            IpNetwork = address is null ? null : _places.AlarmNetwork(address),
            UserAgent = PlaceRules.Agent(newSession.UserAgent),
            AuthenticationMethods = TextRules.Describe(newSession.AuthenticationMethods, maximum: 256),
            CreatedAt = now,
            LastActiveAt = now,
            IdleTimeout = Truncate(policy.Idle(newSession.IsPersistent)),
            ExpiresAt = expiresAt,
            Payload = newSession.Payload.ToArray(),
        };
    }

    private void Announce(Session session, SessionCreationResult result)
    {
        // The store may have found by the token hash that a create whose answer was lost had been committed.
        if (result.Outcome == SessionCreationOutcome.AlreadyExists && result.Existing?.Id != session.Id)
        {
            throw new InvalidOperationException("The store says that a fresh token exists already.");
        }

        _announcer.Ended(result.Ended);
        _announcer.Created(session);
        AnnounceCrossing(session, result.NetworksBefore, result.Networks);
    }

    private void AnnounceCrossing(Session session, int before, int after)
    {
        if (before < _options.IpSpreadThreshold && after >= _options.IpSpreadThreshold)
        {
            _announcer.IpSpread(session, after);
        }
    }
}
