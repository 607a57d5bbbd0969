using Microsoft.Data.Sqlite;

namespace Hanzo.Sessions.Sqlite;

/// <summary>One open connection and its prepared commands. One thread at a time uses it.</summary>
internal sealed class StoreConnection : IDisposable
{
    // Filters and orders make many variants of a list; beyond this number all commands are prepared again.
    private const int MostCommands = 200;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    public StoreConnection(string connectionString, TimeSpan busyTimeout)
    {
        _connection = new SqliteConnection(connectionString);
        try
        {
            _connection.Open();
            Run($"PRAGMA busy_timeout = {(int)busyTimeout.TotalMilliseconds}");
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>The driver's connection, for what commands cannot do.</summary>
    public SqliteConnection Driver => _connection;

    /// <summary>Runs statements without keeping a command; returns the first value of the first row.</summary>
    public object? Run(string sql)
    {
        using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // This package writes every text.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    /// <summary>Runs a statement; returns how many rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Command(sql, parameters).ExecuteNonQuery();

    /// <summary>Returns all rows of a statement.</summary>
    public List<T> Query<T>(
        string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        List<T> rows = [];
        using var reader = Command(sql, parameters).ExecuteReader();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Returns the one row of a statement; the default value if there is none.</summary>
    public T? QuerySingle<T>(
        string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var reader = Command(sql, parameters).ExecuteReader();
        if (!reader.Read())
        {
            return default;
        }

        var row = read(reader);
        reader.Read(); // Runs a statement that changes rows to its end.
        return row;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    /// <summary>Returns the kept command of this text. The same text always has the same parameters in the same order.</summary>
    private SqliteCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = Prepare(sql, parameters);
        }

        for (var i = 0; i < parameters.Length; i++)
        {
            command.Parameters[i].Value = parameters[i].Value ?? DBNull.Value;
        }

        return command;
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (_commands.Count >= MostCommands)
        {
            foreach (var old in _commands.Values)
            {
                old.Dispose();
            }

            _commands.Clear();
        }

        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // This package writes every text; values from outside are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, _) in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        _commands.Add(sql, command);
        return command;
    }
}
