using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>
/// Authenticates the opaque token of a session, from the cookie or the Authorization header. As a request handler it
/// runs on every request that presents a token, so that a failing store is answered 503 on every route.
/// </summary>
internal sealed partial class HanzoSessionTokenHandler(
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

    private PresentedToken _token;
    private string _cookieName = string.Empty;
    private bool _isSecureCookie;

    /// <summary>The outcome for the token that was presented to this scheme.</summary>
    private PresentedSession? Presented
    {
        get => PresentedSession.OfScheme(Context, Scheme.Name);
        set => PresentedSession.Set(Context, Scheme.Name, value);
    }

    /// <summary>The scheme that is stored with a session. The default scheme stores nothing.</summary>
    private string? KeptScheme =>
        string.Equals(Scheme.Name, HanzoSessionTokenDefaults.AuthenticationScheme, StringComparison.Ordinal) ? null : Scheme.Name;

    private IDataProtector? TokenProtector =>
        Options.KeepTokens ? dataProtection.CreateProtector("Hanzo.Sessions.AspNetCore.Tokens.v1") : null;

    public async Task<bool> HandleRequestAsync() =>
        _token.Text is not null && await StoreFailure.IsAnsweredAsync(Context, Logger, AuthenticateAsync);

    protected override Task InitializeHandlerAsync()
    {
        _isSecureCookie = Request.IsHttps || !environment.IsDevelopment();
        _cookieName = _isSecureCookie ? Options.CookieName : Options.CookieName[HanzoSessionTokenDefaults.CookiePrefix.Length..];
        _token = SessionDelivery.Of(Context, Scheme.Name) is { } delivery
            ? new PresentedToken(delivery.Token.Reveal(), IsBearer: false) // an error page in a scope of its own
            : PresentedToken.Of(Request, _cookieName);
        return Task.CompletedTask;
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (_token.Text is null)
        {
            return AuthenticateResult.NoResult();
        }

        // Another request may refresh the claims while their stamp is checked: then look again.
        for (var attempt = 0; attempt < 10; attempt++)
        {
            if (await JudgeAsync() is { } result)
            {
                return result;
            }
        }

        throw new InvalidOperationException("The store contradicts itself: a session is neither outdated nor changed.");
    }

    /// <summary>Judges the token; null if the session has changed while its security stamp was checked.</summary>
    private async Task<AuthenticateResult?> JudgeAsync()
    {
        // A use of the session counts, as activity or as a move, only when nothing else stands against the token.
        var validation = await ValidateAsync();
        if (!validation.IsActive)
        {
            return Refused(validation);
        }

        var session = validation.Session;
        if (session.Payload.IsEmpty)
        {
            return Refused(new SessionValidation(SessionStatus.Unknown, null)); // no sign-in of a token scheme created it
        }

        var (principal, properties, scheme, tokenFault) = TicketPayload.Read(session.Payload.Span, TokenProtector);
        if (!string.Equals(scheme, KeptScheme, StringComparison.Ordinal))
        {
            Log.OtherScheme(Logger, session.Id, scheme ?? HanzoSessionTokenDefaults.AuthenticationScheme, Scheme.Name);
            return Refused(new SessionValidation(SessionStatus.Unknown, null));
        }

        if (Options.SecurityStampCheck is { } stampCheck && IsStampDue(session)
            && !await stampCheck.IsCurrentAsync(Context, principal))
        {
            await sessions.EndOutdatedAsync(session, _token.Text, Context.RequestAborted);
            return await ValidateAsync() is { IsActive: false } ended ? Refused(ended) : null;
        }

        if (await sessions.RecordUseAsync(
            session, RequestPlace.Of(Context), PassiveRequestMetadata.IsPassive(Context), Context.RequestAborted) is not { } active)
        {
            return Refused(await ValidateAsync());
        }

        if (!ReferenceEquals(active, session))
        {
            // Not the payload that is stored now: a refresh replaces the claims that this request has read.
            session = active with { Payload = session.Payload };
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

    private ValueTask<SessionValidation> ValidateAsync() =>
        sessions.ValidateAsync(_token.Text, passive: true, Context.RequestAborted);

    private AuthenticateResult Refused(SessionValidation validation)
    {
        Presented = Seen(validation, null);
        return NotAccepted;
    }

    private PresentedSession Seen(SessionValidation validation, ClaimsPrincipal? principal)
    {
        // Not the handler: what is kept here outlives the request in a SignalR connection.
        var (name, cookie) = (_cookieName, Cookie(expires: null));
        return new(
            Scheme.Name,
            validation,
            principal,
            _token.IsBearer,
            http => http.Response.Cookies.Delete(name, cookie),
            SessionToken.TryParse(_token.Text, out var token) ? token : null);
    }

    /// <summary>
    /// Whether an interval, counted from the session's creation, ended between its last activity and now. This needs no
    /// state, and every server that shares the store gets the same answer.
    /// </summary>
    private bool IsStampDue(Session session)
    {
        var interval = Options.SecurityStampInterval.Ticks;
        return interval == 0
            || (TimeProvider.GetUtcNow() - session.CreatedAt).Ticks / interval
                > (session.LastActiveAt - session.CreatedAt).Ticks / interval;
    }
}
