using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

internal sealed partial class HanzoSessionTokenHandler
{
    /// <summary>Creates a session whose token goes into the response body and not into a cookie.</summary>
    public async Task<IssuedSession> IssueAsync(ClaimsPrincipal user, AuthenticationProperties properties)
    {
        SessionDelivery.RequireNotStarted(Context);
        var owner = Options.MapUser(user, sessionOptions.Value.DefaultOrganization);
        await AuthenticateAsync();
        var issued = await CreateAsync(NewSession(user, owner, properties));
        SessionDelivery.Begin(Context, Scheme.Name, sessions, Logger, issued, isInBody: true);

        // A session that this request has signed in before is replaced, so its cookie must not be sent.
        SetCookieHeader.Remove(Response, _cookieName);
        Use(issued, user, isBearer: true);
        return issued;
    }

    /// <summary>Ends the user's other sessions and gives this one a new token.</summary>
    public async Task<IReadOnlyList<EndedSession>> RenewAsync(ClaimsPrincipal? updated)
    {
        SessionDelivery.RequireNotStarted(Context);
        var result = await AuthenticateAsync();
        if (!result.Succeeded || Presented is not { Validation.Session: { } current, Principal: { } principal })
        {
            throw new InvalidOperationException(
                "The request has no session. After a password reset without a session, call SessionManager.TerminateUserAsync.");
        }

        // The principal of the request may have claims that the host adds on each request: they are not stored.
        var renewal = await sessions.RenewAsync(
            current.User,
            _token.Text,
            SessionActor.Of(current.User),
            updated is null ? default(ReadOnlyMemory<byte>?) : Payload(updated, result.Properties),
            Context.RequestAborted);
        if (renewal.Current is { } issued)
        {
            HandOut(issued, updated ?? principal, result.Properties);
        }

        return renewal.Ended;
    }

    protected override async Task HandleSignInAsync(ClaimsPrincipal user, AuthenticationProperties? properties)
    {
        SessionDelivery.RequireNotStarted(Context);
        properties ??= new AuthenticationProperties();
        var owner = Options.MapUser(user, sessionOptions.Value.DefaultOrganization);
        await AuthenticateAsync();
        if (OwnSession(properties) is { } current)
        {
            await (current.User == owner ? RefreshAsync(current, user, properties) : RenameAsync(current, user, owner, properties));
        }
        else if (properties.ExpiresUtc <= TimeProvider.GetUtcNow())
        {
            Log.SignInExpired(Logger, properties.ExpiresUtc);
            await HandleSignOutAsync(properties);
        }
        else
        {
            HandOut(await CreateAsync(NewSession(user, owner, properties)), user, properties);
        }
    }

    protected override async Task HandleSignOutAsync(AuthenticationProperties? properties)
    {
        await AuthenticateAsync();
        if (Presented is { Validation: { IsActive: true, Session: { } current } })
        {
            await sessions.SignOutAsync(current, Context.RequestAborted);
        }

        SessionDelivery.Cancel(Context, Scheme.Name);
        Presented = null;
        if (!Response.HasStarted)
        {
            if (!_token.IsBearer)
            {
                ClearCookie();
                ClearSiteDataHeader.Add(Response, Options.ClearSiteData);
            }

            Response.Headers.CacheControl = "no-store";
        }
    }

    /// <summary>
    /// The active session that the properties came from: then a sign-in is a refresh. A new session would outlive the end of
    /// the old one.
    /// </summary>
    private Session? OwnSession(AuthenticationProperties properties) =>
        Presented is { Validation: { IsActive: true, Session: { } current } }
        && properties.Items.TryGetValue(SessionKey, out var origin)
        && string.Equals(origin, current.Id.ToString(), StringComparison.Ordinal)
            ? current
            : null;

    /// <summary>
    /// Replaces the claims of a session. It keeps its token and sets no cookie: a lost answer signs no user out, and a late one
    /// overwrites no newer cookie. If the credentials have changed, it gets a new token.
    /// </summary>
    private async Task RefreshAsync(Session current, ClaimsPrincipal user, AuthenticationProperties properties)
    {
        var payload = Payload(user, properties);
        if (HasOtherStamp(current, user))
        {
            var renewal = await sessions.RotateOrEndAsync(current, _token.Text, SessionActor.Of(current.User), payload, Context.RequestAborted);
            if (renewal.Current is { } issued)
            {
                HandOut(issued, user, properties);
            }
            else
            {
                Presented = Seen(await ValidateAsync(), null);
            }
        }
        else if (current.Payload.Span.SequenceEqual(payload)
            || await sessions.ReplacePayloadAsync(_token.Text, current.Payload, payload, Context.RequestAborted))
        {
            Presented = Seen(new SessionValidation(SessionStatus.Active, current with { Payload = payload }), user);
        }
    }

    private bool HasOtherStamp(Session current, ClaimsPrincipal user)
    {
        var kept = TicketPayload.Read(current.Payload.Span, tokenProtector: null).Principal;
        return !string.Equals(Stamp(kept), Stamp(user), StringComparison.Ordinal);

        string? Stamp(ClaimsPrincipal principal) => principal.FindFirst(Options.SecurityStampClaimType)?.Value;
    }

    /// <summary>A refresh under another name: a session of the new name takes the place of the old one, for the rest of its time.</summary>
    private async Task RenameAsync(Session current, ClaimsPrincipal user, SessionUser owner, AuthenticationProperties properties)
    {
        var session = NewSession(user, owner, properties);
        var issued = await CreateAsync(session with
        {
            AuthenticationMethods = current.AuthenticationMethods,
            ExpiresAt = session.ExpiresAt < current.ExpiresAt ? session.ExpiresAt : current.ExpiresAt,
        });
        HandOut(issued, user, properties);
    }

    private NewSession NewSession(ClaimsPrincipal user, SessionUser owner, AuthenticationProperties properties)
    {
        properties.Items.Remove(SessionKey);
        var carried = PresentedSession.TakeCarried(Scheme.Name, properties);
        return PrincipalMapping.NewSession(Context, user, owner, properties) with
        {
            // A sign-in does not replace a session of another scheme.
            PresentedToken = Presented is { Validation.IsActive: true } ? _token.Text : null,
            PresentedTokenHash = carried,
            Payload = Payload(user, properties),
        };
    }

    private Task<IssuedSession> CreateAsync(NewSession session) => sessions.CreateAsync(session, Context.RequestAborted);

    private byte[] Payload(ClaimsPrincipal user, AuthenticationProperties properties) =>
        TicketPayload.Write(user, properties, TokenProtector, KeptScheme);

    /// <summary>
    /// Puts the new token into the cookie, also when a program presented the old one in a header: the response is the only
    /// way to deliver it. For a token in the response body there is <see cref="IssueAsync"/>.
    /// </summary>
    private void HandOut(IssuedSession issued, ClaimsPrincipal user, AuthenticationProperties properties)
    {
        // A response sets a cookie once (RFC 6265, 4.1.1), also when a sign-in follows a sign-out.
        SetCookieHeader.Remove(Response, _cookieName);
        Response.Cookies.Append(
            _cookieName, issued.Token.Reveal(), Cookie(properties.IsPersistent ? issued.Session.ExpiresAt : null));
        SessionDelivery.Begin(Context, Scheme.Name, sessions, Logger, issued).KeepCookie(_cookieName);
        Use(issued, user, isBearer: false);
    }

    /// <summary>Makes a fresh session the one of this request.</summary>
    private void Use(IssuedSession issued, ClaimsPrincipal user, bool isBearer)
    {
        Response.Headers.CacheControl = "no-store";
        _token = new PresentedToken(issued.Token.Reveal(), isBearer);
        Presented = Seen(new SessionValidation(SessionStatus.Active, issued.Session), user);
    }

    private void ClearCookie() => Response.Cookies.Delete(_cookieName, Cookie(expires: null));

    private CookieOptions Cookie(DateTimeOffset? expires) => new()
    {
        Path = "/",
        HttpOnly = true,
        IsEssential = true,
        Secure = _isSecureCookie,
        SameSite = Options.CookieSameSite,
        Expires = expires,
    };
}
