using System.Data.Common;
using System.Text;
using Hanzo.Sessions.Postgres;
using Hanzo.Sessions.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Hanzo.Sessions.AspNetCore.Tests.Secrets;

/// <summary>A kind of store, and how to look at everything that it keeps.</summary>
internal sealed class SecretStore
{
    public required Func<IServiceProvider, ISessionStore> Open { get; init; }

    /// <summary>Puts what the store keeps among the evidence: of the hash's own column all but the hash.</summary>
    public required Func<Evidence, Task> DumpAsync { get; init; }

    public static SecretStore Memory() => new()
    {
        Open = services => new InMemorySessionStore(services.GetRequiredService<IOptions<HanzoSessionsOptions>>()),
        DumpAsync = _ => Task.CompletedTask,
    };

    public static SecretStore Sqlite(SqliteFolder folder)
    {
        var file = Path.Combine(folder.Path, $"{Guid.NewGuid():N}.db");
        return new SecretStore
        {
            Open = _ => new SqliteSessionStore($"Data Source={file}"),
            DumpAsync = async evidence =>
            {
                await using var connection = new SqliteConnection($"Data Source={file};Pooling=False;Mode=ReadOnly");
                await DumpTablesAsync(evidence, connection, "SELECT '\"' || name || '\"' FROM sqlite_schema WHERE type IN ('table', 'view')");
                foreach (var part in new[] { file, file + "-wal" }.Where(File.Exists))
                {
                    // As raw bytes the hash is in its column; in no other form, and the token in none.
                    await using var stream = new FileStream(part, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                    using var bytes = new MemoryStream();
                    await stream.CopyToAsync(bytes);
                    evidence.Add("file", Encoding.Latin1.GetString(bytes.ToArray()));
                }
            },
        };
    }

    public static async Task<SecretStore> PostgresAsync()
    {
        var database = await PostgresDatabase.CreateAsync();
        return new SecretStore
        {
            Open = services =>
            {
                var source = new NpgsqlDataSourceBuilder(database.ConnectionString);
                source.UseLoggerFactory(services.GetRequiredService<ILoggerFactory>());
                return new PostgresSessionStore(source.Build(), clock: services.GetRequiredService<TimeProvider>());
            },
            DumpAsync = async evidence =>
            {
                await using var connection = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
                await DumpTablesAsync(
                    evidence, connection, "SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables WHERE table_schema = 'hanzo_sessions'");
            },
        };
    }

    private static async Task DumpTablesAsync(Evidence evidence, DbConnection connection, string tables)
    {
        await connection.OpenAsync();
        foreach (var table in (await RowsAsync(connection, tables)).ConvertAll(row => $"{row[0].Value}"))
        {
            foreach (var (column, value) in (await RowsAsync(connection, $"SELECT * FROM {table}")).SelectMany(row => row))
            {
                if (value is byte[] bytes)
                {
                    evidence.Add("table", column is "token_hash" ? Encoding.Latin1.GetString(bytes) : Evidence.TextOf(bytes));
                }
                else
                {
                    evidence.Add("table", $"{table}.{column} {value}");
                }
            }
        }
    }

    private static async Task<List<List<(string Column, object? Value)>>> RowsAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Names of tables, from the database's own catalog.
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var rows = await command.ExecuteReaderAsync();
        List<List<(string, object?)>> all = [];
        while (await rows.ReadAsync())
        {
            all.Add([.. Enumerable.Range(0, rows.FieldCount).Select(i => (rows.GetName(i), (object?)rows[i]))]);
        }

        return all;
    }
}
