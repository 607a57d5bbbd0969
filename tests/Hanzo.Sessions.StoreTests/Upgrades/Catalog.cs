using System.Data.Common;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Hanzo.Sessions.StoreTests.Upgrades;

/// <summary>All that a database says about its schema, to compare two.</summary>
internal static partial class Catalog
{
    private const string OfPostgres =
        """
        SELECT concat_ws(' ', 'column', table_name, ordinal_position, column_name, data_type, collation_name, is_nullable, column_default)
        FROM information_schema.columns WHERE table_schema = 'hanzo_sessions'
        UNION ALL
        SELECT concat_ws(' ', 'table', relname, relkind, reloptions)
        FROM pg_class WHERE relnamespace = 'hanzo_sessions'::regnamespace
        UNION ALL
        SELECT concat_ws(' ', 'index', pg_get_indexdef(indexrelid), indisvalid)
        FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relnamespace = 'hanzo_sessions'::regnamespace
        UNION ALL
        SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE connamespace = 'hanzo_sessions'::regnamespace
        UNION ALL
        SELECT concat_ws(' ', 'view', viewname, definition) FROM pg_views WHERE schemaname = 'hanzo_sessions'
        UNION ALL
        SELECT concat_ws(' ', 'trigger', tgrelid::regclass, pg_get_triggerdef(pg_trigger.oid))
        FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE relnamespace = 'hanzo_sessions'::regnamespace
        ORDER BY 1
        """;

    // SQLite keeps the text of each statement, with comments; ALTER TABLE appends to that of the table.
    private const string OfSqlite = "SELECT concat_ws(' ', type, name, tbl_name, sql) FROM sqlite_schema ORDER BY 1";

    public static Task<IReadOnlyList<string>> ReadAsync(PostgresDatabase database) =>
        RowsAsync(new NpgsqlConnection($"{database.ConnectionString};Pooling=false"), OfPostgres);

    public static Task<IReadOnlyList<string>> ReadAsync(string file) =>
        RowsAsync(new SqliteConnection($"Data Source={file};Pooling=False"), OfSqlite);

    private static async Task<IReadOnlyList<string>> RowsAsync(DbConnection connection, string sql)
    {
        await using var closing = connection;
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written above.
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var rows = await command.ExecuteReaderAsync();
        List<string> lines = [];
        while (await rows.ReadAsync())
        {
            lines.Add(Comment().Replace(rows.GetString(0), ""));
        }

        return lines;
    }

    [GeneratedRegex(" *--[^\n]*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Comment();
}
