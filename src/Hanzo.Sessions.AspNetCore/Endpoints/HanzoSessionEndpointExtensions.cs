using Hanzo.Sessions.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the HTTP API of the library.</summary>
public static class HanzoSessionEndpointExtensions
{
    /// <summary>
    /// Maps <c>/api/admin/sessions</c> for administrators and <c>/api/account/sessions</c> for the signed-in user.
    /// Until <see cref="HanzoSessionEndpointOptions.AdministratorPolicy"/> is set, every admin route answers 403.
    /// </summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="configure">Says who is an administrator, and more; null for the defaults.</param>
    /// <returns>The group of all these endpoints, for conventions of the host.</returns>
    /// <exception cref="InvalidOperationException">A setting is wrong.</exception>
    public static IEndpointConventionBuilder MapHanzoSessions(
        this IEndpointRouteBuilder endpoints, Action<HanzoSessionEndpointOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var options = new HanzoSessionEndpointOptions();
        configure?.Invoke(options);
        options.Check();

        var isDevelopment = endpoints.ServiceProvider.GetRequiredService<IHostEnvironment>().IsDevelopment();
        var guard = new SameOriginGuard(options.AllowedOrigins, allowOwnLoopback: isDevelopment);
        var all = endpoints.MapGroup(string.Empty);
        AdminSessionEndpoints.Map(all.MapGroup(string.Empty)
            .AddEndpointFilter(new SessionAccessFilter(options, guard, forAdministrators: true)));
        AccountSessionEndpoints.Map(all.MapGroup(string.Empty)
            .AddEndpointFilter(new SessionAccessFilter(options, guard, forAdministrators: false)));
        return all;
    }

    /// <summary>Requests of these endpoints are no activity of the user: a page that refreshes itself does not keep a session alive.</summary>
    /// <typeparam name="TBuilder">The kind of endpoints.</typeparam>
    /// <param name="builder">The endpoints.</param>
    public static TBuilder AsPassive<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new PassiveRequestMetadata());
}
