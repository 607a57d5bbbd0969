using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.Sqlite;

/// <summary>
/// Keeps sessions in one SQLite file. They survive a restart and a crash: a call returns only after its change is
/// flushed to the disk. An index serves every list of an organization. The file is for one process on one machine, up to
/// some thousand writes a second; to share sessions between servers, use PostgreSQL.
/// </summary>
/// <remarks>
/// <para>Reads take microseconds and run on the caller's thread. Writes go through one connection; concurrent writes
/// share a flush. While the disk works, at most one thread per file is blocked.</para>
/// <para><c>sessions.db-wal</c> and <c>sessions.db-shm</c> belong to <c>sessions.db</c>; <c>sessions.db-lock</c> keeps a
/// second process out. To back the file up, use SQLite's own <c>.backup</c>, or copy all of these files while no process
/// runs. Other programs may read the file at any time, but must not write to it.</para>
/// <para>Failures are the driver's <c>SqliteException</c>s. After one, the store opens a new connection, so it works
/// again as soon as the disk does.</para>
/// </remarks>
public sealed partial class SqliteSessionStore : ISessionStore, IAsyncDisposable, IDisposable
{
    private readonly SessionFile _file;
    private int _disposed;

    /// <summary>Creates a store on a file, which opens at the first call.</summary>
    /// <param name="connectionString">The file, for example <c>Data Source=sessions.db</c>.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">The connection string does not name a file that the store can write.</exception>
    /// <exception cref="OptionsValidationException">A setting is out of range.</exception>
    public SqliteSessionStore(string connectionString, SqliteSessionStoreOptions? options = null)
    {
        ConnectionStringRules.Check(connectionString);
        options ??= new SqliteSessionStoreOptions();
        SqliteSessionStoreOptionsValidator.Check(options);
        _file = SessionFile.Share(connectionString, options);
    }

    /// <summary>The file, for tests.</summary>
    internal SessionFile SessionFile => _file;

    /// <inheritdoc/>
    /// <remarks>
    /// It also adds what a file of an earlier version lacks; processes of that version can go on using the file. A store that is
    /// not prepared refuses such a file with an <see cref="InvalidOperationException"/> that names the missing script.
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// Another process uses the file, the file belongs to another program, or a later version wrote it.
    /// </exception>
    public Task PrepareAsync(CancellationToken cancellationToken = default) => _file.PrepareAsync(cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Runs on the writer, so it detects a read-only file. SQLite has this machine's clock, so there is none to compare with.</remarks>
    public Task<SessionStoreState> InspectAsync(CancellationToken cancellationToken = default) => _file.InspectAsync(cancellationToken);

    /// <summary>Finishes writes in flight and closes the file, unless another store of this process uses it.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _file.Release();
        }
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
