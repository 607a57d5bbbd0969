using Hanzo.Sessions;
using Hanzo.Sessions.GeoIp;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the locator that reads a MaxMind database.</summary>
public static class HanzoSessionsGeoIpExtensions
{
    /// <summary>Shows where addresses are, such as "Madrid, Spain", from a database file in MaxMind's format.</summary>
    /// <param name="builder">The builder that <c>AddHanzoSessions</c> returned.</param>
    /// <param name="databasePath">The file, for example <c>GeoLite2-City.mmdb</c>: see <see cref="GeoIpOptions.DatabasePath"/>.</param>
    public static HanzoSessionsBuilder UseGeoIp(this HanzoSessionsBuilder builder, string databasePath)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(databasePath);
        return builder.UseGeoIp(options => options.DatabasePath = databasePath);
    }

    /// <summary>Does the same as the other overload, with <see cref="GeoIpOptions"/>.</summary>
    /// <param name="builder">The builder that <c>AddHanzoSessions</c> returned.</param>
    /// <param name="configure">Changes the settings; null keeps the configured ones.</param>
    public static HanzoSessionsBuilder UseGeoIp(this HanzoSessionsBuilder builder, Action<GeoIpOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var options = services.AddOptions<GeoIpOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GeoIpOptions>, GeoIpOptionsValidator>());
        services.TryAddSingleton<GeoIpDatabase>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISessionLocator, GeoIpLocator>());
        services.AddHostedService<GeoIpStart>();
        return builder;
    }
}
