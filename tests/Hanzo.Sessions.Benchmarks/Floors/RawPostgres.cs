using Npgsql;
using NpgsqlTypes;
using static Hanzo.Sessions.Benchmarks.Harness.Outcome;

namespace Hanzo.Sessions.Benchmarks.Floors;

/// <summary>The statements of the store as one writes them by hand, on one connection that is held, prepared.</summary>
internal sealed class RawPostgres : IAsyncDisposable
{
    private const string Table = "hanzo_sessions.sessions";

    public const string Find =
        $"""
        SELECT id, organization, user_name, application, ip_address, ip_network, user_agent, authentication_methods,
            created_at, last_active_at, idle_timeout_ms, expires_at, keep_history_until, ended_at, end_reason, ended_by, payload
        FROM {Table} WHERE token_hash = $1
        """;

    private const string Insert =
        $"""
        INSERT INTO {Table} (id, token_hash, organization, user_name, application, ip_address, ip_network, user_agent,
            authentication_methods, created_at, last_active_at, idle_timeout_ms, expires_at, active_until, due_at, payload)
        SELECT $1, $2, $3, $4, $5, $6, $6, $7, 'pwd', $8, $8, 3600000, $9, $10, $10, $11
        """;

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlCommand _find;
    private readonly NpgsqlCommand _touch;
    private readonly NpgsqlCommand _terminate;
    private readonly NpgsqlCommand _insert;
    private readonly NpgsqlBatch _create;

    private RawPostgres(NpgsqlConnection connection)
    {
        _connection = connection;
        _find = Command(Find, NpgsqlDbType.Bytea);
        _touch = Command(
            $"""
            UPDATE {Table} SET last_active_at = $2, active_until = greatest(active_until, $3)
            WHERE id = $1 AND ended_at IS NULL AND active_until > $2 AND last_active_at <= $4
            """,
            NpgsqlDbType.Uuid, NpgsqlDbType.TimestampTz, NpgsqlDbType.TimestampTz, NpgsqlDbType.TimestampTz);
        _terminate = Command(
            $"""
            UPDATE {Table} SET ended_at = $3, active_until = $3, due_at = NULL, end_reason = 2, ended_by = 'service:benchmark', payload = NULL
            WHERE organization = $1 AND user_name = $2 AND ended_at IS NULL AND active_until > $3
            RETURNING id, organization, user_name, application, ended_at, end_reason, ended_by, token_hash
            """,
            NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.TimestampTz);
        _insert = Command(Insert, InsertTypes);
        _create = new NpgsqlBatch(connection);
        Add("BEGIN");
        Add("SELECT pg_advisory_xact_lock($1)", NpgsqlDbType.Bigint);
        Add(
            $"""
            UPDATE {Table} SET ended_at = $2, active_until = $2, due_at = NULL, end_reason = 5, ended_by = 'user:acme/x', payload = NULL
            WHERE token_hash = $1 AND ended_at IS NULL AND active_until > $2
            RETURNING id, token_hash
            """,
            NpgsqlDbType.Bytea, NpgsqlDbType.TimestampTz);
        Add(
            $"""
            SELECT count(*), count(DISTINCT ip_network) FROM {Table}
            WHERE organization = $1 AND user_name = $2 AND ended_at IS NULL AND active_until > $3
            """,
            NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.TimestampTz);
        Add(
            Insert + $" WHERE (SELECT count(*) FROM {Table} WHERE organization = $3 AND user_name = $4 AND ended_at IS NULL AND active_until > $8) < 10",
            InsertTypes);
        Add("COMMIT");
    }

    private static NpgsqlDbType[] InsertTypes =>
    [
        NpgsqlDbType.Uuid, NpgsqlDbType.Bytea, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text,
        NpgsqlDbType.Text, NpgsqlDbType.TimestampTz, NpgsqlDbType.TimestampTz, NpgsqlDbType.TimestampTz, NpgsqlDbType.Bytea,
    ];

    public static async Task<RawPostgres> OpenAsync(NpgsqlDataSource source)
    {
        var raw = new RawPostgres(await source.OpenConnectionAsync());
        await raw._find.PrepareAsync();
        await raw._touch.PrepareAsync();
        await raw._terminate.PrepareAsync();
        await raw._insert.PrepareAsync();
        await raw._create.PrepareAsync();
        return raw;
    }

    public async Task FindAsync(byte[] hash)
    {
        _find.Parameters[0].Value = hash;
        await ReadFoundAsync(_find);
    }

    /// <summary>The same on connections from a pool.</summary>
    public static async Task FindAsync(NpgsqlDataSource source, byte[] hash)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(Find, connection);
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = hash });
        await ReadFoundAsync(command);
    }

    public async Task TouchAsync(Guid id, DateTime at)
    {
        _touch.Parameters[0].Value = id;
        _touch.Parameters[1].Value = at;
        _touch.Parameters[2].Value = at.AddHours(24);
        _touch.Parameters[3].Value = at;
        Must(await _touch.ExecuteNonQueryAsync() == 1);
    }

    public async Task<int> TerminateAsync(string organization, string user, DateTime now)
    {
        _terminate.Parameters[0].Value = organization;
        _terminate.Parameters[1].Value = user;
        _terminate.Parameters[2].Value = now;
        var ended = new List<(Guid, string, string, string, DateTime, short, string, byte[])>();
        await using var rows = await _terminate.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            ended.Add((rows.GetGuid(0), rows.GetString(1), rows.GetString(2), rows.GetString(3), rows.GetDateTime(4), rows.GetInt16(5), rows.GetString(6), rows.GetFieldValue<byte[]>(7)));
        }

        return ended.Count;
    }

    public Task InsertAsync(string user, DateTime now)
    {
        Fill(_insert.Parameters, user, now);
        return _insert.ExecuteNonQueryAsync();
    }

    public async Task CreateAsync(string user, DateTime now, byte[] presented)
    {
        _create.BatchCommands[1].Parameters[0].Value = (long)user.GetHashCode(StringComparison.Ordinal);
        _create.BatchCommands[2].Parameters[0].Value = presented;
        _create.BatchCommands[2].Parameters[1].Value = now;
        _create.BatchCommands[3].Parameters[0].Value = "acme";
        _create.BatchCommands[3].Parameters[1].Value = user;
        _create.BatchCommands[3].Parameters[2].Value = now;
        Fill(_create.BatchCommands[4].Parameters, user, now);
        await using var rows = await _create.ExecuteReaderAsync();
        while (await rows.NextResultAsync())
        {
        }

        Must(_create.BatchCommands[4].RecordsAffected == 1);
    }

    public async ValueTask DisposeAsync()
    {
        await _create.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private static void Fill(NpgsqlParameterCollection parameters, string user, DateTime now)
    {
        parameters[0].Value = Guid.CreateVersion7();
        parameters[1].Value = SessionToken.New().Hash().ToArray();
        parameters[2].Value = "acme";
        parameters[3].Value = user;
        parameters[4].Value = "shop";
        parameters[5].Value = "192.0.2.7";
        parameters[6].Value = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        parameters[7].Value = now;
        parameters[8].Value = now.AddHours(24);
        parameters[9].Value = now.AddHours(1);
        parameters[10].Value = new byte[300];
    }

    private static async Task ReadFoundAsync(NpgsqlCommand command)
    {
        await using var rows = await command.ExecuteReaderAsync();
        Must(await rows.ReadAsync());
        _ = (rows.GetGuid(0), rows.GetString(1), rows.GetString(2), rows.GetString(3), rows.GetString(4), rows.GetString(5),
            rows.GetString(6), rows.GetString(7), rows.GetDateTime(8), rows.GetDateTime(9), rows.GetInt64(10), rows.GetDateTime(11),
            rows.IsDBNull(12), rows.IsDBNull(13), rows.GetFieldValue<byte[]>(16));
    }

    private NpgsqlCommand Command(string sql, params NpgsqlDbType[] types)
    {
        var command = new NpgsqlCommand(sql, _connection);
        Array.ForEach(types, type => command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type }));
        return command;
    }

    private void Add(string sql, params NpgsqlDbType[] types)
    {
        var command = new NpgsqlBatchCommand(sql);
        Array.ForEach(types, type => command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type }));
        _create.BatchCommands.Add(command);
    }
}
