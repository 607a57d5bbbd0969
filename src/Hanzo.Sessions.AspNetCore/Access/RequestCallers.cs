using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>The door of all endpoints: finds out who sent a request, and what the caller may do.</summary>
/// <remarks>It asks by itself and not through authorization metadata, which <c>AllowAnonymous()</c> on the endpoints would disable.</remarks>
internal sealed class RequestCallers(HanzoSessionEndpointOptions options, SameOriginGuard guard)
{
    private const string NotAnAdministrator = "You are not an administrator.";

    private static readonly SessionClient Nobody = new("nobody", new string('0', 64), SessionScope.AllOrganizations);

    /// <summary>Admits a client by its credential; null if the request presents none.</summary>
    public Admission? AdmitClient(HttpContext http, bool fromQueryToo)
    {
        // Without configured clients, a credential is meant for another party, such as a proxy in front.
        if (options.Clients.Count == 0 || ClientCredential.Of(http.Request, fromQueryToo) is not { } credential)
        {
            return null;
        }

        // An unknown client takes as long as a wrong secret.
        var client = options.Clients.FirstOrDefault(it => string.Equals(it.ClientId, credential.ClientId, StringComparison.Ordinal));
        if ((client ?? Nobody).HasSecret(credential.Secret) && client is not null)
        {
            return new Admission(
                Administrator: new AdministratorCaller(client.Scope, SessionCaller.Service(client.ClientId), Current: null),
                Refusal: "A client has no sessions of its own.");
        }

        // An unknown client id is not logged: it may be a password in the wrong field.
        Log.ClientRefused(http.RequestServices.GetRequiredService<ILogger<RequestCallers>>(), client?.ClientId ?? "unknown");
        return new Admission();
    }

    /// <summary>Admits the signed-in user.</summary>
    public Admission AdmitUser(HttpContext http) => Admit(http, PresentedSession.Of(http));

    /// <summary>Admits the signed-in user, as an administrator if the user is one.</summary>
    public async ValueTask<Admission> AdmitAdministratorAsync(HttpContext http)
    {
        var policy = await AdministratorPolicyAsync(http);
        var schemes = await SchemesAsync(http, policy);
        var presented = PresentedSession.Of(http, schemes);
        var admission = Admit(http, presented);
        if (admission.Account is not { } account || presented is not { Principal: { } presentedPrincipal })
        {
            return admission;
        }

        if (policy is null)
        {
            return admission with { Refusal = "No user is an administrator here: this app names no authorization policy for it." };
        }

        // Authorization itself does not look at the schemes of a policy: the framework's middleware does.
        if (schemes.Length > 0 && !schemes.Contains(presented.Scheme, StringComparer.Ordinal))
        {
            return admission with { Refusal = NotAnAdministrator };
        }

        // As the host's own endpoints see the caller: with the claims that the host adds on each request.
        var principal = await http.RequestServices.GetRequiredService<IClaimsTransformation>().TransformAsync(presentedPrincipal);
        var answer = await http.RequestServices.GetRequiredService<IAuthorizationService>().AuthorizeAsync(principal, http, policy);
        return answer.Succeeded && options.AdministratorScope(principal, account.User) is { } scope
            ? admission with { Administrator = new(scope, account.Caller, account.Session.Id) }
            : admission with { Refusal = NotAnAdministrator };
    }

    /// <summary>The policy of administrators; null where the host names none.</summary>
    public Task<AuthorizationPolicy?> AdministratorPolicyAsync(HttpContext http) => options.AdministratorPolicy is { } name
        ? http.RequestServices.GetRequiredService<IAuthorizationPolicyProvider>().GetPolicyAsync(name)
        : Task.FromResult<AuthorizationPolicy?>(null);

    private Admission Admit(HttpContext http, PresentedSession? presented)
    {
        if (presented is not { Validation: { IsActive: true, Session: { } session }, Principal: not null })
        {
            return new Admission();
        }

        return presented.IsBearer || guard.Refusal(http.Request) is not { } refusal
            ? new Admission(new AccountCaller(session, SessionCaller.Of(session), presented.Scheme))
            : new Admission(Refusal: refusal);
    }

    /// <summary>The schemes of a policy; for one that forwards to another, as the host may arrange it, that other.</summary>
    private static async ValueTask<string[]> SchemesAsync(HttpContext http, AuthorizationPolicy? policy)
    {
        List<string> schemes = [];
        foreach (var scheme in policy?.AuthenticationSchemes ?? [])
        {
            schemes.Add((await http.AuthenticateAsync(scheme)).Ticket?.AuthenticationScheme ?? scheme);
        }

        return [.. schemes];
    }
}
