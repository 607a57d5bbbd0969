namespace Hanzo.Sessions.Sqlite;

/// <summary>The settings of <see cref="SqliteSessionStore"/>. The host checks them at start and reports all faults at once.</summary>
public sealed class SqliteSessionStoreOptions
{
    /// <summary>
    /// How long a call waits, on a blocked thread, while a process that shares the file, a backup or a database client
    /// has locked it: 1 second to 1 minute. After that, the call fails with SQLite's "database is locked". A starting process
    /// waits as long for one that has the file alone, such as the old process in a restart.
    /// </summary>
    /// <value>5 seconds by default.</value>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether several processes may use the file. If false, the store refuses to open a file that another process
    /// uses and goes on using for <see cref="BusyTimeout"/>. If true, set it in all of them. They wait for each other's writes; for more than a few, use PostgreSQL.
    /// </summary>
    /// <value>False by default.</value>
    /// <remarks>
    /// A file that the store created with true has a write-ahead log, and version 0.1 refuses it. Processes share any other
    /// file through a rollback journal, in which a busy writer blocks reads for seconds. The reason is the WAL-reset bug:
    /// SQLite before 3.51.3, which 0.1 may use, can corrupt a write-ahead log when two processes write and checkpoint at the
    /// same instant. docs/Operations.md says how to switch such a file.
    /// </remarks>
    public bool SharedByProcesses { get; set; }
}
