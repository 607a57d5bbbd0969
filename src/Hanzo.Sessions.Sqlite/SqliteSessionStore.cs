using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.Sqlite;

/// <summary>
/// Keeps sessions in one SQLite file. They survive a restart and a crash: nothing is answered before it is flushed to
/// the disk. Every organization list is served by an index. For one process on one machine, up to some thousand
/// writes a second; where several servers must see the same sessions, use PostgreSQL.
/// </summary>
/// <remarks>
/// <para>Reads run on the caller's thread: they take microseconds. Writes go through one connection; those that come
/// at the same time share a flush. A write blocks one thread while the disk works, never more than one per file.</para>
/// <para>Beside <c>sessions.db</c> there are <c>sessions.db-wal</c> and <c>sessions.db-shm</c>, which belong to it, and
/// <c>sessions.db-lock</c>, which keeps a second process out. Back the file up with SQLite's own <c>.backup</c>, or copy
/// all of it while no process runs. Other programs may read it meanwhile; none may write to it.</para>
/// <para>Failures are <c>SqliteException</c>s of the driver. After one the connection is opened anew, so the store
/// works again as soon as the disk does.</para>
/// </remarks>
public sealed partial class SqliteSessionStore : ISessionStore, IAsyncDisposable, IDisposable
{
    private readonly SessionFile _file;
    private int _disposed;

    /// <summary>A store on a file. The file is opened at the first call.</summary>
    /// <param name="connectionString">Where the file is, for example <c>Data Source=sessions.db</c>.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">The connection string does not name a file that can be written.</exception>
    /// <exception cref="OptionsValidationException">A setting is out of range.</exception>
    public SqliteSessionStore(string connectionString, SqliteSessionStoreOptions? options = null)
    {
        ConnectionStringRules.Check(connectionString);
        options ??= new SqliteSessionStoreOptions();
        SqliteSessionStoreOptionsValidator.Check(options);
        _file = SessionFile.Share(connectionString, options);
    }

    /// <summary>The file, for tests that look beneath.</summary>
    internal SessionFile SessionFile => _file;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">
    /// Another process uses the file, the file is a database of something else, or it was written by a later version.
    /// </exception>
    public Task PrepareAsync(CancellationToken cancellationToken = default) => _file.PrepareAsync(cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Goes through the writer, so that a file that can only be read is noticed. Its clock is this machine's own.</remarks>
    public Task<SessionStoreState> InspectAsync(CancellationToken cancellationToken = default) =>
        _file.WriteAsync(Schema.Inspect, cancellationToken);

    /// <summary>Lets writes in flight finish and closes the file, when no other store of this process uses it.</summary>
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
