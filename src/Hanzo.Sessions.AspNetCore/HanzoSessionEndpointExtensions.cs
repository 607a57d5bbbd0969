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
    /// Maps <c>/api/admin/sessions</c> for administrators, <c>/api/account/sessions</c> for the signed-in user, and the
    /// pages <c>/admin/sessions</c> and <c>/account/sessions</c>. Every admin route answers 403 until
    /// <see cref="HanzoSessionEndpointOptions.AdministratorPolicy"/> is set.
    /// </summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="configure">Changes settings, such as who is an administrator; null keeps the configured ones.</param>
    /// <returns>The group of these endpoints, for the host's conventions.</returns>
    /// <exception cref="InvalidOperationException">A setting is invalid.</exception>
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
    /// Maps the verbs that clients of Hanzo IAM and Casdoor call: <c>get-sessions</c>, <c>get-session</c>,
    /// <c>delete-session</c>, <c>is-session-duplicated</c>, <c>sso-logout</c>, and <c>add-session</c> and
    /// <c>update-session</c>, which always fail. They answer under each of
    /// <see cref="HanzoSessionEndpointOptions.CasdoorPrefixes"/> and share the settings of <see cref="MapHanzoSessions"/>.
    /// </summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="configure">Changes settings, such as who is an administrator; null keeps the configured ones.</param>
    /// <returns>The group of these endpoints, for the host's conventions.</returns>
    /// <exception cref="InvalidOperationException">A setting is invalid.</exception>
    public static IEndpointConventionBuilder MapCasdoorSessions(
        this IEndpointRouteBuilder endpoints, Action<HanzoSessionEndpointOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var (options, callers) = Callers(endpoints, configure);
        var all = endpoints.MapGroup(string.Empty).WithTags("Sessions (Casdoor)").WithMetadata(new ProtectedEndpointMetadata())
            .DisableCookieRedirect();
        foreach (var prefix in options.CasdoorPrefixes)
        {
            CasdoorEndpoints.Map(all.MapGroup(prefix), callers);
        }

        return all;
    }

    /// <summary>
    /// Requests to these endpoints do not count as activity: a page that refreshes itself does not keep a session alive.
    /// If you call <c>UseRouting()</c> yourself, call <c>UseAuthentication()</c> after it: endpoint metadata is not available
    /// before routing.
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
        List<string> faults = [.. options.Faults(), .. PageFaults.Of(options)];
        if (faults.Count > 0)
        {
            throw new InvalidOperationException(string.Join(' ', faults));
        }

        if (options.AdministratorPolicy is { } policy
            && endpoints.ServiceProvider.GetRequiredService<IAuthorizationPolicyProvider>().GetPolicyAsync(policy).GetAwaiter().GetResult() is null)
        {
            throw new InvalidOperationException(
                $"AdministratorPolicy is '{policy}', and there is no such authorization policy. "
                + $"Add it: services.AddAuthorizationBuilder().AddPolicy(\"{policy}\", policy => policy.RequireRole(...)).");
        }

        var isDevelopment = endpoints.ServiceProvider.GetRequiredService<IHostEnvironment>().IsDevelopment();
        return (options, new RequestCallers(options, new SameOriginGuard(options, allowOwnLoopback: isDevelopment)));
    }
}
