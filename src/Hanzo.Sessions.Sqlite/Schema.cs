using SQLitePCL;

namespace Hanzo.Sessions.Sqlite;

/// <summary>
/// Creates the tables of <c>Schema.sql</c> and adds the steps of <c>Upgrades</c>, and refuses a file that this version does not
/// understand.
/// </summary>
internal static class Schema
{
    private const long ApplicationId = 0x487A5365;
    private const long Full = 2;

    // PRAGMA user_version says which versions may open the file, not which tables it has: 0.1 refuses a number above 1.
    private const long ForAll = 1;
    private const long ForFixedReaders = 2;

    // SQLite 3.51.3 has the fix of the WAL-reset bug.
    private const int FixedLibrary = 3_051_003;

    private static bool IsLibraryFixed => raw.sqlite3_libversion_number() >= FixedLibrary;

    /// <summary>Creates the tables unless they exist, and adds the steps that they lack. Runs within a write.</summary>
    public static bool Prepare(StoreConnection connection)
    {
        if (Number(connection, "PRAGMA user_version") == 0)
        {
            connection.Run(Script());
        }

        foreach (var step in Missing(connection))
        {
            connection.Run(step.Statements);
        }

        return true;
    }

    /// <summary>Refuses a file with tables that lacks a step, as 0.1 has left it.</summary>
    public static void RequireSteps(StoreConnection connection, string file)
    {
        if (Number(connection, "PRAGMA user_version") != 0 && Missing(connection) is { Count: > 0 } missing)
        {
            throw new MissingStepException(file, missing);
        }
    }

    /// <summary>The steps that a file with tables lacks. Steps of a later version do no harm.</summary>
    private static IReadOnlyList<SchemaStep> Missing(StoreConnection connection)
    {
        if (Number(connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'schema_steps'") == 0)
        {
            return SchemaStep.All;
        }

        var added = connection.Query("SELECT step FROM schema_steps", row => row.GetInt32(0));
        return [.. SchemaStep.All.Where(step => !added.Contains(step.Number))];
    }

    /// <summary>Runs <see cref="Prepare"/> in a transaction of its own. Another process may do the same: it comes first or finds all there.</summary>
    public static void PrepareAlone(StoreConnection connection)
    {
        connection.Run("BEGIN IMMEDIATE");
        Prepare(connection);
        connection.Run("COMMIT");
    }

    /// <summary>
    /// Creates the tables in a file that no other process knows yet. If this SQLite has the fix of the WAL-reset bug, also
    /// marks the file as one for processes that all have it.
    /// </summary>
    public static void CreateForProcesses(StoreConnection connection)
    {
        PrepareAlone(connection);
        if (IsLibraryFixed)
        {
            connection.Run($"PRAGMA user_version = {ForFixedReaders}");
            connection.Run("PRAGMA journal_mode = wal");
        }
    }

    /// <summary>
    /// Refuses a file of another program or of a later version before the store changes it. Returns whether several
    /// processes may share the file through a write-ahead log.
    /// </summary>
    public static bool Check(StoreConnection connection, string file)
    {
        // In one transaction: another process that starts at the same moment may be creating the tables.
        connection.Run("BEGIN");
        var application = Number(connection, "PRAGMA application_id");
        var version = Number(connection, "PRAGMA user_version");
        var isEmpty = Number(connection, "SELECT count(*) FROM sqlite_schema") == 0;
        connection.Run("COMMIT");
        if (application != ApplicationId && !(isEmpty && version == 0))
        {
            throw new InvalidOperationException(
                $"The file '{file}' is a database of another program. Give sessions a file of their own.");
        }

        if (version > ForFixedReaders)
        {
            throw new InvalidOperationException(
                $"The session file '{file}' has version {version}; this Hanzo.Sessions.Sqlite understands versions up to {ForFixedReaders}. "
                + "A later version wrote it: update the package.");
        }

        if (version == ForFixedReaders && !IsLibraryFixed)
        {
            throw new InvalidOperationException(
                $"The session file '{file}' needs SQLite 3.51.3 or later; this process has {raw.sqlite3_libversion().utf8_to_string()}. Update SQLite.");
        }

        return version == ForFixedReaders;
    }

    /// <summary>Reports the version of the file, and whether the connection that writes it is durable.</summary>
    public static SessionStoreState Inspect(StoreConnection connection)
    {
        var journal = (string)connection.Run("PRAGMA journal_mode")!;
        var isDurable = Number(connection, "PRAGMA synchronous") >= Full && journal is "wal" or "truncate" or "delete" or "persist";
        var version = Number(connection, "PRAGMA user_version");
        return new SessionStoreState
        {
            SchemaVersion = (int)version,
            ExpectedSchemaVersion = (int)(version == ForFixedReaders ? ForFixedReaders : ForAll),
            NewestInstant = version == 0 ? null : NewestInstant(connection),
            DurabilityFault = isDurable ? null : "SQLite does not flush its commits: a crash of the machine may lose acknowledged changes.",
        };
    }

    /// <summary>
    /// The newest end, sign-in or activity, each from the end of an index. Activity is in none: that of the session which is
    /// active longest is nearly always the newest.
    /// </summary>
    private static DateTimeOffset? NewestInstant(StoreConnection connection) =>
        connection.Run(
            """
            SELECT max(at) FROM (
                SELECT max(active_until) AS at FROM sessions WHERE ended_at IS NOT NULL
                UNION ALL
                SELECT max(created_at) FROM sessions WHERE ended_at IS NULL
                UNION ALL
                SELECT last_active_at FROM (
                    SELECT last_active_at FROM sessions WHERE ended_at IS NULL ORDER BY active_until DESC, id DESC LIMIT 1))
            """) is long milliseconds
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;

    private static long Number(StoreConnection connection, string sql) => (long)connection.Run(sql)!;

    /// <summary>The script that creates the tables and marks the file as one of this store.</summary>
    internal static string Script()
    {
        using var script = typeof(Schema).Assembly.GetManifestResourceStream("Schema.sql")!;
        using var reader = new StreamReader(script);
        return reader.ReadToEnd();
    }
}
