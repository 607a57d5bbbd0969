using Microsoft.Data.Sqlite;

namespace Hanzo.Sessions.Sqlite;

/// <summary>Which connection strings the store takes: those that name a file it can write.</summary>
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
            "names an in-memory database: its sessions would go with the connection. To keep sessions in memory, leave UseSqlite out.",
        { DataSource: "" } => "names no file; write for example 'Data Source=sessions.db'.",
        { DataSource: var source } when source.StartsWith("file:", StringComparison.OrdinalIgnoreCase) || source.StartsWith('|') =>
            $"has Data Source '{source}'; it must be a plain path.",
        { Mode: SqliteOpenMode.ReadOnly } => "has Mode=ReadOnly; sessions must be written.",
        { Cache: SqliteCacheMode.Shared } => "has Cache=Shared; the store has its own connections.",
        _ => null,
    };
}
