namespace Hanzo.Sessions;

/// <content>Ending sessions. Once begun, a termination is not stopped by its cancellation token.</content>
public sealed partial class SessionManager
{
    /// <summary>The normal way to end the current session.</summary>
    /// <param name="current">The session that the user is using.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>False when it had ended before.</returns>
    public async Task<bool> SignOutAsync(Session current, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(current);
        var filter = SessionFilter.Of(current.User, current.Id);
        var ended = await EndAsync(
            filter, SessionEndReason.SignedOut, SessionActor.Of(current.User), null, cancellationToken).ConfigureAwait(false);
        return ended.Count > 0;
    }

    /// <summary>Ends one session by id, wherever in the scope it is.</summary>
    /// <param name="scope">What the caller may see. A session out of scope is as good as none.</param>
    /// <param name="id">The session.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>What was ended; null when there is no such active session.</returns>
    /// <exception cref="CurrentSessionException">It is the caller's own. Nothing was ended.</exception>
    public Task<EndedSession?> TerminateAsync(
        SessionScope scope, SessionId id, SessionCaller caller, CancellationToken cancellationToken = default) =>
        TerminateOneAsync(new SessionFilter { Scope = scope, Id = id }, caller, cancellationToken);

    /// <summary>Ends one session of a user; the user's others stay.</summary>
    /// <param name="user">Whose session.</param>
    /// <param name="id">The session.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>What was ended; null when this user has no such active session.</returns>
    /// <exception cref="CurrentSessionException">It is the caller's own. Nothing was ended.</exception>
    public Task<EndedSession?> TerminateAsync(
        SessionUser user, SessionId id, SessionCaller caller, CancellationToken cancellationToken = default) =>
        TerminateOneAsync(SessionFilter.Of(user, id), caller, cancellationToken);

    /// <summary>Ends one session of a record; the record's others stay, and the last one takes the record with it.</summary>
    /// <param name="user">Whose record.</param>
    /// <param name="application">In which application.</param>
    /// <param name="id">The session.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>What was ended; null when this record has no such active session.</returns>
    /// <exception cref="CurrentSessionException">It is the caller's own. Nothing was ended.</exception>
    public Task<EndedSession?> TerminateAsync(
        SessionUser user, string application, SessionId id, SessionCaller caller, CancellationToken cancellationToken = default) =>
        TerminateOneAsync(
            SessionFilter.Of(user, id) with { Application = Required(application) }, caller, cancellationToken);

    /// <summary>Ends a whole record: all sessions of a user in an application.</summary>
    /// <param name="user">Whose record.</param>
    /// <param name="application">In which application.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="keepCurrent">True to end all but the caller's own session.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>What was ended.</returns>
    /// <exception cref="CurrentSessionException">The caller's own is among them, and <paramref name="keepCurrent"/> is false. Nothing was ended.</exception>
    public Task<IReadOnlyList<EndedSession>> TerminateRecordAsync(
        SessionUser user, string application, SessionCaller caller, bool keepCurrent = false, CancellationToken cancellationToken = default) =>
        TerminateSelectedAsync(
            SessionFilter.Of(user) with { Application = Required(application) }, caller, keepCurrent, cancellationToken);

    /// <summary>
    /// Ends all sessions of a user, over all applications ("log out all devices", OWASP ASVS 5 7.4.5). Every session
    /// whose create had returned before this call is ended; a create in flight comes wholly before it or wholly after it.
    /// </summary>
    /// <param name="user">Whose sessions.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="keepCurrent">True to end all but the caller's own session.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>What was ended.</returns>
    /// <exception cref="CurrentSessionException">The caller's own is among them, and <paramref name="keepCurrent"/> is false. Nothing was ended.</exception>
    public Task<IReadOnlyList<EndedSession>> TerminateAllAsync(
        SessionUser user, SessionCaller caller, bool keepCurrent = false, CancellationToken cancellationToken = default) =>
        TerminateSelectedAsync(SessionFilter.Of(user), caller, keepCurrent, cancellationToken);

    /// <summary>Ends all sessions in an application.</summary>
    /// <param name="scope">Of which organization, or explicitly of all.</param>
    /// <param name="application">The application.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="keepCurrent">True to end all but the caller's own session.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>What was ended.</returns>
    /// <exception cref="CurrentSessionException">The caller's own is among them, and <paramref name="keepCurrent"/> is false. Nothing was ended.</exception>
    public Task<IReadOnlyList<EndedSession>> TerminateApplicationAsync(
        SessionScope scope, string application, SessionCaller caller, bool keepCurrent = false, CancellationToken cancellationToken = default) =>
        TerminateSelectedAsync(
            new SessionFilter { Scope = scope, Application = Required(application) }, caller, keepCurrent, cancellationToken);

    /// <summary>Ends all sessions of an organization.</summary>
    /// <param name="organization">The organization.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="keepCurrent">True to end all but the caller's own session.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>What was ended.</returns>
    /// <exception cref="CurrentSessionException">The caller's own is among them, and <paramref name="keepCurrent"/> is false. Nothing was ended.</exception>
    public Task<IReadOnlyList<EndedSession>> TerminateOrganizationAsync(
        string organization, SessionCaller caller, bool keepCurrent = false, CancellationToken cancellationToken = default) =>
        TerminateSelectedAsync(
            new SessionFilter { Scope = SessionScope.Of(organization) }, caller, keepCurrent, cancellationToken);

    /// <summary>Ends all sessions that a filter selects: older than, idle longer than, from an IP address.</summary>
    /// <param name="filter">At least one condition besides the scope: a filter that names nobody is refused.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="keepCurrent">True to end all but the caller's own session.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>What was ended.</returns>
    /// <exception cref="ArgumentException">The filter names nobody, text in it is out of bounds, or it leaves out another
    /// session than <paramref name="keepCurrent"/> would. Nothing was ended.</exception>
    /// <exception cref="CurrentSessionException">The caller's own is among them, and <paramref name="keepCurrent"/> is false. Nothing was ended.</exception>
    public Task<IReadOnlyList<EndedSession>> TerminateMatchingAsync(
        SessionFilter filter, SessionCaller caller, bool keepCurrent = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (filter with { Except = null } == new SessionFilter { Scope = filter.Scope })
        {
            throw new ArgumentException(
                $"The filter names nobody. To end everything call {nameof(TerminateOrganizationAsync)} or {nameof(TerminateEverythingAsync)}.",
                nameof(filter));
        }

        return TerminateSelectedAsync(filter, caller, keepCurrent, cancellationToken);
    }

    /// <summary>Ends all sessions of everybody, in all organizations.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="keepCurrent">True to end all but the caller's own session.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>What was ended.</returns>
    /// <exception cref="CurrentSessionException">The caller has a session, and <paramref name="keepCurrent"/> is false. Nothing was ended.</exception>
    public Task<IReadOnlyList<EndedSession>> TerminateEverythingAsync(
        SessionCaller caller, bool keepCurrent = false, CancellationToken cancellationToken = default) =>
        TerminateSelectedAsync(
            new SessionFilter { Scope = SessionScope.AllOrganizations }, caller, keepCurrent, cancellationToken);

    /// <summary>
    /// To be called when a password was changed or reset: ends the user's sessions (OWASP ASVS 5 7.4.3), and gives
    /// the one in which the change was made, if there is one, a new token.
    /// </summary>
    /// <param name="user">Whose password.</param>
    /// <param name="by">Who changed it.</param>
    /// <param name="currentToken">The token of the user's session in which it was changed; null for none. A token of
    /// somebody else's session, or of none, counts as null.</param>
    /// <param name="payload">The new payload of that session; null keeps the old one.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>What was ended. When another request has rotated that token meanwhile, that session is ended too.</returns>
    /// <exception cref="ArgumentException">The payload is too large. Nothing was ended.</exception>
    public async Task<PasswordChange> PasswordChangedAsync(
        SessionUser user, SessionActor by, string? currentToken = null, ReadOnlyMemory<byte>? payload = null, CancellationToken cancellationToken = default)
    {
        CheckPayload(payload ?? default);
        var validation = await ValidateAsync(currentToken, passive: true, cancellationToken).ConfigureAwait(false);
        var current = validation.IsActive && validation.Session.User == user ? validation.Session : null;
        var ended = await EndAsync(
            SessionFilter.Of(user) with { Except = current?.Id },
            SessionEndReason.PasswordChanged, by, null, cancellationToken).ConfigureAwait(false);
        if (current is null)
        {
            return new PasswordChange(ended, null);
        }

        var rotated = await RotateAsync(currentToken, payload, CancellationToken.None).ConfigureAwait(false);
        if (rotated is not null)
        {
            return new PasswordChange(ended, rotated);
        }

        // Somebody else who has the old token has rotated it meanwhile: whoever that is must not stay signed in.
        var stolen = await EndAsync(
            SessionFilter.Of(user, current.Id),
            SessionEndReason.PasswordChanged, by, null, CancellationToken.None).ConfigureAwait(false);
        return new PasswordChange([.. ended, .. stolen], null);
    }

    /// <summary>
    /// Ends the session of a token that was found to stem from credentials that have changed since, with reason
    /// <see cref="SessionEndReason.PasswordChanged"/>. A session that has been given a new token before this call, as the one
    /// in which the credentials were changed, goes on.
    /// </summary>
    /// <param name="token">The token with the old credentials; null is no session's.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>False when the token proves no active session any more.</returns>
    public async Task<bool> EndOutdatedAsync(string? token, CancellationToken cancellationToken = default)
    {
        var validation = await ValidateAsync(token, passive: true, cancellationToken).ConfigureAwait(false);
        if (!validation.IsActive)
        {
            return false;
        }

        var ended = await EndAsync(
            SessionFilter.Of(validation.Session.User, validation.Session.Id),
            SessionEndReason.PasswordChanged, SessionActor.Of(validation.Session.User), null, cancellationToken).ConfigureAwait(false);
        return ended.Count > 0;
    }

    /// <summary>To be called when a user was disabled: ends all of the user's sessions, the caller's own too.</summary>
    /// <param name="user">Who.</param>
    /// <param name="by">Who did it.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>What was ended.</returns>
    public Task<IReadOnlyList<EndedSession>> UserDisabledAsync(
        SessionUser user, SessionActor by, CancellationToken cancellationToken = default) =>
        EndAsync(SessionFilter.Of(user), SessionEndReason.UserDisabled, by, null, cancellationToken);

    /// <summary>To be called when a user was deleted: ends all of the user's sessions, the caller's own too.</summary>
    /// <param name="user">Who.</param>
    /// <param name="by">Who did it.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>What was ended.</returns>
    public Task<IReadOnlyList<EndedSession>> UserDeletedAsync(
        SessionUser user, SessionActor by, CancellationToken cancellationToken = default) =>
        EndAsync(SessionFilter.Of(user), SessionEndReason.UserDeleted, by, null, cancellationToken);

    private async Task<EndedSession?> TerminateOneAsync(
        SessionFilter filter, SessionCaller caller, CancellationToken cancellationToken)
    {
        var ended = await TerminateSelectedAsync(filter, caller, keepCurrent: false, cancellationToken).ConfigureAwait(false);
        return ended.Count == 0 ? null : ended[0];
    }

    private Task<IReadOnlyList<EndedSession>> TerminateSelectedAsync(
        SessionFilter filter, SessionCaller caller, bool keepCurrent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        filter.Check();
        if (keepCurrent && caller.CurrentSession is { } own)
        {
            if (filter.Except is { } other && other != own)
            {
                throw new ArgumentException(
                    $"The filter leaves out session {other} already: {nameof(keepCurrent)} cannot leave out {own} besides.", nameof(filter));
            }

            filter = filter with { Except = own };
        }

        var byUser = filter.SingleUser is { } user && caller.Actor.Is(user);
        return EndAsync(
            filter,
            byUser ? SessionEndReason.TerminatedByUser : SessionEndReason.TerminatedByAdmin,
            caller.Actor,
            keepCurrent ? null : caller.CurrentSession,
            cancellationToken);
    }

    private async Task<IReadOnlyList<EndedSession>> EndAsync(
        SessionFilter filter, SessionEndReason reason, SessionActor by, SessionId? current, CancellationToken cancellationToken)
    {
        using var span = SessionTelemetry.Start("hanzo.sessions.terminate");
        ArgumentNullException.ThrowIfNull(by);
        cancellationToken.ThrowIfCancellationRequested();
        var now = Now();
        var result = await _store.TerminateAsync(filter, new SessionEnd(now, reason, by), current, CancellationToken.None)
            .ConfigureAwait(false);
        if (result.CurrentSelected)
        {
            span?.SetTag(SessionTelemetry.Result, "current_session");
            throw new CurrentSessionException(current!.Value);
        }

        _announcer.Ended(result.Ended);
        var ended = WithoutTimeouts(result.Ended);
        span?.SetTag(SessionTelemetry.Reason, SessionTelemetry.NameOf(reason)).SetTag(SessionTelemetry.Count, ended.Count);
        return ended;
    }

    /// <summary>Those that a termination has ended for its own reason.</summary>
    private static IReadOnlyList<EndedSession> WithoutTimeouts(IReadOnlyList<EndedSession> ended)
    {
        for (var i = 0; i < ended.Count; i++)
        {
            if (IsTimeout(ended[i]))
            {
                return [.. ended.Where(it => !IsTimeout(it))];
            }
        }

        return ended;

        static bool IsTimeout(EndedSession session) => session.End.Reason is SessionEndReason.IdleTimeout or SessionEndReason.Expired;
    }

    private static string Required(string application) => TextRules.Identifier(application, nameof(application));
}
