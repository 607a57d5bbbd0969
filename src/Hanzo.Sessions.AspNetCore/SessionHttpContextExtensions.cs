using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>The session of a request.</summary>
public static class SessionHttpContextExtensions
{
    /// <summary>
    /// The active session that the request proved, or that a sign-in during this request made; null when there is none. Of
    /// several, where there are several schemes, that of <see cref="HttpContext.User"/>.
    /// </summary>
    /// <param name="context">The request.</param>
    public static Session? GetCurrentSession(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return PresentedSession.Of(context)?.Validation is { IsActive: true } validation ? validation.Session : null;
    }

    /// <summary>
    /// For the sign-in page: why the session that the browser still holds has ended, and the browser is told to
    /// forget it. Nobody else learns this: only the holder of the ended session's token does.
    /// </summary>
    /// <param name="context">The request for the sign-in page.</param>
    /// <returns>Null when the request presented no token, one that is active, or one that nothing is known of.</returns>
    public static ValueTask<SessionEnd?> ExplainEndedSessionAsync(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (PresentedSession.Of(context) is not { Validation.IsActive: false } presented)
        {
            return new(result: null);
        }

        if (!presented.IsBearer)
        {
            presented.ClearCookie();
        }

        return new(presented.Validation.Session?.End);
    }

    /// <summary>
    /// Signs a program or a phone in: the token goes into the answer's body, to be sent back as
    /// <c>Authorization: Bearer</c>, and no cookie is set.
    /// </summary>
    /// <param name="context">The request, after the password was checked.</param>
    /// <param name="principal">Who has signed in.</param>
    /// <param name="properties">The application, an earlier end, persistence; null for none of these.</param>
    /// <exception cref="SessionLimitExceededException">The user has as many sessions as the limit allows.</exception>
    public static async Task<IssuedSession> IssueSessionTokenAsync(
        this HttpContext context, ClaimsPrincipal principal, AuthenticationProperties? properties = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(principal);
        var handler = await HandlerAsync(context).ConfigureAwait(false);
        return await handler.IssueAsync(principal, properties ?? new AuthenticationProperties()).ConfigureAwait(false);
    }

    /// <summary>
    /// To be called when the signed-in user has changed the password: ends the user's other sessions, and gives this
    /// one a new token. With ASP.NET Core Identity call <c>RefreshSignInAsync</c> first, so that this session knows
    /// the new security stamp.
    /// </summary>
    /// <param name="context">The request in which the password was changed.</param>
    /// <param name="principal">The claims that the session has from now on; null keeps those it has.</param>
    /// <returns>The sessions that ended.</returns>
    /// <exception cref="InvalidOperationException">The request has no session.</exception>
    public static async Task<IReadOnlyList<EndedSession>> PasswordChangedAsync(
        this HttpContext context, ClaimsPrincipal? principal = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        var handler = await HandlerAsync(context).ConfigureAwait(false);
        return await handler.PasswordChangedAsync(principal).ConfigureAwait(false);
    }

    private static async Task<HanzoSessionTokenHandler> HandlerAsync(HttpContext context)
    {
        var schemes = await context.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>()
            .GetRequestHandlerSchemesAsync().ConfigureAwait(false);
        var ours = schemes.Where(scheme => scheme.HandlerType == typeof(HanzoSessionTokenHandler)).ToList();
        return ours.Count == 1
            ? (HanzoSessionTokenHandler)(await context.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>()
                .GetHandlerAsync(context, ours[0].Name).ConfigureAwait(false))!
            : throw new InvalidOperationException(
                $"There must be exactly one scheme from AddHanzoSessionToken, and there are {ours.Count}.");
    }
}
