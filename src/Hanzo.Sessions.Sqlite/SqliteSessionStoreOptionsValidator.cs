using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions;

internal sealed class SqliteSessionStoreOptionsValidator : IValidateOptions<SqliteSessionStoreOptions>
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, SqliteSessionStoreOptions options)
    {
        List<string> faults = [];
        if (FaultOf(options.ConnectionString) is { } fault)
        {
            faults.Add($"SqliteSessionStore: ConnectionString {fault}");
        }

        if (options.BusyTimeout < ShortestWait || options.BusyTimeout > LongestWait)
        {
            faults.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"SqliteSessionStore: BusyTimeout is {options.BusyTimeout}; it must be from {ShortestWait} to {LongestWait}."));
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    // A connection string may hold a password, so it is not repeated.
    private static string? FaultOf(string? connectionString)
    {
        SqliteConnectionStringBuilder parts;
        try
        {
            parts = new SqliteConnectionStringBuilder(connectionString);
        }
        catch (ArgumentException refusal)
        {
            return $"cannot be read: {refusal.Message}";
        }

        var source = parts.DataSource;
        return parts switch
        {
            _ when source.Length == 0 && parts.Mode != SqliteOpenMode.Memory =>
                "names no file; write for example 'Data Source=sessions.db'.",
            { Mode: SqliteOpenMode.Memory } or { DataSource: ":memory:" } =>
                "names an in-memory database; sessions would be gone with their connection. Leave UseSqlite out to keep sessions in memory.",
            _ when source.StartsWith("file:", StringComparison.OrdinalIgnoreCase) || source.StartsWith('|') =>
                $"has Data Source '{source}'; it must be a plain path.",
            { Mode: SqliteOpenMode.ReadOnly } => "has Mode=ReadOnly; sessions must be written.",
            { Cache: SqliteCacheMode.Shared } => "has Cache=Shared; the store keeps its own connections.",
            _ => null,
        };
    }
}
