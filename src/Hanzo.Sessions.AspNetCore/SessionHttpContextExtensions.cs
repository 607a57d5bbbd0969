using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>The session of a request.</summary>
public static class SessionHttpContextExtensions
{
    /// <summary>The active session that the request presented, or that a sign-in during this request created; null if there is none.</summary>
    /// <remarks>If several schemes have one, the session of <see cref="HttpContext.User"/>.</remarks>
    /// <param name="context">The request.</param>
    public static Session? GetCurrentSession(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return PresentedSession.Of(context)?.Validation is { IsActive: true } validation ? validation.Session : null;
    }

    /// <summary>
    /// For the sign-in page: says why the session of this browser ended, once, and clears its cookie. Only the holder of the
    /// ended session's token learns this.
    /// </summary>
    /// <param name="context">The request for the sign-in page.</param>
    /// <returns>Null if the request presented no token, the token of an active session, or an unknown one.</returns>
    public static SessionEnd? TakeEndedSession(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (PresentedSession.Of(context) is not { Validation: { IsActive: false, Session.End: { } end } } presented)
        {
            return null;
        }

        // A token that this store does not know may be that of another app: ports do not separate cookies.
        if (!presented.IsBearer && !context.Response.HasStarted)
        {
            presented.ClearCookie(context);
        }

        return end;
    }

    /// <summary>
    /// Signs in a program or a phone: the token goes into the response body, to be sent back as
    /// <c>Authorization: Bearer</c>, and no cookie is set.
    /// </summary>
    /// <param name="context">The request, after the password was checked.</param>
    /// <param name="principal">The user who signs in.</param>
    /// <param name="properties">The application, an earlier end, persistence; null for none of these.</param>
    /// <exception cref="SessionLimitExceededException">The user has as many sessions as the limit allows.</exception>
    public static async Task<IssuedSession> IssueSessionTokenAsync(
        this HttpContext context, ClaimsPrincipal principal, AuthenticationProperties? properties = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(principal);
        var handler = await HandlerAsync(context);
        return await handler.IssueAsync(principal, properties ?? new AuthenticationProperties());
    }

    /// <summary>
    /// Call this after the signed-in user changed the password: it ends the user's other sessions and gives this one a new
    /// token. With ASP.NET Core Identity, call <c>RefreshSignInAsync</c> first, so that this session has the new security
    /// stamp.
    /// </summary>
    /// <param name="context">The request that changed the password.</param>
    /// <param name="principal">The new claims of the session; null keeps its claims.</param>
    /// <returns>The sessions that ended.</returns>
    /// <exception cref="InvalidOperationException">The request has no session.</exception>
    public static async Task<IReadOnlyList<EndedSession>> RenewSessionAsync(this HttpContext context, ClaimsPrincipal? principal = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        var handler = await HandlerAsync(context);
        return await handler.RenewAsync(principal);
    }

    private static async Task<HanzoSessionTokenHandler> HandlerAsync(HttpContext context)
    {
        var schemes = await context.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>()
            .GetRequestHandlerSchemesAsync();
        var ours = schemes.Where(scheme => scheme.HandlerType == typeof(HanzoSessionTokenHandler)).ToList();
        return ours.Count == 1
            ? (HanzoSessionTokenHandler)(await context.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>()
                .GetHandlerAsync(context, ours[0].Name))!
            : throw new InvalidOperationException(
                $"There must be exactly one scheme from AddHanzoSessionToken, and there are {ours.Count}.");
    }
}
