namespace Hanzo.Sessions.Sqlite;

/// <summary>The settings of <see cref="SqliteSessionStore"/>. They are checked when the host starts, all faults at once.</summary>
public sealed class SqliteSessionStoreOptions
{
    /// <summary>
    /// How long to wait while somebody else has locked the file, before the call fails with SQLite's "database is
    /// locked": 1 second to 1 minute, 5 seconds by default. The wait blocks a thread. Those who lock the file are
    /// other processes that share it, backups, and database clients.
    /// </summary>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether several processes use the file at once. Off by default: then a second process is refused when it opens
    /// the file. When on, it must be on in every one of them. They wait for each other's writes; PostgreSQL is the better
    /// choice for more than a few.
    /// </summary>
    /// <remarks>
    /// A file that was made with this on has a write-ahead log, and 0.1 refuses it. Any other file is shared through a
    /// rollback journal, in which a busy writer holds up reads for seconds: a process of 0.1 may have it open, whose SQLite
    /// (before 3.51.3) can corrupt a write-ahead log when two processes write and checkpoint at the same instant (the
    /// WAL-reset bug). docs/Operations.md says how to switch such a file.
    /// </remarks>
    public bool SharedByProcesses { get; set; }
}
