namespace Hanzo.Sessions;

/// <summary>The settings of <see cref="SqliteSessionStore"/>. They are checked when the host starts, all faults at once.</summary>
public sealed class SqliteSessionStoreOptions
{
    /// <summary>
    /// Where the file is, for example <c>Data Source=sessions.db</c>: a plain path, relative to the current folder or
    /// absolute, on a local disk. The folder must exist; the file is created for its owner only. Give sessions a file
    /// of their own. In-memory databases, <c>file:</c> addresses, shared caches and read-only mode are refused.
    /// </summary>
    public string ConnectionString { get; set; } = string.Empty;

    /// <summary>
    /// How long to wait while somebody else has locked the file, before the call fails with SQLite's "database is
    /// locked": 1 second to 1 minute, 5 seconds by default. It blocks a thread. Processes that share the file lock
    /// it, and so do backups and database clients.
    /// </summary>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether several processes use the file at once. Off by default: a second process is refused when it opens the
    /// file. When on, it must be on in every one of them; they share the file through a rollback journal instead of
    /// a write-ahead log, where writes are several times slower and hold up reads. Rather use PostgreSQL.
    /// </summary>
    /// <remarks>
    /// SQLite before 3.51.3 can corrupt a file in write-ahead mode when two connections write and checkpoint at the
    /// same instant (the WAL-reset bug). One process never does that, because it writes through one connection.
    /// Several would, so they never use that mode, whatever version of SQLite each of them carries.
    /// </remarks>
    public bool SharedByProcesses { get; set; }
}
