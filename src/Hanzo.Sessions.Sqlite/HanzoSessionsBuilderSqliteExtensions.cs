using Hanzo.Sessions;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Chooses SQLite as the store.</summary>
public static class HanzoSessionsBuilderSqliteExtensions
{
    /// <summary>
    /// Keeps sessions in one SQLite file: they survive a restart, and no server is needed. For one process; where
    /// several servers must see the same sessions, use PostgreSQL.
    /// </summary>
    /// <param name="builder">The builder from <c>AddHanzoSessions</c>.</param>
    /// <param name="connectionString">Where the file is, for example <c>Data Source=sessions.db</c>.</param>
    /// <param name="configure">Changes settings; null for the defaults.</param>
    public static HanzoSessionsBuilder UseSqlite(
        this HanzoSessionsBuilder builder, string connectionString, Action<SqliteSessionStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.Services.AddOptions<SqliteSessionStoreOptions>()
            .Configure(it => it.ConnectionString = connectionString)
            .ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<SqliteSessionStoreOptions>, SqliteSessionStoreOptionsValidator>());
        return builder.UseStore<SqliteSessionStore>();
    }
}
