using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>The session of a request.</summary>
public static class SessionHttpContextExtensions
{
    /// <summary>The active session that the request proved, or that a sign-in during this request made; null when there is none.</summary>
    /// <param name="context">The request.</param>
    public static Session? GetCurrentSession(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<PresentedSession>()?.Validation is { IsActive: true } validation ? validation.Session : null;
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
        if (context.Features.Get<PresentedSession>() is not { Validation.IsActive: false } presented)
        {
            return new(result: null);
        }

        if (!presented.IsBearer)
        {
            presented.Handler.ClearCookie();
        }

        return new(presented.Validation.Session?.End);
    }
}
