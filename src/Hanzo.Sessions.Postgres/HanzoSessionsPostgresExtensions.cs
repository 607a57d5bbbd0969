using Hanzo.Sessions;
using Hanzo.Sessions.Postgres;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the PostgreSQL store.</summary>
public static class HanzoSessionsPostgresExtensions
{
    /// <summary>Keeps sessions in PostgreSQL, on connections that only the store uses.</summary>
    /// <param name="builder">The builder that <c>AddHanzoSessions</c> returned.</param>
    /// <param name="connectionString">The connection string. If it names several hosts, the store uses the primary.</param>
    /// <param name="configure">Changes the settings; null keeps the defaults.</param>
    public static HanzoSessionsBuilder UsePostgres(
        this HanzoSessionsBuilder builder, string connectionString, Action<PostgresSessionStoreOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        return builder.UsePostgres(
            services => Connections.Own(connectionString, services.GetService<ILoggerFactory>()), configure);
    }

    /// <summary>Keeps sessions in PostgreSQL, on connections of a data source that the caller disposes.</summary>
    /// <param name="builder">The builder that <c>AddHanzoSessions</c> returned.</param>
    /// <param name="dataSource">The source of connections. It must not be multiplexing. If it has several hosts, the store uses the primary.</param>
    /// <param name="configure">Changes the settings; null keeps the defaults.</param>
    public static HanzoSessionsBuilder UsePostgres(
        this HanzoSessionsBuilder builder, NpgsqlDataSource dataSource, Action<PostgresSessionStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        return builder.UsePostgres(_ => PostgresSessionStore.Foreign(dataSource), configure);
    }

    /// <summary>Keeps sessions in PostgreSQL, on connections of the registered <see cref="NpgsqlDataSource"/>.</summary>
    /// <param name="builder">The builder that <c>AddHanzoSessions</c> returned.</param>
    /// <param name="configure">Changes the settings; null keeps the defaults.</param>
    public static HanzoSessionsBuilder UsePostgres(
        this HanzoSessionsBuilder builder, Action<PostgresSessionStoreOptions>? configure = null) =>
        builder.UsePostgres(
            services => PostgresSessionStore.Foreign(services.GetService<NpgsqlDataSource>() ?? throw new InvalidOperationException(
                "UsePostgres() without a connection string needs a registered NpgsqlDataSource. Register one, or pass a connection string.")),
            configure);

    private static HanzoSessionsBuilder UsePostgres(
        this HanzoSessionsBuilder builder, Func<IServiceProvider, Connections> connections, Action<PostgresSessionStoreOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.Services.AddOptions<PostgresSessionStoreOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<PostgresSessionStoreOptions>, PostgresSessionStoreOptionsValidator>());
        return builder.UseStore(services => new PostgresSessionStore(
            connections(services),
            services.GetRequiredService<IOptions<PostgresSessionStoreOptions>>().Value,
            services.GetRequiredService<TimeProvider>(),
            services.GetService<ILoggerFactory>()?.CreateLogger<PostgresSessionStore>()));
    }
}
