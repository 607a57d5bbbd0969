using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Stands before every compatible verb, and turns what goes wrong into the envelope that its clients read.</summary>
internal sealed class CasdoorFilter(RequestCallers callers) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var (caller, refusal) = await callers.FindAsync(http, credentialInQueryToo: true, forAdministrators: true).ConfigureAwait(false);
        if (caller is null)
        {
            return CasdoorResult.Error(refusal ?? CasdoorException.Unauthorized().Message);
        }

        http.Features.Set(caller);
        try
        {
            return await next(context).ConfigureAwait(false);
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
