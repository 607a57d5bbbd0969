namespace Hanzo.Sessions;

public sealed partial class SessionManager
{
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
        ArgumentNullException.ThrowIfNull(newSession);
        ArgumentNullException.ThrowIfNull(newSession.User);
        var application = TextRules.Identifier(
            newSession.Application ?? _options.DefaultApplication, nameof(newSession.Application));
        CheckPayload(newSession.Payload);
        var policy = await PolicyAsync(newSession.User, application, cancellationToken).ConfigureAwait(false);
        var token = SessionToken.New();
        var creation = new SessionCreation
        {
            Session = Draft(newSession, application, policy),
            TokenHash = token.Hash(),
            Limit = policy.Limit,
            Replaces = SessionToken.TryParse(newSession.PresentedToken, out var presented) ? presented.Hash() : null,
        };

        var result = await _store.CreateAsync(creation, cancellationToken).ConfigureAwait(false);
        if (result.Outcome == SessionCreationOutcome.LimitReached)
        {
            var refusal = new SessionLimitExceededException(newSession.User, policy.Limit!, result.ActiveSessions);
            await _announcer.RefusedAsync(refusal).ConfigureAwait(false);
            throw refusal;
        }

        await AnnounceAsync(creation.Session, result).ConfigureAwait(false);
        return new IssuedSession(creation.Session, token, result.Ended);
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
        CheckPayload(payload ?? default);
        if (!SessionToken.TryParse(token, out var current))
        {
            return null;
        }

        var next = SessionToken.New();
        var rotation = new SessionRotation(current.Hash(), next.Hash(), payload?.ToArray(), Now());
        var session = await _store.RotateAsync(rotation, cancellationToken).ConfigureAwait(false);
        if (session is null)
        {
            return null;
        }

        Log.Rotated(_logger, session.Id, new Printable(session.User));
        return new IssuedSession(session, next, []);
    }

    private Session Draft(NewSession newSession, string application, SessionPolicy policy)
    {
        var now = Now();
        var address = newSession.IpAddress;
        var expiresAt = now + policy.Absolute(newSession.IsPersistent);
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
            Id = SessionId.New(now),
            User = newSession.User,
            Application = application,
            IpAddress = address is null ? null : SessionIpAddress.Normalise(address),
            IpNetwork = address is null ? null : SessionIpAddress.Network(address, _options.IpSpreadIPv6Prefix),
            UserAgent = TextRules.Describe(newSession.UserAgent, LongestUserAgent),
            AuthenticationMethods = TextRules.Describe(newSession.AuthenticationMethods, LongestAuthenticationMethods),
            CreatedAt = now,
            LastActiveAt = now,
            IdleTimeout = policy.Idle(newSession.IsPersistent),
            ExpiresAt = expiresAt,
            Payload = newSession.Payload.ToArray(),
        };
    }

    private async ValueTask AnnounceAsync(Session session, SessionCreationResult result)
    {
        // The store may have found out by its token hash that a create whose answer was lost had been committed.
        if (result.Outcome == SessionCreationOutcome.AlreadyExists && result.Existing?.Id != session.Id)
        {
            throw new InvalidOperationException("The store says that a fresh token exists already.");
        }

        await _announcer.EndedAsync(result.Ended).ConfigureAwait(false);
        await _announcer.CreatedAsync(session).ConfigureAwait(false);
        if (result.NetworksBefore < _options.IpSpreadThreshold && result.Networks >= _options.IpSpreadThreshold)
        {
            await _announcer.IpSpreadAsync(session, result.Networks).ConfigureAwait(false);
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
