using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>A failing store says nothing about a session: the answer is 503, and no cookie changes.</summary>
internal static class StoreFailure
{
    /// <summary>Runs <paramref name="ask"/>. If it fails before the response has started, answers 503 and returns true.</summary>
    public static async Task<bool> IsAnsweredAsync(HttpContext http, ILogger logger, Func<Task> ask)
    {
        try
        {
            await ask();
            return false;
        }
        catch (Exception fault) when (!http.RequestAborted.IsCancellationRequested && !http.Response.HasStarted)
        {
            if (fault is not SessionClockException)
            {
                Log.StoreFailed(logger, fault); // The manager logs clocks that differ, once a minute.
            }

            await Problems.StoreFailed().ExecuteAsync(http);
            return true;
        }
    }
}
