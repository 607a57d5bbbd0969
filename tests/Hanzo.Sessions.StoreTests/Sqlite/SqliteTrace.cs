using System.Text.RegularExpressions;
using Hanzo.Sessions.Sqlite;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Hanzo.Sessions.StoreTests.Sqlite;

/// <summary>The statements that SQLite itself says it has run, with their values written in.</summary>
internal sealed partial class SqliteTrace
{
    private readonly Lock _lock = new();
    private readonly List<string> _statements = [];

    private SqliteTrace()
    {
    }

    /// <summary>Prepares a store and listens to its connections.</summary>
    public static async Task<SqliteTrace> PrepareAsync(SqliteSessionStore store)
    {
        var trace = new SqliteTrace();
        store.SessionFile.Opened = connection => raw.sqlite3_trace(connection.Handle, (_, sql) => trace.Add(sql), null);
        await store.PrepareAsync();
        await store.FindAsync(default);
        return trace;
    }

    /// <summary>What ran during an action.</summary>
    public async Task<List<string>> OfAsync(Func<Task> action)
    {
        lock (_lock)
        {
            _statements.Clear();
        }

        await action();
        lock (_lock)
        {
            return [.. _statements];
        }
    }

    /// <summary>The first words of what ran during an action.</summary>
    public async Task<string> VerbsOfAsync(Func<Task> action) =>
        string.Join(' ', (await OfAsync(action)).Select(sql => FirstWord().Match(sql).Value));

    /// <summary>How SQLite would run what ran during an action, a line per step.</summary>
    public async Task<List<string>> PlanOfAsync(string file, Func<Task> action)
    {
        List<string> plan = [];
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False;Mode=ReadOnly");
        connection.Open();
        foreach (var sql in (await OfAsync(action)).Where(sql => FirstWord().Match(sql).Value is not ("BEGIN" or "COMMIT")))
        {
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written by the store.
            command.CommandText = "EXPLAIN QUERY PLAN " + sql;
#pragma warning restore CA2100
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                plan.Add(reader.GetString(3));
            }
        }

        return plan;
    }

    private void Add(string sql)
    {
        lock (_lock)
        {
            _statements.Add(sql);
        }
    }

    [GeneratedRegex(@"\w+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FirstWord();
}
