using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

internal sealed partial class HanzoSessionTokenHandler
{
    /// <summary>Creates a session whose token goes into the response body and not into a cookie.</summary>
    public async Task<IssuedSession> IssueAsync(ClaimsPrincipal user, AuthenticationProperties properties)
    {
        Response.Headers.CacheControl = "no-store";
        var owner = Options.MapUser(user, sessionOptions.Value.DefaultOrganization);
        await AuthenticateAsync();
        var issued = await CreateAsync(user, owner, properties);
        Presented = Seen(new SessionValidation(SessionStatus.Active, issued.Session), user);
        return issued;
    }

    /// <summary>Ends the user's other sessions and gives this one a new token.</summary>
    public async Task<IReadOnlyList<EndedSession>> RenewAsync(ClaimsPrincipal? updated)
    {
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
        properties ??= new AuthenticationProperties();
        var owner = Options.MapUser(user, sessionOptions.Value.DefaultOrganization);
        await AuthenticateAsync();

        // Properties of this very session mean a refresh, not a sign-in: a new session would outlive the end of the old one.
        var issued = Presented is { Validation: { IsActive: true, Session: { } current } }
                && properties.Items.TryGetValue(SessionKey, out var origin)
                && string.Equals(origin, current.Id.ToString(), StringComparison.Ordinal)
                && current.User == owner
            ? await sessions.RotateAsync(_token.Text, Payload(user, properties), Context.RequestAborted)
            : await CreateAsync(user, owner, properties);
        if (issued is not null)
        {
            HandOut(issued, user, properties);
        }
    }

    protected override async Task HandleSignOutAsync(AuthenticationProperties? properties)
    {
        await AuthenticateAsync();
        if (Presented is { Validation: { IsActive: true, Session: { } current } })
        {
            await sessions.SignOutAsync(current, Context.RequestAborted);
        }

        if (!_token.IsBearer)
        {
            ClearCookie();
            ClearSiteDataHeader.Add(Response, Options.ClearSiteData);
        }

        Presented = null;
        Response.Headers.CacheControl = "no-store";
    }

    private Task<IssuedSession> CreateAsync(ClaimsPrincipal user, SessionUser owner, AuthenticationProperties properties)
    {
        properties.Items.Remove(SessionKey);
        return sessions.CreateAsync(
            PrincipalMapping.NewSession(Context, user, owner, properties) with
            {
                Payload = Payload(user, properties),

                // A sign-in does not replace a session of another scheme.
                PresentedToken = Presented is { Validation.IsActive: true } ? _token.Text : null,
            },
            Context.RequestAborted);
    }

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
        Response.Headers.CacheControl = "no-store";
        _token = new PresentedToken(issued.Token.Reveal(), IsBearer: false);
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
