using Hanzo.Sessions;
using Hanzo.Sessions.Sqlite;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the SQLite store.</summary>
public static class HanzoSessionsSqliteExtensions
{
    /// <summary>
    /// Keeps sessions in one SQLite file: they survive a restart, and no server is needed. For one process; where
    /// several servers must see the same sessions, use PostgreSQL.
    /// </summary>
    /// <param name="builder">What <c>AddHanzoSessions</c> returned.</param>
    /// <param name="connectionString">
    /// Where the file is, for example <c>Data Source=sessions.db</c>: a plain path, relative to the current folder or
    /// absolute, on a local disk. The folder must exist; the file is created, for its owner only.
    /// </param>
    /// <param name="configure">Changes settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">The connection string does not name a file that can be written.</exception>
    public static HanzoSessionsBuilder UseSqlite(
        this HanzoSessionsBuilder builder, string connectionString, Action<SqliteSessionStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ConnectionStringRules.Check(connectionString);
        var options = builder.Services.AddOptions<SqliteSessionStoreOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<SqliteSessionStoreOptions>, SqliteSessionStoreOptionsValidator>());
        return builder.UseStore(services => new SqliteSessionStore(
            connectionString, services.GetRequiredService<IOptions<SqliteSessionStoreOptions>>().Value));
    }
}
