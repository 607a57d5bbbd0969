using SQLitePCL;

namespace Hanzo.Sessions.Sqlite;

/// <summary>Makes the tables of <c>Schema.sql</c>, and refuses a file that is not what this version understands.</summary>
internal static class Schema
{
    private const long ApplicationId = 0x487A5365;
    private const long Full = 2;

    // PRAGMA user_version names the oldest reader that the file is for, not its tables: 0.1 refuses what is above 1.
    private const long ForAll = 1;
    private const long ForFixedReaders = 2;

    // SQLite 3.51.3 has the fix of the WAL-reset bug.
    private const int FixedLibrary = 3_051_003;

    private static bool IsLibraryFixed => raw.sqlite3_libversion_number() >= FixedLibrary;

    /// <summary>Makes the tables where there are none. Runs within a write.</summary>
    public static bool Create(StoreConnection connection)
    {
        var made = Number(connection, "PRAGMA user_version") == 0;
        if (made)
        {
            connection.Run(Script());
        }

        return made;
    }

    /// <summary>
    /// Makes the tables in a file that nobody else knows yet, and marks it as one for several processes that all have the
    /// fix of the WAL-reset bug. A SQLite without it marks nothing.
    /// </summary>
    public static void CreateForProcesses(StoreConnection connection)
    {
        connection.Run($"BEGIN; {Script()} COMMIT");
        if (IsLibraryFixed)
        {
            connection.Run($"PRAGMA user_version = {ForFixedReaders}");
            connection.Run("PRAGMA journal_mode = wal");
        }
    }

    /// <summary>
    /// Refuses a file of another program or of a later version, before anything about it is changed. Answers whether several
    /// processes may use it through a write-ahead log.
    /// </summary>
    public static bool Check(StoreConnection connection, string file)
    {
        // In one transaction: another process that starts at the same moment may be making the tables.
        connection.Run("BEGIN");
        var application = Number(connection, "PRAGMA application_id");
        var version = Number(connection, "PRAGMA user_version");
        var isEmpty = Number(connection, "SELECT count(*) FROM sqlite_schema") == 0;
        connection.Run("COMMIT");
        if (application != ApplicationId && !(isEmpty && version == 0))
        {
            throw new InvalidOperationException(
                $"The file '{file}' is a database of something else. Give sessions a file of their own.");
        }

        if (version > ForFixedReaders)
        {
            throw new InvalidOperationException(
                $"The session file '{file}' has version {version}, and this Hanzo.Sessions.Sqlite understands version {ForFixedReaders}. "
                + "It was written by a later one: update the package.");
        }

        if (version == ForFixedReaders && !IsLibraryFixed)
        {
            throw new InvalidOperationException(
                $"The session file '{file}' is for processes with SQLite 3.51.3 or later, and this one has {raw.sqlite3_libversion().utf8_to_string()}.");
        }

        return version == ForFixedReaders;
    }

    /// <summary>What the file and the connection that writes it are set to.</summary>
    public static SessionStoreState Inspect(StoreConnection connection)
    {
        var journal = (string)connection.Run("PRAGMA journal_mode")!;
        var isDurable = Number(connection, "PRAGMA synchronous") >= Full && journal is "wal" or "truncate" or "delete" or "persist";
        var version = Number(connection, "PRAGMA user_version");
        return new SessionStoreState
        {
            SchemaVersion = (int)version,
            ExpectedSchemaVersion = (int)(version == ForFixedReaders ? ForFixedReaders : ForAll),
            DurabilityFault = isDurable ? null : "SQLite does not flush what it commits: what was answered may be lost when the machine crashes.",
        };
    }

    private static long Number(StoreConnection connection, string sql) => (long)connection.Run(sql)!;

    /// <summary>Makes the tables, and says that the file is one of this store.</summary>
    internal static string Script()
    {
        using var script = typeof(Schema).Assembly.GetManifestResourceStream("Schema.sql")!;
        using var reader = new StreamReader(script);
        return reader.ReadToEnd();
    }
}
