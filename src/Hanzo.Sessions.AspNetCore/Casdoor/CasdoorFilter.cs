using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Runs before every compatible verb, and turns errors into the envelope that its clients read.</summary>
/// <param name="callers">Finds out who calls.</param>
/// <param name="forSignOut">Whether the verb is about the current session, and does nothing where there is none.</param>
internal sealed class CasdoorFilter(RequestCallers callers, bool forSignOut = false) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        try
        {
            var client = callers.AdmitClient(http, fromQueryToo: true);
            var admission = client ?? (forSignOut ? callers.AdmitUser(http) : await callers.AdmitAdministratorAsync(http));
            var isAnonymous = forSignOut && client is null && admission.Refusal is null;
            if (admission is { Account: null, Administrator: null } && !isAnonymous)
            {
                return CasdoorResult.Error(admission.Refusal ?? CasdoorException.Unauthorized().Message);
            }

            ParameterException.ThrowIfRepeated(http.Request.Query);

            http.Features.Set(admission);
            return await next(context);
        }
        catch (Exception fault) when (fault is CasdoorException or ParameterException or CurrentSessionException)
        {
            return CasdoorResult.Error(fault.Message);
        }
        catch (Exception fault) when (!http.RequestAborted.IsCancellationRequested)
        {
            Log.StoreFailed(http.RequestServices.GetRequiredService<ILogger<CasdoorFilter>>(), fault);
            return Problems.StoreFailed();
        }
    }
}
