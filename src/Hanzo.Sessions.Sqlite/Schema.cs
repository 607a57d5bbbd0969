namespace Hanzo.Sessions.Sqlite;

/// <summary>Makes the tables of <c>Schema.sql</c>, and refuses a file that is not what this version understands.</summary>
internal static class Schema
{
    private const long ApplicationId = 0x487A5365;
    private const long Version = 1;
    private const long Full = 2;

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

    /// <summary>Refuses a file of another program or of a later version, before anything about it is changed.</summary>
    public static void Check(StoreConnection connection, string file)
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

        if (version > Version)
        {
            throw new InvalidOperationException(
                $"The session file '{file}' has version {version}, and this Hanzo.Sessions.Sqlite understands version {Version}. "
                + "It was written by a later one: update the package.");
        }
    }

    /// <summary>What the file and the connection that writes it are set to.</summary>
    public static SessionStoreState Inspect(StoreConnection connection)
    {
        var journal = (string)connection.Run("PRAGMA journal_mode")!;
        var isDurable = Number(connection, "PRAGMA synchronous") >= Full && journal is "wal" or "truncate" or "delete" or "persist";
        return new SessionStoreState
        {
            SchemaVersion = (int)Number(connection, "PRAGMA user_version"),
            ExpectedSchemaVersion = (int)Version,
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
