using Microsoft.Extensions.Logging;
using Npgsql;

namespace Hanzo.Sessions.Postgres;

/// <summary>Creates connections that only the store uses, with settings made for it.</summary>
internal static class OwnedDataSource
{
    private const string MaxAutoPrepare = "Max Auto Prepare";

    /// <param name="connectionString">The connection string.</param>
    /// <param name="loggers">Where the driver logs; null for nowhere.</param>
    /// <param name="look">Looks at every connection when it has been made; null for nothing.</param>
    public static NpgsqlDataSource Create(string connectionString, ILoggerFactory? loggers, Func<NpgsqlConnection, Task>? look = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        var settings = builder.ConnectionStringBuilder;
        RefuseMultiplexing(connectionString, nameof(connectionString));

        // The store never changes the state of a session outside a transaction, so there is nothing to reset.
        Default(settings, "No Reset On Close", true);
        Default(settings, MaxAutoPrepare, 100);
        Default(settings, "Auto Prepare Min Usages", 2);
        Default(settings, "Application Name", "Hanzo.Sessions");

        // The detail of a server's error quotes rows, and with them token hashes.
        settings.IncludeErrorDetail = false;
        settings.Enlist = false;

        // The store uses built-in types only. The query that loads all others would run under the timeouts of the role.
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        if (loggers is not null)
        {
            builder.UseLoggerFactory(loggers);
        }

        if (look is not null)
        {
            builder.UsePhysicalConnectionInitializer(
                static _ => throw new NotSupportedException("The store opens no connection synchronously."), look);
        }

        return settings.Host?.Contains(',', StringComparison.Ordinal) == true ? builder.BuildMultiHost() : builder.Build();
    }

    /// <summary>Whether a connection string tells the driver itself to prepare statements.</summary>
    public static bool ChoosesToPrepare(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        return IsSet(settings, MaxAutoPrepare) && settings.MaxAutoPrepare > 0;
    }

    /// <summary>Several callers share a multiplexed connection; the store's transactions need one of their own.</summary>
    public static void RefuseMultiplexing(string connectionString, string parameter)
    {
        if (new NpgsqlConnectionStringBuilder(connectionString).Multiplexing)
        {
            throw new ArgumentException("The PostgreSQL session store does not work with Multiplexing=true. Remove it.", parameter);
        }
    }

    private static void Default(NpgsqlConnectionStringBuilder settings, string name, object value)
    {
        if (!IsSet(settings, name))
        {
            settings[name] = value;
        }
    }

    // ContainsKey says whether a setting exists at all; Keys are those that the caller has set.
    private static bool IsSet(NpgsqlConnectionStringBuilder settings, string name) => settings.Keys.Contains(name, StringComparer.Ordinal);
}
