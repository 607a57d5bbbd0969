using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>
/// The sessions behind a cookie of the framework. The session's token is among the properties of the ticket, which the
/// framework encrypts.
/// </summary>
internal sealed class ProtectedCookieSessions(
    SessionManager sessions,
    IOptions<HanzoSessionsOptions> options,
    IOptions<IdentityOptions> identity,
    TimeProvider clock,
    ILogger<ProtectedCookieSessions> logger)
{
    private const string TokenKey = TicketPayload.CookieTokenKey;

    /// <summary>
    /// Creates the session of a sign-in. If the sign-in is a refresh, the session keeps its token, and the new ticket is sent
    /// only while it is active; if the credentials have changed, it gets a new token.
    /// </summary>
    public async Task SignInAsync(CookieSigningInContext context, ProtectedCookieOptions settings)
    {
        var (http, scheme) = (context.HttpContext, context.Scheme.Name);
        SessionDelivery.RequireNotStarted(http);
        var owner = settings.MapUser(context.Principal!, options.Value.DefaultOrganization);
        var own = await OwnAsync(http, context.Scheme);

        // The properties of this very session mean a refresh, not a sign-in.
        var refreshed = own is not null && string.Equals(own.Token, TokenIn(context.Properties), StringComparison.Ordinal) ? own : null;
        if (refreshed is not null && refreshed.Session.User == owner)
        {
            await RefreshAsync(context, refreshed, StampOf(context.Principal, settings));
            return;
        }

        context.Properties.Items.Remove(TokenKey);
        var carried = PresentedSession.TakeCarried(scheme, context.Properties);
        var session = NewSession(context, owner) with { PresentedToken = own?.Token, PresentedTokenHash = carried };
        if (refreshed is not null)
        {
            // Under another name: a session of the new name takes the place of the old one, for the rest of its time.
            var until = refreshed.Session.ExpiresAt;
            session = session with
            {
                AuthenticationMethods = refreshed.Session.AuthenticationMethods,
                ExpiresAt = session.ExpiresAt < until ? session.ExpiresAt : until,
            };
        }
        else if (session.ExpiresAt <= clock.GetUtcNow())
        {
            Log.SignInExpired(logger, session.ExpiresAt);
            await EndOwnAsync(http, scheme, own);
            return;
        }

        Use(context, await sessions.CreateAsync(session, http.RequestAborted), StampOf(context.Principal, settings));
    }

    private async Task RefreshAsync(CookieSigningInContext context, OwnSession own, string? stamp)
    {
        if (string.Equals(own.Stamp, stamp, StringComparison.Ordinal))
        {
            return;
        }

        var renewal = await sessions.RotateOrEndAsync(
            own.Session, own.Token, SessionActor.Of(own.Session.User), cancellationToken: context.HttpContext.RequestAborted);
        if (renewal.Current is { } issued)
        {
            Use(context, issued, stamp);
        }
        else
        {
            context.HttpContext.Items[KeyOf(context.Scheme.Name)] = own with { IsOvertaken = true };
            PresentedSession.Set(context.HttpContext, context.Scheme.Name, null);
        }
    }

    private void Use(CookieSigningInContext context, IssuedSession issued, string? stamp)
    {
        context.Properties.Items[TokenKey] = issued.Token.Reveal();
        SessionDelivery.Begin(context.HttpContext, context.Scheme.Name, sessions, logger, issued);
        Present(context, new SessionValidation(SessionStatus.Active, issued.Session), context.Principal, stamp, isSignedIn: true);
    }

    /// <summary>
    /// Keeps the cookie of a fresh session for a response that is cleared afterward. If another request has given the session a
    /// new token, its response carries the cookie, and this one must not overwrite it.
    /// </summary>
    public static void Deliver(CookieSignedInContext context)
    {
        var (http, scheme, cookieName) = (context.HttpContext, context.Scheme.Name, context.Options.Cookie.Name!);
        if (http.Items[KeyOf(scheme)] is OwnSession { IsOvertaken: true })
        {
            SetCookieHeader.Remove(context.Response, cookieName);
        }

        SessionDelivery.Of(http, scheme)?.KeepCookie(cookieName);
    }

    /// <summary>
    /// Runs the host's own validation, which may reject or replace the principal. A sign-out from there follows from the ticket
    /// that was presented, as with Identity's check of the security stamp: it must not end a session that has a new ticket.
    /// </summary>
    public static async Task ValidateByHostAsync(
        CookieValidatePrincipalContext context, Func<CookieValidatePrincipalContext, Task> validate)
    {
        var (http, scheme) = (context.HttpContext, context.Scheme.Name);
        Mark(isJudged: true);
        await validate(context);
        Mark(isJudged: false);
        if (PresentedSession.OfScheme(http, scheme) is { } presented)
        {
            PresentedSession.Set(http, scheme, context.Principal is null ? null : presented with { Principal = context.Principal });
        }

        void Mark(bool isJudged)
        {
            if (http.Items[KeyOf(scheme)] is OwnSession own)
            {
                http.Items[KeyOf(scheme)] = own with { IsJudged = isJudged };
            }
        }
    }

    /// <summary>
    /// Renews the cookie of an active session only: the framework decides before it validates the principal, and sends the
    /// renewed cookie even if the principal is then rejected. An old cookie is renewed when it is adopted.
    /// </summary>
    public async Task CheckRenewalAsync(CookieSlidingExpirationContext context)
    {
        if (context.ShouldRenew)
        {
            context.ShouldRenew = TokenIn(context.Properties) is { } token
                && (await sessions.ValidateAsync(token, passive: true, context.HttpContext.RequestAborted)).IsActive;
        }
    }

    /// <summary>
    /// Removes a renewed cookie whose session has ended or got another token during this request: a concurrent sign-in has
    /// given the browser a newer one, which this response must not overwrite.
    /// </summary>
    public async Task DropLateRenewalAsync(HttpContext http, string scheme)
    {
        if (http.Items[KeyOf(scheme)] is not OwnSession { IsSignedIn: false } own || !SetCookieHeader.Has(http.Response, own.CookieName))
        {
            return;
        }

        try
        {
            if (!own.IsOvertaken && (await sessions.ValidateAsync(own.Token, passive: true, http.RequestAborted)).IsActive)
            {
                return;
            }
        }
        catch (Exception fault)
        {
            // The response is complete, and the browser's cookie stays valid: the next request renews it.
            if (!http.RequestAborted.IsCancellationRequested)
            {
                Log.StoreFailed(logger, fault);
            }
        }

        SetCookieHeader.Remove(http.Response, own.CookieName);
    }

    /// <summary>Rejects the principal unless its session is active.</summary>
    public async Task ValidateAsync(CookieValidatePrincipalContext context, ProtectedCookieOptions settings)
    {
        var http = context.HttpContext;
        var token = TokenIn(context.Properties);
        var validation = token is null
            ? await AdoptAsync(context, settings)
            : await ValidateAsync(http, token);
        Present(context, validation, validation.IsActive ? context.Principal : null, StampOf(context.Principal, settings));
        if (!validation.IsActive)
        {
            context.RejectPrincipal();
        }
    }

    /// <summary>Ends the session of a sign-out.</summary>
    public async Task SignOutAsync(CookieSigningOutContext context)
    {
        var (http, scheme) = (context.HttpContext, context.Scheme.Name);
        var own = await OwnAsync(http, context.Scheme);
        if (own is { IsJudged: true })
        {
            var isEnded = await sessions.SignOutOfTokenAsync(own.Session, own.Token, http.RequestAborted);
            http.Items[KeyOf(scheme)] = isEnded ? null : own with { IsOvertaken = true };
            PresentedSession.Set(http, scheme, null);
            return;
        }

        await EndOwnAsync(http, scheme, own);
    }

    private async Task EndOwnAsync(HttpContext http, string scheme, OwnSession? own)
    {
        if (own is not null)
        {
            await sessions.SignOutAsync(own.Session, http.RequestAborted);
        }

        SessionDelivery.Cancel(http, scheme);
        http.Items[KeyOf(scheme)] = null;
        PresentedSession.Set(http, scheme, null);
    }

    private async Task<SessionValidation> AdoptAsync(CookieValidatePrincipalContext context, ProtectedCookieOptions settings)
    {
        var http = context.HttpContext;
        if (settings.AdoptUntil is not { } until || clock.GetUtcNow() >= until)
        {
            return new SessionValidation(SessionStatus.Unknown, null);
        }

        var token = SessionToken.Derive(Secret(context.Options.CookieManager.GetRequestCookie(http, context.Options.Cookie.Name!)!));
        var validation = await ValidateAsync(http, token.Reveal());
        if (validation.Status == SessionStatus.Unknown && OwnerOfOld(context, settings) is { } owner)
        {
            await sessions.AdoptAsync(NewSession(context, owner), token, until, http.RequestAborted);
            validation = await ValidateAsync(http, token.Reveal());
        }

        if (validation.IsActive)
        {
            context.Properties.Items[TokenKey] = token.Reveal();
            context.ShouldRenew = true;
        }

        return validation;
    }

    /// <summary>The user of an old cookie; null if its principal maps to no user, who then has to sign in.</summary>
    private SessionUser? OwnerOfOld(CookieValidatePrincipalContext context, ProtectedCookieOptions settings)
    {
        try
        {
            return settings.MapUser(context.Principal!, options.Value.DefaultOrganization);
        }
        catch (Exception fault)
        {
            Log.NotAdopted(logger, fault);
            return null;
        }
    }

    private ValueTask<SessionValidation> ValidateAsync(HttpContext http, string token) =>
        sessions.ValidateAsync(token, RequestPlace.Of(http), PassiveRequestMetadata.IsPassive(http), http.RequestAborted);

    // The decoded bytes, as the framework reads them: several texts can encode the same bytes, and one old cookie must not
    // become several sessions.
    private static byte[] Secret(string cookie)
    {
        try
        {
            return WebEncoders.Base64UrlDecode(cookie);
        }
        catch (FormatException)
        {
            return Encoding.UTF8.GetBytes(cookie);
        }
    }

    private static NewSession NewSession(PrincipalContext<CookieAuthenticationOptions> context, SessionUser owner)
    {
        var session = PrincipalMapping.NewSession(context.HttpContext, context.Principal!, owner, context.Properties);
        return IsEndSliding(context.Options, context.Properties) ? session with { ExpiresAt = null } : session;
    }

    /// <summary>
    /// Whether the framework computed the end of a cookie from <c>ExpireTimeSpan</c> and moves it with every renewal, as
    /// opposed to an end set by the host. Both instants are stored to the second.
    /// </summary>
    private static bool IsEndSliding(CookieAuthenticationOptions cookie, AuthenticationProperties properties) =>
        cookie.SlidingExpiration
        && properties.AllowRefresh != false
        && properties.ExpiresUtc - properties.IssuedUtc is { } life
        && (life - cookie.ExpireTimeSpan).Duration() < TimeSpan.FromSeconds(1);

    private static string? TokenIn(AuthenticationProperties? properties) =>
        properties?.Items.TryGetValue(TokenKey, out var token) == true ? token : null;

    private string? StampOf(ClaimsPrincipal? principal, ProtectedCookieOptions settings) =>
        principal?.FindFirst(settings.SecurityStampClaimType ?? identity.Value.ClaimsIdentity.SecurityStampClaimType)?.Value;

    private static void Present(
        PrincipalContext<CookieAuthenticationOptions> context,
        SessionValidation validation,
        ClaimsPrincipal? principal,
        string? stamp,
        bool isSignedIn = false)
    {
        var (http, cookie) = (context.HttpContext, context.Options);
        http.Items[KeyOf(context.Scheme.Name)] = validation.IsActive
            ? new OwnSession(validation.Session, TokenIn(context.Properties)!, stamp, cookie.Cookie.Name!, isSignedIn)
            : null;
        PresentedSession.Set(http, context.Scheme.Name, new PresentedSession(
            context.Scheme.Name,
            validation,
            principal,
            IsBearer: false,
            it => cookie.CookieManager.DeleteCookie(it, cookie.Cookie.Name!, cookie.Cookie.Build(it)),
            SessionToken.TryParse(TokenIn(context.Properties), out var token) ? token : null));
    }

    /// <summary>The active session of this very cookie; the session of the request may be another scheme's.</summary>
    private static async Task<OwnSession?> OwnAsync(HttpContext http, AuthenticationScheme scheme)
    {
        // The host's own validation may sign in or out while the handler authenticates: authenticating again would deadlock.
        if (!http.Items.ContainsKey(KeyOf(scheme.Name)))
        {
            await http.AuthenticateAsync(scheme.Name);
        }

        return (OwnSession?)http.Items[KeyOf(scheme.Name)];
    }

    private static object KeyOf(string scheme) => (typeof(ProtectedCookieSessions), scheme);

    /// <param name="Session">The session.</param>
    /// <param name="Token">Its token, to the knowledge of this request.</param>
    /// <param name="Stamp">The security stamp of its ticket; null if the ticket has none.</param>
    /// <param name="CookieName">The name of its cookie.</param>
    /// <param name="IsSignedIn">Whether a sign-in in this request set the cookie.</param>
    /// <param name="IsJudged">Whether the host's own validation is running.</param>
    /// <param name="IsOvertaken">Whether another request has given the session a new token, or ended it.</param>
    private sealed record OwnSession(
        Session Session,
        string Token,
        string? Stamp,
        string CookieName,
        bool IsSignedIn,
        bool IsJudged = false,
        bool IsOvertaken = false)
    {
        /// <summary>The session, never the token.</summary>
        public override string ToString() => Session.ToString();
    }
}
