using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>A failing store is never an answer about a session: it is 503, and no cookie is touched.</summary>
internal static class StoreFailure
{
    /// <summary>Runs what asks the store; when that fails before an answer has begun, answers the request and returns true.</summary>
    public static async Task<bool> IsAnsweredAsync(HttpContext http, ILogger logger, Func<Task> ask)
    {
        try
        {
            await ask().ConfigureAwait(false);
            return false;
        }
        catch (Exception fault) when (!http.RequestAborted.IsCancellationRequested && !http.Response.HasStarted)
        {
            Log.StoreFailed(logger, fault);
            await Problems.StoreFailed().ExecuteAsync(http).ConfigureAwait(false);
            return true;
        }
    }
}
