using Hanzo.Sessions.AspNetCore;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the HTTP API and the pages of the library.</summary>
public static class HanzoSessionEndpointExtensions
{
    /// <summary>
    /// Maps <c>/api/admin/sessions</c> for administrators and <c>/api/account/sessions</c> for the signed-in user, and
    /// the pages <c>/admin/sessions</c> and <c>/account/sessions</c>.
    /// Until <see cref="HanzoSessionEndpointOptions.AdministratorPolicy"/> is set, every admin route answers 403.
    /// </summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="configure">Says who is an administrator, and more; null for what is configured already.</param>
    /// <returns>The group of all these endpoints, for conventions of the host.</returns>
    /// <exception cref="InvalidOperationException">A setting is wrong.</exception>
    public static IEndpointConventionBuilder MapHanzoSessions(
        this IEndpointRouteBuilder endpoints, Action<HanzoSessionEndpointOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var (options, callers) = Callers(endpoints, configure);
        var all = endpoints.MapGroup(string.Empty).WithTags("Sessions").WithMetadata(new ProtectedEndpointMetadata());
        AdminSessionEndpoints.Map(all.MapGroup(string.Empty).DisableCookieRedirect()
            .AddEndpointFilter(new SessionAccessFilter(callers, forAdministrators: true)));
        AccountSessionEndpoints.Map(all.MapGroup(string.Empty).DisableCookieRedirect()
            .AddEndpointFilter(new SessionAccessFilter(callers, forAdministrators: false)));
        new SessionPages(options, callers).Map(all);
        return all;
    }

    /// <summary>
    /// Maps the verbs that clients of Hanzo IAM and Casdoor call: <c>/api/get-sessions</c>, <c>get-session</c>,
    /// <c>delete-session</c>, <c>is-session-duplicated</c>, and <c>add-session</c> and <c>update-session</c>, which
    /// are refused. They share the settings of <see cref="MapHanzoSessions"/>.
    /// </summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="configure">Says who is an administrator, and more; null for what is configured already.</param>
    /// <returns>The group of all these endpoints, for conventions of the host.</returns>
    /// <exception cref="InvalidOperationException">A setting is wrong.</exception>
    public static IEndpointConventionBuilder MapCasdoorSessions(
        this IEndpointRouteBuilder endpoints, Action<HanzoSessionEndpointOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var all = endpoints.MapGroup("/api").WithTags("Sessions (Casdoor)").WithMetadata(new ProtectedEndpointMetadata())
            .DisableCookieRedirect();
        CasdoorEndpoints.Map(all, Callers(endpoints, configure).Callers);
        return all;
    }

    /// <summary>
    /// Requests of these endpoints are no activity of the user: a page that refreshes itself does not keep a session alive.
    /// An app that calls <c>UseRouting()</c> calls <c>UseAuthentication()</c> after it: before it nothing is known of endpoints.
    /// </summary>
    /// <typeparam name="TBuilder">The kind of endpoints.</typeparam>
    /// <param name="builder">The endpoints.</param>
    public static TBuilder AsPassive<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new PassiveRequestMetadata());

    private static (HanzoSessionEndpointOptions Options, RequestCallers Callers) Callers(
        IEndpointRouteBuilder endpoints, Action<HanzoSessionEndpointOptions>? configure)
    {
        var options = endpoints.ServiceProvider.GetRequiredService<IOptions<HanzoSessionEndpointOptions>>().Value;
        configure?.Invoke(options);
        options.Check();
        if (options.AdministratorPolicy is { } policy
            && endpoints.ServiceProvider.GetRequiredService<IAuthorizationPolicyProvider>().GetPolicyAsync(policy).GetAwaiter().GetResult() is null)
        {
            throw new InvalidOperationException(
                $"AdministratorPolicy names '{policy}', and there is no such policy. "
                + $"Add it: services.AddAuthorizationBuilder().AddPolicy(\"{policy}\", policy => policy.RequireRole(...)).");
        }

        var isDevelopment = endpoints.ServiceProvider.GetRequiredService<IHostEnvironment>().IsDevelopment();
        return (options, new RequestCallers(options, new SameOriginGuard(options, allowOwnLoopback: isDevelopment)));
    }
}
