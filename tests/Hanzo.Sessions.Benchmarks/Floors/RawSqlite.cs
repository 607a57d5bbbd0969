using Microsoft.Data.Sqlite;
using static Hanzo.Sessions.Benchmarks.Harness.Outcome;

namespace Hanzo.Sessions.Benchmarks.Floors;

/// <summary>The statements of the store as one writes them by hand, on one connection that is held, prepared.</summary>
internal sealed class RawSqlite : IDisposable
{
    public const string Find =
        """
        SELECT id, organization, user_name, application, ip_address, ip_network, user_agent, authentication_methods,
            created_at, last_active_at, idle_timeout, expires_at, keep_history_until, ended_at, end_reason, ended_by, payload
        FROM sessions WHERE token_hash = $hash
        """;

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _find;
    private readonly SqliteCommand _insert;

    public RawSqlite(SqliteConnection connection)
    {
        _connection = connection;
        _find = Command(Find, "$hash");
        _insert = Command(
            """
            INSERT INTO sessions (id, token_hash, organization, user_name, application, ip_address, ip_network, user_agent,
                authentication_methods, created_at, last_active_at, idle_timeout, expires_at, active_until, payload)
            VALUES ($id, $hash, 'acme', $user, 'shop', '192.0.2.7', '192.0.2.7', $agent, 'pwd', $now, $now, 3600000, $expires, $until, $payload)
            """,
            "$id", "$hash", "$user", "$agent", "$now", "$expires", "$until", "$payload");
    }

    public void FindSession(byte[] hash)
    {
        _find.Parameters[0].Value = hash;
        Read(_find);
    }

    /// <summary>The same on a connection from the driver's pool.</summary>
    public static void FindSession(string file, byte[] hash)
    {
        using var connection = new SqliteConnection($"Data Source={file}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = Find;
        command.Parameters.AddWithValue("$hash", hash);
        Read(command);
    }

    public void Insert(string user)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        _insert.Parameters[0].Value = Guid.CreateVersion7().ToString("N");
        _insert.Parameters[1].Value = SessionToken.New().Hash().ToArray();
        _insert.Parameters[2].Value = user;
        _insert.Parameters[3].Value = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        _insert.Parameters[4].Value = now;
        _insert.Parameters[5].Value = now + 86_400_000;
        _insert.Parameters[6].Value = now + 3_600_000;
        _insert.Parameters[7].Value = new byte[300];
        _insert.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _find.Dispose();
        _insert.Dispose();
        _connection.Dispose();
    }

    private static void Read(SqliteCommand command)
    {
        using var row = command.ExecuteReader();
        Must(row.Read());
        _ = (row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5),
            row.GetString(6), row.GetString(7), row.GetInt64(8), row.GetInt64(9), row.GetInt64(10), row.GetInt64(11),
            row.IsDBNull(12), row.IsDBNull(13), row.GetFieldValue<byte[]>(16));
    }

    private SqliteCommand Command(string sql, params string[] parameters)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Every text is written in this class.
        command.CommandText = sql;
#pragma warning restore CA2100
        Array.ForEach(parameters, name => command.Parameters.Add(new SqliteParameter { ParameterName = name }));
        return command;
    }
}
