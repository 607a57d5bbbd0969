using System.ComponentModel;

namespace Hanzo.Sessions;

/// <content>Ending sessions. Once begun, a termination ignores its cancellation token.</content>
public sealed partial class SessionManager
{
    /// <summary>No activity is in flight for longer than this, so none can still prolong a session that timed out before.</summary>
    private static readonly TimeSpan LongestInFlight = TimeSpan.FromMinutes(10);

    /// <summary>Signs a user out: the normal way to end the current session.</summary>
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

    /// <summary>
    /// Signs a user out if the session still has the token that the request presented. For a sign-out that is not the user's
    /// wish, but follows from what the request presented.
    /// </summary>
    /// <param name="current">The session that the user is using.</param>
    /// <param name="token">The token that the request presented.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>False when it had ended before, or another request has given it a new token.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public async Task<bool> SignOutOfTokenAsync(Session current, string? token, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(current);
        if (!SessionToken.TryParse(token, out var presented))
        {
            return false;
        }

        var ended = await EndAsync(
            SessionFilter.Of(current.User, current.Id), SessionEndReason.SignedOut, SessionActor.Of(current.User), null,
            cancellationToken, presented.Hash()).ConfigureAwait(false);
        return ended.Count > 0;
    }

    /// <summary>
    /// Ends a session whose token never left the server, with reason <see cref="SessionEndReason.NotDelivered"/>. A session
    /// that it replaced stays ended.
    /// </summary>
    /// <param name="session">The session that no client has.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Task EndUndeliveredAsync(Session session, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        return EndAsync(
            SessionFilter.Of(session.User, session.Id), SessionEndReason.NotDelivered, SessionActor.Of(session.User), null,
            cancellationToken);
    }

    /// <summary>Ends one session by id, wherever in the scope it is.</summary>
    /// <param name="scope">What the caller may see. A session out of scope counts as none.</param>
    /// <param name="id">The session.</param>
    /// <param name="caller">Who ends it.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>What ended; null when there is no such active session.</returns>
    /// <exception cref="CurrentSessionException">It is the caller's own. Nothing ended.</exception>
    public Task<EndedSession?> TerminateAsync(
        SessionScope scope, SessionId id, SessionCaller caller, CancellationToken cancellationToken = default) =>
        TerminateOneAsync(new SessionFilter { Scope = scope, Id = id }, caller, cancellationToken);

    /// <summary>Ends one session of a user; the user's others stay.</summary>
    /// <param name="user">Whose session.</param>
    /// <param name="id">The session.</param>
    /// <param name="caller">Who ends it.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>What ended; null when this user has no such active session.</returns>
    /// <exception cref="CurrentSessionException">It is the caller's own. Nothing ended.</exception>
    public Task<EndedSession?> TerminateAsync(
        SessionUser user, SessionId id, SessionCaller caller, CancellationToken cancellationToken = default) =>
        TerminateOneAsync(SessionFilter.Of(user, id), caller, cancellationToken);

    /// <summary>Ends one session of a record; the record's others stay, and the last one takes the record with it.</summary>
    /// <param name="user">Whose record.</param>
    /// <param name="application">In which application.</param>
    /// <param name="id">The session.</param>
    /// <param name="caller">Who ends it.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>What ended; null when this record has no such active session.</returns>
    /// <exception cref="CurrentSessionException">It is the caller's own. Nothing ended.</exception>
    public Task<EndedSession?> TerminateAsync(
        SessionUser user, string application, SessionId id, SessionCaller caller, CancellationToken cancellationToken = default) =>
        TerminateOneAsync(
            SessionFilter.Of(user, id) with { Application = Required(application) }, caller, cancellationToken);

    /// <summary>Ends a whole record: all sessions of a user in an application.</summary>
    /// <param name="user">Whose record.</param>
    /// <param name="application">In which application.</param>
    /// <param name="caller">Who ends them.</param>
    /// <param name="keepCurrent">True to end all but the caller's own session.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>What ended.</returns>
    /// <exception cref="CurrentSessionException">The caller's own is among them, and <paramref name="keepCurrent"/> is false. Nothing ended.</exception>
    public Task<IReadOnlyList<EndedSession>> TerminateRecordAsync(
        SessionUser user, string application, SessionCaller caller, bool keepCurrent = false, CancellationToken cancellationToken = default) =>
        TerminateSelectedAsync(
            SessionFilter.Of(user) with { Application = Required(application) }, caller, keepCurrent, cancellationToken);

    /// <summary>
    /// Ends all sessions of a user, over all applications ("log out all devices", OWASP ASVS 5 7.4.5). Every session
    /// whose create had returned before this call is ended; a create in flight comes wholly before it or wholly after it.
    /// </summary>
    /// <param name="user">Whose sessions.</param>
    /// <param name="caller">Who ends them.</param>
    /// <param name="keepCurrent">True to end all but the caller's own session.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>What ended.</returns>
    /// <exception cref="CurrentSessionException">The caller's own is among them, and <paramref name="keepCurrent"/> is false. Nothing ended.</exception>
    public Task<IReadOnlyList<EndedSession>> TerminateAllAsync(
        SessionUser user, SessionCaller caller, bool keepCurrent = false, CancellationToken cancellationToken = default) =>
        TerminateSelectedAsync(SessionFilter.Of(user), caller, keepCurrent, cancellationToken);

    /// <summary>Ends all sessions of an organization.</summary>
    /// <param name="organization">The organization.</param>
    /// <param name="caller">Who ends them.</param>
    /// <param name="keepCurrent">True to end all but the caller's own session.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>What ended.</returns>
    /// <exception cref="CurrentSessionException">The caller's own is among them, and <paramref name="keepCurrent"/> is false. Nothing ended.</exception>
    public Task<IReadOnlyList<EndedSession>> TerminateOrganizationAsync(
        string organization, SessionCaller caller, bool keepCurrent = false, CancellationToken cancellationToken = default) =>
        TerminateSelectedAsync(
            SessionFilter.Of(SessionScope.Of(organization)), caller, keepCurrent, cancellationToken);

    /// <summary>Ends all sessions that a filter selects: of an application, older than, idle longer than, from an IP address.</summary>
    /// <param name="filter">At least one condition besides the scope: a filter that names no one is refused.</param>
    /// <param name="caller">Who ends them.</param>
    /// <param name="keepCurrent">True to end all but the caller's own session.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>What ended.</returns>
    /// <exception cref="ArgumentException">The filter names no one, text in it is out of range, or it leaves out another
    /// session than <paramref name="keepCurrent"/> would. Nothing ended.</exception>
    /// <exception cref="CurrentSessionException">The caller's own is among them, and <paramref name="keepCurrent"/> is false. Nothing ended.</exception>
    public Task<IReadOnlyList<EndedSession>> TerminateMatchingAsync(
        SessionFilter filter, SessionCaller caller, bool keepCurrent = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (filter with { Except = null } == SessionFilter.Of(filter.Scope))
        {
            throw new ArgumentException(
                $"The filter names no one. To end everything, call {nameof(TerminateOrganizationAsync)} or {nameof(TerminateEverythingAsync)}.",
                nameof(filter));
        }

        return TerminateSelectedAsync(filter, caller, keepCurrent, cancellationToken);
    }

    /// <summary>Ends all sessions of all users, in all organizations.</summary>
    /// <param name="caller">Who ends them.</param>
    /// <param name="keepCurrent">True to end all but the caller's own session.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>What ended.</returns>
    /// <exception cref="CurrentSessionException">The caller has a session, and <paramref name="keepCurrent"/> is false. Nothing ended.</exception>
    public Task<IReadOnlyList<EndedSession>> TerminateEverythingAsync(
        SessionCaller caller, bool keepCurrent = false, CancellationToken cancellationToken = default) =>
        TerminateSelectedAsync(
            SessionFilter.Of(SessionScope.AllOrganizations), caller, keepCurrent, cancellationToken);

    /// <summary>
    /// Ends a session whose credentials have changed since the sign-in, with reason
    /// <see cref="SessionEndReason.PasswordChanged"/>, while it has the token and the payload that were judged. A session that
    /// has new ones goes on: the user changed the credentials in it, or another request has refreshed its claims.
    /// </summary>
    /// <param name="judged">The session, with the payload that was judged.</param>
    /// <param name="token">The token with which it was found.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>False when nothing ended.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public async Task<bool> EndOutdatedAsync(Session judged, string? token, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(judged);
        if (!SessionToken.TryParse(token, out var presented))
        {
            return false;
        }

        var ended = await EndAsync(
            SessionFilter.Of(judged.User, judged.Id), SessionEndReason.PasswordChanged, SessionActor.Of(judged.User), null,
            cancellationToken, presented.Hash(), judged.Payload).ConfigureAwait(false);
        return ended.Count > 0;
    }

    /// <summary>
    /// Ends all of a user's sessions because the account changed: call it after a password was reset, or a user was disabled or
    /// deleted. Unlike <see cref="TerminateAllAsync"/> it protects no current session. When the signed-in user has changed the
    /// password, call <see cref="RenewAsync"/>.
    /// </summary>
    /// <param name="user">Whose sessions.</param>
    /// <param name="reason"><see cref="SessionEndReason.PasswordChanged"/>, <see cref="SessionEndReason.UserDisabled"/> or
    /// <see cref="SessionEndReason.UserDeleted"/>.</param>
    /// <param name="by">Who changed the account.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>What ended.</returns>
    /// <exception cref="ArgumentException">The reason is another one. Nothing ended.</exception>
    public Task<IReadOnlyList<EndedSession>> TerminateUserAsync(
        SessionUser user, SessionEndReason reason, SessionActor by, CancellationToken cancellationToken = default) =>
        reason is SessionEndReason.PasswordChanged or SessionEndReason.UserDisabled or SessionEndReason.UserDeleted
            ? EndAsync(SessionFilter.Of(user), reason, by, null, cancellationToken)
            : throw new ArgumentException(
                $"The reason is {reason}; it must be PasswordChanged, UserDisabled or UserDeleted.", nameof(reason));

    /// <summary>
    /// Ends a user's sessions, with reason <see cref="SessionEndReason.UserDeleted"/>, and removes all that the store knows of the
    /// user, history too, in one step. Observers hear of the ends. Of a session that was adopted from another kind of sign-in
    /// its id stays, without the user, while a client may still present the old sign-in: otherwise it would be adopted again. A user who signs in
    /// afterward is a new user to the store.
    /// </summary>
    /// <param name="user">The user.</param>
    /// <param name="by">Who asks for it.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>What ended.</returns>
    public async Task<IReadOnlyList<EndedSession>> ForgetAsync(
        SessionUser user, SessionActor by, CancellationToken cancellationToken = default)
    {
        using var span = SessionTelemetry.Start("hanzo.sessions.forget");
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(by);
        cancellationToken.ThrowIfCancellationRequested();
        var ended = await EndAsync(now => _store.ForgetAsync(
            new SessionForgetting
            {
                User = user,
                End = new SessionEnd(now.At, SessionEndReason.UserDeleted, by),
                Tolerance = now.Tolerance,
            },
            CancellationToken.None)).ConfigureAwait(false);
        _announcer.Ended(ended);
        Log.Forgotten(_logger, new Printable(by), ended.Count);
        span?.SetTag(SessionTelemetry.Count, ended.Count);
        return WithoutTimeouts(ended);
    }

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
        SessionFilter filter,
        SessionEndReason reason,
        SessionActor by,
        SessionId? current,
        CancellationToken cancellationToken,
        SessionTokenHash? ifToken = null,
        ReadOnlyMemory<byte>? ifPayload = null)
    {
        using var span = SessionTelemetry.Start("hanzo.sessions.terminate");
        ArgumentNullException.ThrowIfNull(by);
        cancellationToken.ThrowIfCancellationRequested();
        var result = await EndAsync(TerminateAsync).ConfigureAwait(false);
        if (result.CurrentSelected)
        {
            span?.SetTag(SessionTelemetry.Result, "current_session");
            throw new CurrentSessionException(current!.Value);
        }

        _announcer.Ended(result.Ended);
        var ended = WithoutTimeouts(result.Ended);
        span?.SetTag(SessionTelemetry.Reason, SessionTelemetry.NameOf(reason)).SetTag(SessionTelemetry.Count, ended.Count);
        return ended;

        Task<SessionTerminationResult> TerminateAsync(StoreInstant now)
        {
            var termination = new SessionTermination
            {
                Filter = AsStored(filter),
                End = new SessionEnd(now.At, reason, by),
                Tolerance = now.Tolerance,
                Current = current,
                IfToken = ifToken,
                IfPayload = ifPayload,
                TimedOutSince = filter.Id is null && filter.SingleUser is null ? now.At - LongestInFlight : null,
            };
            return _store.TerminateAsync(termination, CancellationToken.None);
        }
    }

    /// <summary>Runs a step that ends sessions on request, which is never refused because of the clocks.</summary>
    private async Task<T> EndAsync<T>(Func<StoreInstant, Task<T>> step)
    {
        try
        {
            return await StepAsync(step).ConfigureAwait(false);
        }
        catch (SessionClockException refusal)
        {
            // Dated by the earlier clock, only what both clocks call over counts as a timeout.
            var now = Now();
            return await step(refusal.StoreTime < now ? Truncate(refusal.StoreTime) : now).ConfigureAwait(false);
        }
    }

    /// <summary>The sessions that the termination ended for its own reason, without timeouts.</summary>
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
