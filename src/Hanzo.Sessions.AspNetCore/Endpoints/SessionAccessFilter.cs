using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>
/// Stands before every endpoint: who is not signed in, may not do it or was sent by another site does not get
/// further; what goes wrong behind it becomes a problem that says so. It checks by itself and not through
/// authorization metadata, which an <c>AllowAnonymous()</c> on the group would switch off.
/// </summary>
internal sealed class SessionAccessFilter(HanzoSessionEndpointOptions options, SameOriginGuard guard, bool forAdministrators)
    : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        http.Response.Headers.CacheControl = "no-store";
        if (http.Features.Get<PresentedSession>() is not { Validation: { IsActive: true, Session: { } session }, Principal: { } principal } presented)
        {
            return Problems.NotSignedIn();
        }

        if (!presented.IsBearer && guard.Refusal(http.Request) is { } refusal)
        {
            return Problems.Forbidden(refusal);
        }

        var scope = SessionScope.Of(session.User.Organization);
        if (forAdministrators)
        {
            if (options.AdministratorPolicy is not { } policy)
            {
                return Problems.Forbidden("Nobody is an administrator here: this app names no authorization policy for it.");
            }

            var authorization = http.RequestServices.GetRequiredService<IAuthorizationService>();
            if (!(await authorization.AuthorizeAsync(principal, http, policy).ConfigureAwait(false)).Succeeded)
            {
                return Problems.Forbidden("You are not an administrator.");
            }

            scope = options.AdministratorScope(principal, session.User);
        }

        http.Features.Set(new RequestCaller(session, scope));
        return await AnswerAsync(context, next).ConfigureAwait(false);
    }

    private static async ValueTask<object?> AnswerAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        try
        {
            return await next(context).ConfigureAwait(false);
        }
        catch (ParameterException fault)
        {
            return Problems.BadParameter(fault);
        }
        catch (CurrentSessionException refusal)
        {
            return Problems.Conflict(refusal.Message);
        }
        catch (Exception fault) when (!http.RequestAborted.IsCancellationRequested)
        {
            Log.StoreFailed(http.RequestServices.GetRequiredService<ILogger<SessionAccessFilter>>(), fault);
            return Problems.StoreFailed();
        }
    }
}
