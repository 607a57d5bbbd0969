using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>
/// Where an app calls <c>UseExceptionHandler</c>: a rule of the library that said no is answered as such, and not as a fault of
/// the app, also in endpoints that are not the app's own (those of Identity, the way back from a provider).
/// </summary>
internal sealed class SessionExceptionHandler : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var answer = exception switch
        {
            SessionLimitExceededException refusal => Problems.LimitReached(refusal),
            CurrentSessionException refusal => Problems.Conflict(refusal.Message),
            SessionClockException => Problems.StoreFailed(),
            _ => null,
        };
        if (answer is null)
        {
            return false;
        }

        await answer.ExecuteAsync(httpContext);
        return true;
    }
}
