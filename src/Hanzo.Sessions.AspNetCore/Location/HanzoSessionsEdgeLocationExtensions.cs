using Hanzo.Sessions;
using Hanzo.Sessions.AspNetCore;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the locator that reads the location headers of a content delivery network.</summary>
public static class HanzoSessionsEdgeLocationExtensions
{
    /// <summary>
    /// Shows where addresses are, such as "Madrid, Spain", as the headers of a content delivery network said. They are believed
    /// only from the proxies that the settings name, and say something about the address of their own request alone: this
    /// server remembers, in memory, the last 10,000 networks (/24, of IPv6 /48) from which sessions were used.
    /// </summary>
    /// <param name="builder">The builder that <c>AddHanzoSessions</c> returned.</param>
    /// <param name="configure">Names the proxies, and the headers if they are not Cloudflare's.</param>
    public static HanzoSessionsBuilder UseEdgeLocation(this HanzoSessionsBuilder builder, Action<EdgeLocationOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var services = builder.Services;
        services.AddOptions<EdgeLocationOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EdgeLocationOptions>, EdgeLocationOptionsValidator>());
        services.TryAddSingleton<EdgeLocator>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISessionLocator, EdgeLocator>(provider => provider.GetRequiredService<EdgeLocator>()));
        if (!services.Any(service => service.ImplementationType == typeof(EdgeLocationStartup)))
        {
            // First of all: the framework's own filter for ASPNETCORE_FORWARDEDHEADERS_ENABLED is there already.
            services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, EdgeLocationStartup>());
        }

        return builder;
    }
}
