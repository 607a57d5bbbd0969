namespace Hanzo.Sessions;

public sealed partial class SessionManager
{
    private static readonly TimeSpan ClocksApart = TimeSpan.FromHours(1);

    /// <summary>
    /// Makes a session of a successful sign-in. Always with a fresh token: a token that was presented before the
    /// sign-in is never adopted (OWASP ASVS 5 7.2.4).
    /// </summary>
    /// <param name="newSession">Who has signed in, to what, from where.</param>
    /// <param name="cancellationToken">Cancels before the session is committed.</param>
    /// <returns>The session and, this once, its token.</returns>
    /// <exception cref="SessionLimitExceededException">The user has as many sessions as the limit allows. Nothing was changed.</exception>
    /// <exception cref="ArgumentException">A value is out of bounds. Nothing was changed.</exception>
    public async Task<IssuedSession> CreateAsync(NewSession newSession, CancellationToken cancellationToken = default)
    {
        using var span = SessionTelemetry.Start("hanzo.sessions.create");
        var (application, policy) = await CheckAsync(newSession, cancellationToken).ConfigureAwait(false);
        var now = Now();
        var (token, id) = SessionToken.NewWithId(now);
        var creation = new SessionCreation
        {
            Session = Draft(id, newSession, application, policy, now),
            TokenHash = token.Hash(),
            Limit = policy.Limit,
            Replaces = SessionToken.TryParse(newSession.PresentedToken, out var presented) ? presented.Hash() : null,
        };

        var result = await _store.CreateAsync(creation, cancellationToken).ConfigureAwait(false);
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
    /// Makes a session of a sign-in that happened before there were sessions, for a bridge from another kind of
    /// sign-in. The same token makes one session however often and from wherever this is called; one that has ended is
    /// not made again, as long as its history is kept. The limit does not refuse it.
    /// </summary>
    /// <param name="newSession">Who had signed in. A presented token is ignored.</param>
    /// <param name="token">The token that belongs to the old sign-in: see <see cref="SessionToken.Derive"/>.</param>
    /// <param name="keepHistoryUntil">
    /// Until when the old sign-in may still be presented. History of the session is kept an hour longer, in which a server
    /// whose clock is behind may still be asked.
    /// </param>
    /// <param name="cancellationToken">Cancels before the session is committed.</param>
    /// <returns>True when the session was made by this call. Validate the token to learn whether it is active.</returns>
    /// <exception cref="ArgumentException">A value is out of bounds.</exception>
    public async Task<bool> AdoptAsync(
        NewSession newSession, SessionToken token, DateTimeOffset keepHistoryUntil, CancellationToken cancellationToken = default)
    {
        using var span = SessionTelemetry.Start("hanzo.sessions.adopt");
        var (application, policy) = await CheckAsync(newSession, cancellationToken).ConfigureAwait(false);
        var hash = token.Hash();
        var creation = new SessionCreation
        {
            // The id follows from the token, so that the session is known again after its token was rotated.
            Session = Draft(SessionId.Of(hash), newSession, application, policy, Now()) with
            {
                KeepHistoryUntil = Truncate(
                    DateTimeOffset.MaxValue - keepHistoryUntil > ClocksApart ? keepHistoryUntil + ClocksApart : DateTimeOffset.MaxValue),
            },
            TokenHash = hash,
        };
        var result = await _store.CreateAsync(creation, cancellationToken).ConfigureAwait(false);
        if (result.Outcome != SessionCreationOutcome.Created)
        {
            return false;
        }

        Announce(creation.Session, result);
        return true;
    }

    /// <summary>
    /// Gives an active session a new token and, where given, a new payload. Its id, its creation and its expiry stay;
    /// the old token is dead. Of parallel rotations of one token exactly one succeeds.
    /// </summary>
    /// <param name="token">The token that the session has now.</param>
    /// <param name="payload">The new payload; null keeps the old one.</param>
    /// <param name="cancellationToken">Cancels before the rotation is committed.</param>
    /// <returns>The session and its new token; null when the token does not prove an active session.</returns>
    /// <exception cref="ArgumentException">The payload is too large.</exception>
    public async Task<IssuedSession?> RotateAsync(
        string? token, ReadOnlyMemory<byte>? payload = null, CancellationToken cancellationToken = default)
    {
        using var span = SessionTelemetry.Start("hanzo.sessions.rotate");
        CheckPayload(payload ?? default);
        if (!SessionToken.TryParse(token, out var current))
        {
            return null;
        }

        var next = SessionToken.New();

        // Not payload?.ToArray(): a null array would become empty memory, and the old payload would be lost.
        var copy = payload is { } given ? new ReadOnlyMemory<byte>(given.ToArray()) : default(ReadOnlyMemory<byte>?);
        var rotation = new SessionRotation(current.Hash(), next.Hash(), copy, Now());
        var session = await _store.RotateAsync(rotation, cancellationToken).ConfigureAwait(false);
        if (session is null)
        {
            // When the time was up, that is written down: whatever the clock does, the token stays without a session.
            await ValidateAsync(token, passive: true, cancellationToken).ConfigureAwait(false);
            return null;
        }

        span?.SetTag(SessionTelemetry.SessionId, session.Id.ToString());
        Log.Rotated(_logger, session.Id, new Printable(session.User));
        return new IssuedSession(session, next, []);
    }

    private async ValueTask<(string Application, SessionPolicy Policy)> CheckAsync(
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
            IpAddress = address is null ? null : SessionIpAddress.Normalise(address),
            IpNetwork = address is null ? null : SessionIpAddress.Network(address, _options.IpSpreadIPv6Prefix),
            UserAgent = TextRules.Describe(newSession.UserAgent, LongestUserAgent),
            AuthenticationMethods = TextRules.Describe(newSession.AuthenticationMethods, LongestAuthenticationMethods),
            CreatedAt = now,
            LastActiveAt = now,
            IdleTimeout = Truncate(policy.Idle(newSession.IsPersistent)),
            ExpiresAt = expiresAt,
            Payload = newSession.Payload.ToArray(),
        };
    }

    private void Announce(Session session, SessionCreationResult result)
    {
        // The store may have found out by its token hash that a create whose answer was lost had been committed.
        if (result.Outcome == SessionCreationOutcome.AlreadyExists && result.Existing?.Id != session.Id)
        {
            throw new InvalidOperationException("The store says that a fresh token exists already.");
        }

        _announcer.Ended(result.Ended);
        _announcer.Created(session);
        if (result.NetworksBefore < _options.IpSpreadThreshold && result.Networks >= _options.IpSpreadThreshold)
        {
            _announcer.IpSpread(session, result.Networks);
        }
    }

    private static void CheckPayload(ReadOnlyMemory<byte> payload)
    {
        if (payload.Length > LargestPayload)
        {
            throw new ArgumentException(
                $"The payload has {payload.Length} bytes; it may have at most {LargestPayload}.", nameof(payload));
        }
    }
}
