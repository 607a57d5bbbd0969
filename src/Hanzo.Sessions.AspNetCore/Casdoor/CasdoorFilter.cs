using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Runs before every compatible verb, and turns errors into the envelope that its clients read.</summary>
internal sealed class CasdoorFilter(RequestCallers callers) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        try
        {
            var admission = callers.AdmitClient(http, fromQueryToo: true) ?? await callers.AdmitAdministratorAsync(http);
            if (admission is { Account: null, Administrator: null })
            {
                return CasdoorResult.Error(admission.Refusal ?? CasdoorException.Unauthorized().Message);
            }

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
