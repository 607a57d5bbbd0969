using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>
/// Authenticates the opaque token of a session, from the cookie or the Authorization header. As a request handler it
/// runs on every request that presents a token, so that a failing store is answered 503 on every route.
/// </summary>
internal sealed class HanzoSessionTokenHandler(
    IOptionsMonitor<HanzoSessionTokenOptions> options,
    ILoggerFactory loggerFactory,
    UrlEncoder encoder,
    SessionManager sessions,
    IOptions<HanzoSessionsOptions> sessionOptions,
    IHostEnvironment environment,
    IDataProtectionProvider dataProtection)
    : SignInAuthenticationHandler<HanzoSessionTokenOptions>(options, loggerFactory, encoder), IAuthenticationRequestHandler
{
    /// <summary>The key, among the properties of a sign-in, of the session that they belong to.</summary>
    private const string SessionKey = "hanzo.session";

    private static readonly AuthenticateResult NotAccepted = AuthenticateResult.Fail("The session token is not accepted.");

    private PresentedToken _presented;
    private string _cookieName = string.Empty;
    private bool _isSecureCookie;

    /// <summary>What became of the token that was presented to this scheme.</summary>
    private PresentedSession? Presented
    {
        get => PresentedSession.OfScheme(Context, Scheme.Name);
        set => PresentedSession.Set(Context, Scheme.Name, value);
    }

    /// <summary>What is kept with a session to tell whose it is. The default scheme keeps nothing.</summary>
    private string? KeptScheme =>
        string.Equals(Scheme.Name, HanzoSessionTokenDefaults.AuthenticationScheme, StringComparison.Ordinal) ? null : Scheme.Name;

    private IDataProtector? TokenProtector =>
        Options.KeepTokens ? dataProtection.CreateProtector("Hanzo.Sessions.AspNetCore.Tokens.v1") : null;

    public async Task<bool> HandleRequestAsync() =>
        _presented.Text is not null
        && await StoreFailure.IsAnsweredAsync(Context, Logger, AuthenticateAsync).ConfigureAwait(false);

    protected override Task InitializeHandlerAsync()
    {
        _isSecureCookie = Request.IsHttps || !environment.IsDevelopment();
        _cookieName = _isSecureCookie ? Options.CookieName : Options.CookieName[HanzoSessionTokenDefaults.CookiePrefix.Length..];
        _presented = PresentedToken.Of(Request, _cookieName);
        return Task.CompletedTask;
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (_presented.Text is null)
        {
            return AuthenticateResult.NoResult();
        }

        // Activity counts only when nothing else stands against the token.
        var validation = await ValidateAsync().ConfigureAwait(false);
        if (!validation.IsActive)
        {
            return Refused(validation);
        }

        var session = validation.Session;
        if (session.Payload.IsEmpty)
        {
            return Refused(new SessionValidation(SessionStatus.Unknown, null)); // no sign-in of a token scheme has made it
        }

        var (principal, properties, scheme, tokenFault) = TicketPayload.Read(session.Payload.Span, TokenProtector);
        if (!string.Equals(scheme, KeptScheme, StringComparison.Ordinal))
        {
            Log.OtherScheme(Logger, session.Id, scheme ?? HanzoSessionTokenDefaults.AuthenticationScheme, Scheme.Name);
            return Refused(new SessionValidation(SessionStatus.Unknown, null));
        }

        if (Options.SecurityStampCheck is { } stampCheck && IsStampDue(session)
            && !await stampCheck.IsCurrentAsync(Context, principal).ConfigureAwait(false))
        {
            await sessions.EndOutdatedAsync(_presented.Text, Context.RequestAborted).ConfigureAwait(false);
            return Refused(await ValidateAsync().ConfigureAwait(false));
        }

        if (!PassiveRequestMetadata.IsPassive(Context))
        {
            if (await sessions.RecordActivityAsync(session, Context.RequestAborted).ConfigureAwait(false) is not { } active)
            {
                return Refused(await ValidateAsync().ConfigureAwait(false));
            }

            session = active;
        }

        if (tokenFault is not null)
        {
            Log.TokensNotDecrypted(Logger, session.Id, tokenFault);
        }

        properties.Items[SessionKey] = session.Id.ToString();
        properties.IssuedUtc = session.CreatedAt;
        properties.ExpiresUtc = session.ExpiresAt;
        Presented = Seen(new SessionValidation(SessionStatus.Active, session), principal);
        return AuthenticateResult.Success(new AuthenticationTicket(principal, properties, Scheme.Name));
    }

    protected override async Task HandleSignInAsync(ClaimsPrincipal user, AuthenticationProperties? properties)
    {
        properties ??= new AuthenticationProperties();
        var owner = Options.MapUser(user, sessionOptions.Value.DefaultOrganization);
        await AuthenticateAsync().ConfigureAwait(false);

        // Properties that come from this very session mean that it is refreshed, not that somebody signs in: a
        // new session would last longer than the old one was allowed to.
        var issued = Presented is { Validation: { IsActive: true, Session: { } current } }
                && properties.Items.TryGetValue(SessionKey, out var origin)
                && string.Equals(origin, current.Id.ToString(), StringComparison.Ordinal)
                && current.User == owner
            ? await sessions.RotateAsync(_presented.Text, Payload(user, properties), Context.RequestAborted).ConfigureAwait(false)
            : await CreateAsync(user, owner, properties).ConfigureAwait(false);
        if (issued is not null)
        {
            HandOut(issued, user, properties);
        }
    }

    /// <summary>
    /// The new token goes into the cookie, also when a program presented the old one in a header: it must reach
    /// somebody. For a token in the answer's body there is <see cref="IssueAsync"/>.
    /// </summary>
    private void HandOut(IssuedSession issued, ClaimsPrincipal user, AuthenticationProperties properties)
    {
        // One answer sets a cookie once (RFC 6265, 4.1.1), also when a sign-in follows a sign-out.
        SetCookieHeader.Remove(Response, _cookieName);
        Response.Cookies.Append(
            _cookieName, issued.Token.Reveal(), Cookie(properties.IsPersistent ? issued.Session.ExpiresAt : null));
        Response.Headers.CacheControl = "no-store";
        _presented = new PresentedToken(issued.Token.Reveal(), IsBearer: false);
        Presented = Seen(new SessionValidation(SessionStatus.Active, issued.Session), user);
    }

    protected override async Task HandleSignOutAsync(AuthenticationProperties? properties)
    {
        await AuthenticateAsync().ConfigureAwait(false);
        if (Presented is { Validation: { IsActive: true, Session: { } current } })
        {
            await sessions.SignOutAsync(current, Context.RequestAborted).ConfigureAwait(false);
        }

        if (!_presented.IsBearer)
        {
            ClearCookie();
        }

        Presented = null;
        Response.Headers.CacheControl = "no-store";
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (!IsPage())
        {
            await Problems.NotSignedIn(hasBody: await IsLastToAnswerAsync().ConfigureAwait(false)).ExecuteAsync(Context).ConfigureAwait(false);
            return;
        }

        var wayBack = properties.RedirectUri
            ?? (HttpMethods.IsGet(Request.Method) ? OriginalPathBase + OriginalPath + Request.QueryString : null);
        Redirect(Options.LoginPath, wayBack);
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        if (!IsPage() || !Options.AccessDeniedPath.HasValue)
        {
            await Problems.Forbidden("You may not do this.", hasBody: await IsLastToAnswerAsync().ConfigureAwait(false))
                .ExecuteAsync(Context).ConfigureAwait(false);
            return;
        }

        Redirect(Options.AccessDeniedPath, wayBack: null);
    }

    /// <summary>Makes a session whose token goes into the answer's body and not into a cookie.</summary>
    public async Task<IssuedSession> IssueAsync(ClaimsPrincipal user, AuthenticationProperties properties)
    {
        Response.Headers.CacheControl = "no-store";
        var owner = Options.MapUser(user, sessionOptions.Value.DefaultOrganization);
        await AuthenticateAsync().ConfigureAwait(false);
        var issued = await CreateAsync(user, owner, properties).ConfigureAwait(false);
        Presented = Seen(new SessionValidation(SessionStatus.Active, issued.Session), user);
        return issued;
    }

    /// <summary>Ends the user's other sessions and gives this one a new token.</summary>
    public async Task<IReadOnlyList<EndedSession>> PasswordChangedAsync(ClaimsPrincipal? updated)
    {
        var result = await AuthenticateAsync().ConfigureAwait(false);
        if (!result.Succeeded || Presented is not { Validation.Session: { } current })
        {
            throw new InvalidOperationException(
                "The request has no session. For a password that was reset without one, call SessionManager.PasswordChangedAsync.");
        }

        // The principal of the request may have what the host adds on each request: that is not to be kept.
        var change = await sessions.PasswordChangedAsync(
            current.User,
            SessionActor.Of(current.User),
            _presented.Text,
            updated is null ? default(ReadOnlyMemory<byte>?) : Payload(updated, result.Properties),
            Context.RequestAborted).ConfigureAwait(false);
        if (change.Current is { } issued)
        {
            HandOut(issued, updated ?? Presented.Principal!, result.Properties);
        }

        return change.Ended;
    }

    private Task<IssuedSession> CreateAsync(ClaimsPrincipal user, SessionUser owner, AuthenticationProperties properties)
    {
        properties.Items.Remove(SessionKey);
        return sessions.CreateAsync(
            PrincipalMapping.NewSession(Context, user, owner, properties) with
            {
                Payload = Payload(user, properties),

                // A session of another scheme is not this sign-in's to replace.
                PresentedToken = Presented is { Validation.IsActive: true } ? _presented.Text : null,
            },
            Context.RequestAborted);
    }

    private byte[] Payload(ClaimsPrincipal user, AuthenticationProperties properties) =>
        TicketPayload.Write(user, properties, TokenProtector, KeptScheme);

    private ValueTask<SessionValidation> ValidateAsync() =>
        sessions.ValidateAsync(_presented.Text, passive: true, Context.RequestAborted);

    private AuthenticateResult Refused(SessionValidation validation)
    {
        Presented = Seen(validation, null);
        return NotAccepted;
    }

    /// <summary>
    /// Whether an interval since the session's creation has passed between its last activity and now. Nothing needs
    /// to be remembered for that, and every server that shares the store finds the same.
    /// </summary>
    private bool IsStampDue(Session session)
    {
        var interval = Options.SecurityStampInterval.Ticks;
        return interval == 0
            || (TimeProvider.GetUtcNow() - session.CreatedAt).Ticks / interval
                > (session.LastActiveAt - session.CreatedAt).Ticks / interval;
    }

    private PresentedSession Seen(SessionValidation validation, ClaimsPrincipal? principal) =>
        new(Scheme.Name, validation, principal, _presented.IsBearer, ClearCookie);

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

    /// <summary>
    /// Where an endpoint names several schemes, the framework lets each of them answer in turn, and whoever writes a body
    /// begins the answer: the next one could not say anything any more. An endpoint that forbids by itself looks the same
    /// here, and then the answer has no body.
    /// </summary>
    private async Task<bool> IsLastToAnswerAsync()
    {
        if (Context.GetEndpoint()?.Metadata is not { } metadata)
        {
            return true;
        }

        var policy = await AuthorizationPolicy.CombineAsync(
            Context.RequestServices.GetRequiredService<IAuthorizationPolicyProvider>(),
            metadata.GetOrderedMetadata<IAuthorizeData>(),
            metadata.GetOrderedMetadata<AuthorizationPolicy>()).ConfigureAwait(false);
        return policy is not { AuthenticationSchemes: [.., var last] } || string.Equals(last, Scheme.Name, StringComparison.Ordinal);
    }

    /// <summary>Whether a person is looking at the answer, and not a program.</summary>
    private bool IsPage()
    {
        var metadata = Context.GetEndpoint()?.Metadata;
        if (_presented.IsBearer
            || (metadata?.GetMetadata<IDisableCookieRedirectMetadata>() is not null
                && metadata.GetMetadata<IAllowCookieRedirectMetadata>() is null))
        {
            return false;
        }

        var mode = Request.Headers["Sec-Fetch-Mode"].ToString();
        return mode.Length > 0
            ? string.Equals(mode, "navigate", StringComparison.Ordinal)
            : Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
    }

    private void Redirect(PathString path, string? wayBack)
    {
        var query = wayBack is null ? default : QueryString.Create(Options.ReturnUrlParameter, wayBack);
        Response.Headers.CacheControl = "no-store";
        Response.Redirect(UriHelper.BuildRelative(OriginalPathBase, path, query));
    }
}
