using Microsoft.Data.Sqlite;

namespace Hanzo.Sessions.Sqlite;

/// <summary>Checks that a connection string names a file that the store can write.</summary>
internal static class ConnectionStringRules
{
    public static void Check(string connectionString)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        if (Fault(new SqliteConnectionStringBuilder(connectionString)) is { } fault)
        {
            throw new ArgumentException($"The connection string of the SQLite store {fault}", nameof(connectionString));
        }
    }

    private static string? Fault(SqliteConnectionStringBuilder parts) => parts switch
    {
        { Mode: SqliteOpenMode.Memory } or { DataSource: ":memory:" } =>
            "names an in-memory database, which ends with its connection. Name a file, or remove UseSqlite to keep sessions in memory.",
        { DataSource: "" } => "names no file; write for example 'Data Source=sessions.db'.",
        { DataSource: var source } when source.StartsWith("file:", StringComparison.OrdinalIgnoreCase) || source.StartsWith('|') =>
            $"has Data Source '{source}'; it must be a plain path, for example sessions.db.",
        { Mode: SqliteOpenMode.ReadOnly } => "has Mode=ReadOnly, but the store writes to the file. Remove it.",
        { Cache: SqliteCacheMode.Shared } => "has Cache=Shared, but the store opens its own connections. Remove it.",
        _ => null,
    };
}
