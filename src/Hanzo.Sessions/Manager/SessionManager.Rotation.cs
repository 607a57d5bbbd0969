using System.ComponentModel;

namespace Hanzo.Sessions;

public sealed partial class SessionManager
{
    /// <summary>
    /// Gives an active session a new token and, where given, a new payload. Its id, its creation and its expiry stay, and
    /// the old token is dead. Of parallel rotations of one token exactly one succeeds.
    /// </summary>
    /// <param name="token">The token that the session has now.</param>
    /// <param name="payload">The new payload; null keeps the old one.</param>
    /// <param name="cancellationToken">Cancels before the rotation is committed.</param>
    /// <returns>The session and its new token; null when the token does not prove an active session.</returns>
    /// <exception cref="SessionPayloadTooLargeException">The payload is too large.</exception>
    /// <exception cref="SessionClockException">The clocks of this server and of the store differ too much.</exception>
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
        var session = await StepAsync(
            now => _store.RotateAsync(new SessionRotation(current.Hash(), next.Hash(), copy, now), cancellationToken)).ConfigureAwait(false);
        if (session is null)
        {
            // This writes a timeout down: then the token proves nothing, whatever the clock does later.
            await ValidateAsync(token, passive: true, cancellationToken).ConfigureAwait(false);
            return null;
        }

        span?.SetTag(SessionTelemetry.SessionId, session.Id.ToString());
        Log.Rotated(_logger, session.Id, new Printable(session.User));
        return new IssuedSession(session, next, []);
    }

    /// <summary>
    /// Replaces the payload of an active session, if it is still the one that was read. The session keeps its token: a lost
    /// answer signs no one out.
    /// </summary>
    /// <param name="token">The token that the session has now.</param>
    /// <param name="read">The payload that the new one was made from.</param>
    /// <param name="payload">The new payload.</param>
    /// <param name="cancellationToken">Cancels before the change is committed.</param>
    /// <returns>False when the token proves no active session, or another request has replaced the payload. Nothing changed.</returns>
    /// <exception cref="SessionPayloadTooLargeException">The new payload is too large.</exception>
    /// <exception cref="SessionClockException">The clocks of this server and of the store differ too much.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public async Task<bool> ReplacePayloadAsync(
        string? token, ReadOnlyMemory<byte> read, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken = default)
    {
        using var span = SessionTelemetry.Start("hanzo.sessions.replace_payload");
        CheckPayload(payload);
        return SessionToken.TryParse(token, out var current)
            && await StepAsync(now => _store.ReplacePayloadAsync(
                new SessionPayloadChange(current.Hash(), read, payload.ToArray(), now), cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>
    /// Gives the session in which the credentials were changed a new token. If another request, perhaps a thief's, has rotated
    /// its token, ends the session: the holder of the rotated token must not stay signed in.
    /// </summary>
    /// <param name="current">The session.</param>
    /// <param name="token">The token that the request presented.</param>
    /// <param name="by">Who changed the credentials.</param>
    /// <param name="payload">The new payload; null keeps the old one.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <exception cref="SessionPayloadTooLargeException">The payload is too large. Nothing changed.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public async Task<SessionRenewal> RotateOrEndAsync(
        Session current,
        string? token,
        SessionActor by,
        ReadOnlyMemory<byte>? payload = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(current);
        cancellationToken.ThrowIfCancellationRequested();
        if (await RotateAsync(token, payload, CancellationToken.None).ConfigureAwait(false) is { } rotated)
        {
            return new SessionRenewal([], rotated);
        }

        var ended = await EndAsync(
            SessionFilter.Of(current.User, current.Id),
            SessionEndReason.PasswordChanged, by, null, CancellationToken.None).ConfigureAwait(false);
        return new SessionRenewal(ended, null);
    }

    /// <summary>
    /// Call it when the signed-in user has changed the password: ends the user's other sessions with reason
    /// <see cref="SessionEndReason.PasswordChanged"/> (OWASP ASVS 5 7.4.3), and gives the session of the change a new token.
    /// For a password that was reset without a session, call <see cref="TerminateUserAsync"/>.
    /// </summary>
    /// <param name="user">Whose password.</param>
    /// <param name="currentToken">The token of the user's session in which the password was changed. If it proves no active
    /// session of this user, all of the user's sessions end.</param>
    /// <param name="by">Who changed the password.</param>
    /// <param name="payload">The new payload of that session; null keeps the old one.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>What ended. If another request has rotated the token concurrently, the current session ends too.</returns>
    /// <exception cref="SessionPayloadTooLargeException">The payload is too large. Nothing ended.</exception>
    public async Task<SessionRenewal> RenewAsync(
        SessionUser user, string? currentToken, SessionActor by, ReadOnlyMemory<byte>? payload = null, CancellationToken cancellationToken = default)
    {
        CheckPayload(payload ?? default);
        var validation = await ValidateAsync(currentToken, passive: true, cancellationToken).ConfigureAwait(false);
        var current = validation.IsActive && validation.Session.User == user ? validation.Session : null;
        var ended = await EndAsync(
            SessionFilter.Of(user) with { Except = current?.Id },
            SessionEndReason.PasswordChanged, by, null, cancellationToken).ConfigureAwait(false);
        if (current is null)
        {
            return new SessionRenewal(ended, null);
        }

        var renewal = await RotateOrEndAsync(current, currentToken, by, payload, CancellationToken.None).ConfigureAwait(false);
        return renewal with { Ended = [.. ended, .. renewal.Ended] };
    }

    private static void CheckPayload(ReadOnlyMemory<byte> payload)
    {
        if (payload.Length > MaxPayloadBytes)
        {
            throw new SessionPayloadTooLargeException(payload.Length);
        }
    }
}
