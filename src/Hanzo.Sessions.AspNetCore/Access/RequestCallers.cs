using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Finds out who sent a request, and whether that is an administrator.</summary>
/// <remarks>
/// It asks by itself and not through authorization metadata, which an <c>AllowAnonymous()</c> on the endpoints would
/// switch off.
/// </remarks>
internal sealed class RequestCallers(HanzoSessionEndpointOptions options, SameOriginGuard guard)
{
    private static readonly SessionClient Nobody = new("nobody", new string('0', 64), SessionScope.AllOrganizations);

    /// <summary>
    /// The caller, a client or a user; else a sentence that says what the caller may not do, or nothing when nobody is
    /// signed in.
    /// </summary>
    public async ValueTask<(RequestCaller? Caller, string? Refusal)> FindAsync(
        HttpContext http, bool credentialInQueryToo, bool forAdministrators)
    {
        // Where there are no clients, a credential is meant for somebody else, such as a proxy in front.
        return options.Clients.Count > 0 && ClientCredential.Of(http.Request, credentialInQueryToo) is { } credential
            ? (Find(http, credential), null)
            : await FindUserAsync(http, forAdministrators).ConfigureAwait(false);
    }

    /// <summary>The same for what only a user may call.</summary>
    public async ValueTask<(RequestCaller? Caller, string? Refusal)> FindUserAsync(HttpContext http, bool forAdministrators)
    {
        var policy = forAdministrators ? await AdministratorPolicyAsync(http).ConfigureAwait(false) : null;
        var presented = PresentedSession.Of(http, await SchemesAsync(http, policy).ConfigureAwait(false));
        if (presented is not { Validation: { IsActive: true, Session: { } session }, Principal: { } principal })
        {
            return (null, null);
        }

        return presented.IsBearer || guard.Refusal(http.Request) is not { } refusal
            ? (RequestCaller.Of(session, principal, presented.Scheme), null)
            : (null, refusal);
    }

    /// <summary>What the caller may see as an administrator; null for nothing, with the reason.</summary>
    public async ValueTask<(SessionScope? Scope, string? Refusal)> AdministratorScopeAsync(HttpContext http, RequestCaller caller)
    {
        if (caller.Scope is { } given)
        {
            return (given, null);
        }

        if (await AdministratorPolicyAsync(http).ConfigureAwait(false) is not { } policy)
        {
            return (null, "Nobody is an administrator here: this app names no authorization policy for it.");
        }

        // Authorization itself does not look at the schemes of a policy: the framework's middleware does.
        var schemes = await SchemesAsync(http, policy).ConfigureAwait(false);
        if (schemes.Length > 0 && !schemes.Contains(caller.Scheme, StringComparer.Ordinal))
        {
            return (null, "You are not an administrator.");
        }

        // As the host's own endpoints see the caller: with the claims that the host adds on each request.
        var principal = await http.RequestServices.GetRequiredService<IClaimsTransformation>()
            .TransformAsync(caller.Principal!).ConfigureAwait(false);
        var authorization = http.RequestServices.GetRequiredService<IAuthorizationService>();
        var answer = await authorization.AuthorizeAsync(principal, http, policy).ConfigureAwait(false);
        return answer.Succeeded
            ? (options.AdministratorScope(principal, caller.User!), null)
            : (null, "You are not an administrator.");
    }

    /// <summary>What makes an administrator; null where nobody is one.</summary>
    public Task<AuthorizationPolicy?> AdministratorPolicyAsync(HttpContext http) => options.AdministratorPolicy is { } name
        ? http.RequestServices.GetRequiredService<IAuthorizationPolicyProvider>().GetPolicyAsync(name)
        : Task.FromResult<AuthorizationPolicy?>(null);

    /// <summary>The schemes of a policy; where one leaves the work to another, as the host may arrange it, that other.</summary>
    private static async ValueTask<string[]> SchemesAsync(HttpContext http, AuthorizationPolicy? policy)
    {
        List<string> schemes = [];
        foreach (var scheme in policy?.AuthenticationSchemes ?? [])
        {
            schemes.Add((await http.AuthenticateAsync(scheme).ConfigureAwait(false)).Ticket?.AuthenticationScheme ?? scheme);
        }

        return [.. schemes];
    }

    private RequestCaller? Find(HttpContext http, ClientCredential credential)
    {
        // An unknown client takes as long as a wrong secret.
        var client = options.Clients.FirstOrDefault(it => string.Equals(it.ClientId, credential.ClientId, StringComparison.Ordinal));
        if ((client ?? Nobody).HasSecret(credential.Secret) && client is not null)
        {
            return RequestCaller.Of(client);
        }

        // What somebody tried as a name is not logged: it may well be a password in the wrong field.
        Log.ClientRefused(http.RequestServices.GetRequiredService<ILogger<RequestCallers>>(), client?.ClientId ?? "unknown");
        return null;
    }
}
