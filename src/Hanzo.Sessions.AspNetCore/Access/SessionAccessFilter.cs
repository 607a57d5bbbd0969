using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Runs before every REST endpoint and stops callers who are not signed in or not allowed.</summary>
internal sealed class SessionAccessFilter(RequestCallers callers, bool forAdministrators) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        http.Response.Headers.CacheControl = "no-store";
        var admission = callers.AdmitClient(http, fromQueryToo: false)
            ?? (forAdministrators ? await callers.AdmitAdministratorAsync(http) : callers.AdmitUser(http));
        if (CallerSessionHeader.IsOfAnother(http.Request, admission))
        {
            return Problems.AnotherCaller(CallerSessionHeader.Name);
        }

        if (forAdministrators ? admission.Administrator is null : admission.Account is null)
        {
            return admission.Problem;
        }

        http.Features.Set(admission.Administrator);
        http.Features.Set(admission.Account);
        try
        {
            ParameterException.ThrowIfRepeated(http.Request.Query);
            return await next(context);
        }
        catch (ParameterException fault)
        {
            return Problems.BadParameter(fault);
        }
        catch (CurrentSessionException fault)
        {
            return Problems.Conflict(fault.Message);
        }
        catch (Exception fault) when (!http.RequestAborted.IsCancellationRequested)
        {
            Log.StoreFailed(http.RequestServices.GetRequiredService<ILogger<SessionAccessFilter>>(), fault);
            return Problems.StoreFailed();
        }
    }
}
