using Hanzo.Sessions.Postgres;
using Npgsql;

namespace Hanzo.Sessions.TestServers;

/// <summary>A database of its own on the shared server, and the ways to open a store in it.</summary>
public sealed class PostgresDatabase(string connectionString)
{
    /// <summary>How a superuser reaches it.</summary>
    public string ConnectionString { get; } = connectionString;

    public const string Schema = "hanzo_sessions";

    public static async Task<PostgresDatabase> CreateAsync()
    {
        var server = await PostgresServer.SharedAsync();
        return new PostgresDatabase(await server.CreateDatabaseAsync());
    }

    /// <summary>A store with connections of its own.</summary>
    /// <param name="settings">What to add to the connection string.</param>
    /// <param name="configure">Changes settings of the store.</param>
    /// <param name="clock">Replaces the clock of the server; null for the server's own.</param>
    public PostgresSessionStore Open(
        string settings = "", Action<PostgresSessionStoreOptions>? configure = null, TimeProvider? clock = null) =>
        OpenAs(ConnectionString, settings, configure, clock);

    public static PostgresSessionStore OpenAs(
        string connectionString, string settings = "", Action<PostgresSessionStoreOptions>? configure = null, TimeProvider? clock = null)
    {
        var options = new PostgresSessionStoreOptions();
        configure?.Invoke(options);
        return new PostgresSessionStore($"{connectionString};{settings}", options, clock);
    }

    /// <summary>
    /// A role that may use the store's tables, with a setting as its default. The schema <c>hostile</c> holds a table
    /// of the store's name, a function that does not count and an operator that finds everything unequal.
    /// </summary>
    /// <param name="setting">A setting as <c>name = value</c>; empty for none.</param>
    /// <returns>How the role reaches the database.</returns>
    public async Task<string> CreateRoleAsync(string setting)
    {
        var role = $"role_{Guid.NewGuid():N}";
        await ExecuteAsync(
            $"""
            CREATE SCHEMA hostile;
            CREATE TABLE hostile.sessions (id uuid);
            CREATE FUNCTION hostile.unequal(bytea, bytea) RETURNS boolean LANGUAGE sql AS 'SELECT false';
            CREATE FUNCTION hostile.unequal(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT false';
            CREATE FUNCTION hostile.unequal(uuid, uuid) RETURNS boolean LANGUAGE sql AS 'SELECT false';
            CREATE OPERATOR hostile.= (LEFTARG = bytea, RIGHTARG = bytea, FUNCTION = hostile.unequal);
            CREATE OPERATOR hostile.= (LEFTARG = text, RIGHTARG = text, FUNCTION = hostile.unequal);
            CREATE OPERATOR hostile.= (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = hostile.unequal);
            CREATE FUNCTION hostile.pg_advisory_xact_lock(bigint) RETURNS void LANGUAGE sql AS '';
            CREATE FUNCTION hostile.set_config(text, text, boolean) RETURNS text LANGUAGE sql AS 'SELECT $2';
            CREATE ROLE {role} LOGIN PASSWORD 'secret';
            GRANT USAGE ON SCHEMA hostile TO {role};
            """);
        if (await ExecuteAsync($"SELECT to_regnamespace('{Schema}') IS NOT NULL") is true)
        {
            await ExecuteAsync(
                $"GRANT USAGE ON SCHEMA {Schema} TO {role}; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {Schema} TO {role}");
        }

        if (setting.Length > 0)
        {
            await ExecuteAsync($"ALTER ROLE {role} SET {setting}");
        }

        return new NpgsqlConnectionStringBuilder(ConnectionString) { Username = role, Password = "secret" }.ConnectionString;
    }

    /// <summary>Executes something, and keeps what it has locked until the transaction that comes back is disposed.</summary>
    public async Task<IAsyncDisposable> HoldAsync(string sql)
    {
        var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        await command.ExecuteNonQueryAsync();
        return new Held(connection, transaction);
    }

    public Task<object?> ExecuteAsync(string sql) => PostgresServer.ExecuteAsync(ConnectionString, sql);

    private sealed class Held(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
