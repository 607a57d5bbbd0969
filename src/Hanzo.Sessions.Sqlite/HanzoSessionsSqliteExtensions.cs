using Hanzo.Sessions;
using Hanzo.Sessions.Sqlite;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the SQLite store.</summary>
public static class HanzoSessionsSqliteExtensions
{
    /// <summary>
    /// Keeps sessions in one SQLite file. They survive a restart and need no database server. The file is for one
    /// process; to share sessions between servers, use PostgreSQL.
    /// </summary>
    /// <param name="builder">The builder that <c>AddHanzoSessions</c> returned.</param>
    /// <param name="connectionString">
    /// The file, for example <c>Data Source=sessions.db</c>: a plain path on a local disk, absolute or relative to the
    /// current folder. The folder must exist. The store creates the file with access for its owner only.
    /// </param>
    /// <param name="configure">Changes the settings; null keeps the defaults.</param>
    /// <exception cref="ArgumentException">The connection string does not name a file that the store can write.</exception>
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
