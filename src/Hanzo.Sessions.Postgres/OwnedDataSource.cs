using Microsoft.Extensions.Logging;
using Npgsql;

namespace Hanzo.Sessions.Postgres;

/// <summary>Connections that only the store uses, and that can therefore be set for it.</summary>
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

        // A detail of the server's error quotes rows, and with them token hashes.
        settings.IncludeErrorDetail = false;
        settings.Enlist = false;
        if (loggers is not null)
        {
            builder.UseLoggerFactory(loggers);
        }

        return settings.Host?.Contains(',', StringComparison.Ordinal) == true ? builder.BuildMultiHost() : builder.Build();
    }

    /// <summary>A multiplexed connection is shared by commands of several callers; the store's transactions need one of their own.</summary>
    public static void RefuseMultiplexing(string connectionString, string parameter)
    {
        if (new NpgsqlConnectionStringBuilder(connectionString).Multiplexing)
        {
            throw new ArgumentException("The PostgreSQL session store does not work with Multiplexing=true.", parameter);
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
