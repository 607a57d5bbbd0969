using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>
/// The events of a protected cookie. Whether a session is active is asked before the host's own validation; a session
/// is created after the host's own events have made the principal what it is to be.
/// </summary>
internal sealed class ProtectedCookieEvents(
    CookieAuthenticationEvents hostEvents, Type? hostEventsType, ProtectedCookieOptions settings, ProtectedCookieSessions sessions)
    : CookieAuthenticationEvents
{
    public override async Task SigningIn(CookieSigningInContext context)
    {
        await Host(context.HttpContext).SigningIn(context).ConfigureAwait(false);
        await sessions.SignInAsync(context, settings).ConfigureAwait(false);
    }

    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        await sessions.ValidateAsync(context, settings).ConfigureAwait(false);
        if (context.Principal is not null)
        {
            await Host(context.HttpContext).ValidatePrincipal(context).ConfigureAwait(false);
            ProtectedCookieSessions.Agree(context);
        }
    }

    public override async Task SigningOut(CookieSigningOutContext context)
    {
        await sessions.SignOutAsync(context).ConfigureAwait(false);
        await Host(context.HttpContext).SigningOut(context).ConfigureAwait(false);
    }

    public override Task SignedIn(CookieSignedInContext context)
    {
        ProtectedCookieSessions.DropCookieOfLostRotation(context);
        return Host(context.HttpContext).SignedIn(context);
    }

    public override async Task CheckSlidingExpiration(CookieSlidingExpirationContext context)
    {
        await Host(context.HttpContext).CheckSlidingExpiration(context).ConfigureAwait(false);
        await sessions.CheckRenewalAsync(context).ConfigureAwait(false);
    }

    public override Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context) =>
        Host(context.HttpContext).RedirectToLogin(context);

    public override Task RedirectToLogout(RedirectContext<CookieAuthenticationOptions> context) =>
        Host(context.HttpContext).RedirectToLogout(context);

    public override Task RedirectToAccessDenied(RedirectContext<CookieAuthenticationOptions> context) =>
        Host(context.HttpContext).RedirectToAccessDenied(context);

    public override Task RedirectToReturnUrl(RedirectContext<CookieAuthenticationOptions> context) =>
        Host(context.HttpContext).RedirectToReturnUrl(context);

    private CookieAuthenticationEvents Host(HttpContext http) => hostEventsType is null
        ? hostEvents
        : (CookieAuthenticationEvents)http.RequestServices.GetRequiredService(hostEventsType);
}
