using Hanzo.Sessions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the library with a host.</summary>
public static class HanzoSessionsServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="SessionManager"/>, the in-memory store and the background clean-up. When the host starts, it
    /// checks the settings and reports all that are out of range at once.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configure">Changes settings; null keeps the defaults.</param>
    /// <returns>The builder on which to choose a store.</returns>
    public static HanzoSessionsBuilder AddHanzoSessions(
        this IServiceCollection services, Action<HanzoSessionsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<HanzoSessionsOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<HanzoSessionsOptions>, HanzoSessionsOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ISessionStore, InMemorySessionStore>();
        services.TryAddSingleton<SessionManager>();
        services.AddHostedService<SessionHost>();
        services.TryAddSingleton<SessionCleanupService>();
        services.AddHostedService(provider => provider.GetRequiredService<SessionCleanupService>());
        return new HanzoSessionsBuilder(services);
    }

    /// <summary>
    /// Does the same as the other overload, with the settings of a configuration section. A time span is
    /// <c>hours:minutes:seconds</c>, with days before a point (<c>00:30:00</c>, <c>1.00:00:00</c>). When the host starts, it
    /// refuses a number alone and more than 23 hours, which .NET would read as days, and warns of keys that are no setting.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="section">The section, for example <c>configuration.GetSection("HanzoSessions")</c>.</param>
    /// <param name="configure">Changes settings after the section has set them; null changes none.</param>
    /// <returns>The builder on which to choose a store.</returns>
    public static HanzoSessionsBuilder AddHanzoSessions(
        this IServiceCollection services, IConfiguration section, Action<HanzoSessionsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(section);
        var bound = new BoundSection(section);
        services.AddSingleton(bound);
        services.Configure<HanzoSessionsOptions>(_ => bound.Check());
        services.Configure<HanzoSessionsOptions>(section);
        services.Configure<HanzoSessionsOptions>(options =>
        {
            // The generated binder does not change a number if its configuration value is null or empty.
            if (section.GetChildren().Any(it => IsEmpty(it, nameof(options.MaxSessions))))
            {
                options.MaxSessions = null;
            }
        });
        return services.AddHanzoSessions(configure);
    }

    private static bool IsEmpty(IConfigurationSection setting, string name) =>
        string.Equals(setting.Key, name, StringComparison.OrdinalIgnoreCase) && string.IsNullOrEmpty(setting.Value);
}
