using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>
/// The events of a protected cookie. A session is validated before the host's own validation, and created after the host's
/// own events have completed the principal.
/// </summary>
internal sealed class ProtectedCookieEvents(
    CookieAuthenticationEvents hostEvents, Type? hostEventsType, ProtectedCookieOptions settings, ProtectedCookieSessions sessions)
    : CookieAuthenticationEvents
{
    public override async Task SigningIn(CookieSigningInContext context)
    {
        await Host(context.HttpContext).SigningIn(context);
        await sessions.SignInAsync(context, settings);
    }

    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        await sessions.ValidateAsync(context, settings);
        if (context.Principal is not null)
        {
            await ProtectedCookieSessions.ValidateByHostAsync(context, Host(context.HttpContext).ValidatePrincipal);
        }
    }

    public override async Task SigningOut(CookieSigningOutContext context)
    {
        await sessions.SignOutAsync(context);
        ClearSiteDataHeader.Add(context.Response, settings.ClearSiteData);
        await Host(context.HttpContext).SigningOut(context);
    }

    public override Task SignedIn(CookieSignedInContext context)
    {
        ProtectedCookieSessions.Deliver(context);
        return Host(context.HttpContext).SignedIn(context);
    }

    public override async Task CheckSlidingExpiration(CookieSlidingExpirationContext context)
    {
        await Host(context.HttpContext).CheckSlidingExpiration(context);
        await sessions.CheckRenewalAsync(context);
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
