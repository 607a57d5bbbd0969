using Microsoft.Extensions.Logging;
using Npgsql;

namespace Hanzo.Sessions.Postgres;

/// <summary>Creates connections that only the store uses, with settings made for it.</summary>
internal static class OwnedDataSource
{
    public static NpgsqlDataSource Create(string connectionString, ILoggerFactory? loggers)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        var settings = builder.ConnectionStringBuilder;
        RefuseMultiplexing(connectionString, nameof(connectionString));

        // The store never changes the state of a session outside a transaction, so there is nothing to reset.
        Default(settings, "No Reset On Close", true);
        Default(settings, "Max Auto Prepare", 100);
        Default(settings, "Auto Prepare Min Usages", 2);
        Default(settings, "Application Name", "Hanzo.Sessions");

        // The detail of a server's error quotes rows, and with them token hashes.
        settings.IncludeErrorDetail = false;
        settings.Enlist = false;
        if (loggers is not null)
        {
            builder.UseLoggerFactory(loggers);
        }

        return settings.Host?.Contains(',', StringComparison.Ordinal) == true ? builder.BuildMultiHost() : builder.Build();
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
        // ContainsKey says whether a setting exists at all; Keys are those that the caller has set.
        if (!settings.Keys.Contains(name, StringComparer.Ordinal))
        {
            settings[name] = value;
        }
    }
}
