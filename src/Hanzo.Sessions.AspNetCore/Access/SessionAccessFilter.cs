using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Stands before every REST endpoint: who is not signed in or may not do it does not get further.</summary>
internal sealed class SessionAccessFilter(RequestCallers callers, bool forAdministrators) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        http.Response.Headers.CacheControl = "no-store";
        var (caller, refusal) = await callers.FindAsync(http, credentialInQueryToo: false, forAdministrators).ConfigureAwait(false);
        if (caller is null)
        {
            return refusal is null ? Problems.NotSignedIn() : Problems.Forbidden(refusal);
        }

        if (forAdministrators)
        {
            (var scope, refusal) = await callers.AdministratorScopeAsync(http, caller).ConfigureAwait(false);
            if (scope is null)
            {
                return Problems.Forbidden(refusal!);
            }

            caller = caller with { Scope = scope };
        }
        else if (caller.User is null)
        {
            return Problems.Forbidden("A client has no sessions of its own.");
        }

        http.Features.Set(caller);
        try
        {
            return await next(context).ConfigureAwait(false);
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
