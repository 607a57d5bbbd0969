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
    /// the file. When on, it must be on in every one of them; they share the file through a rollback journal instead
    /// of a write-ahead log, which makes writes several times slower and lets them hold up reads. PostgreSQL is the
    /// better choice.
    /// </summary>
    /// <remarks>
    /// SQLite before 3.51.3 can corrupt a file in write-ahead mode when two connections write and checkpoint at the
    /// same instant (the WAL-reset bug). One process never does that: it has one connection that writes. Several
    /// would, so they do not use that mode, whichever version of SQLite each of them carries.
    /// </remarks>
    public bool SharedByProcesses { get; set; }
}
