using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Hanzo.Sessions.Sqlite;

/// <summary>
/// A session file that this process has open: one writer, some readers, and the lock against other processes.
/// Stores on the same file share it, because two writers of one process would block each other.
/// </summary>
internal sealed class SessionFile
{
    /// <summary>Only the account that runs the process may read or write its session file.</summary>
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly Lock OpenFilesLock = new();
    private static readonly Dictionary<string, SessionFile> OpenFiles =
        new(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    private readonly string _path;
    private readonly string _connectionString;
    private readonly TimeSpan _busyTimeout;
    private readonly bool _shared;
    private readonly WriteQueue _writes;
    private readonly ReaderPool _readers;
    private FileStream? _lock;
    private volatile bool _isOpen;
    private volatile bool _mayUpgrade;
    private int _stores;

    private SessionFile(string path, string connectionString, SqliteSessionStoreOptions options)
    {
        _path = path;
        _busyTimeout = options.BusyTimeout;
        _shared = options.SharedByProcesses;
        _connectionString = connectionString;
        _writes = new WriteQueue(OpenWriter);
        _readers = new ReaderPool(OpenReader);
    }

    /// <summary>Receives every connection that is opened, for tests that count statements.</summary>
    internal Action<SqliteConnection>? Opened { get; set; }

    /// <summary>Returns the file, which opens at its first use. Pair every call with one of <see cref="Release"/>.</summary>
    public static SessionFile Share(string connectionString, SqliteSessionStoreOptions options)
    {
        var path = Path.GetFullPath(new SqliteConnectionStringBuilder(connectionString).DataSource);
        if (File.Exists(path))
        {
            path = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }

        lock (OpenFilesLock)
        {
            if (!OpenFiles.TryGetValue(path, out var file))
            {
                file = new SessionFile(path, connectionString, options);
                OpenFiles.Add(path, file);
            }
            else if (file._shared != options.SharedByProcesses || file._busyTimeout != options.BusyTimeout)
            {
                throw new InvalidOperationException(
                    $"Two stores of this process use the session file '{path}' with different settings. Give both the same BusyTimeout and SharedByProcesses.");
            }

            file._stores++;
            return file;
        }
    }

    /// <summary>Ends one store's use of the file; the last one closes it.</summary>
    public void Release()
    {
        lock (OpenFilesLock)
        {
            if (--_stores == 0)
            {
                _readers.Close();
                _writes.Close();
                _lock?.Dispose();
                OpenFiles.Remove(_path);
            }
        }
    }

    /// <summary>Creates the file and its tables unless they exist, and adds the steps that they lack.</summary>
    public Task PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            CreateFile();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or SqliteException)
        {
            return Task.FromException(fault);
        }

        _mayUpgrade = true;
        return WriteAsync(Schema.Prepare, cancellationToken);
    }

    /// <summary>Says how the file is; also whether a step is missing, for which every other call is refused.</summary>
    public async Task<SessionStoreState> InspectAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await WriteAsync(Schema.Inspect, cancellationToken).ConfigureAwait(false);
        }
        catch (MissingStepException fault)
        {
            return new SessionStoreState { WriteFault = fault.Message };
        }
    }

    /// <summary>Runs repeatable work in a transaction; completes when its result is durable.</summary>
    public Task<T> WriteAsync<T>(Func<StoreConnection, T> work, CancellationToken cancellationToken) =>
        _writes.RunAsync(work, cancellationToken);

    /// <summary>Reads on the caller's thread.</summary>
    public ValueTask<T> ReadAsync<TState, T>(
        TState state, Func<StoreConnection, TState, T> read, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<T>(cancellationToken);
        }

        if (!_isOpen)
        {
            return OpenAndReadAsync(state, read, cancellationToken);
        }

        try
        {
            return new(_readers.Read(state, read));
        }
#pragma warning disable CA1031 // The caller gets it, untouched, from the awaited task.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return ValueTask.FromException<T>(fault);
        }
    }

    // The writer takes the lock, checks the file and sets its journal mode before any reader opens it.
    private async ValueTask<T> OpenAndReadAsync<TState, T>(
        TState state, Func<StoreConnection, TState, T> read, CancellationToken cancellationToken)
    {
        await _writes.RunAsync(static _ => true, cancellationToken).ConfigureAwait(false);
        return _readers.Read(state, read);
    }

    // A file for several processes appears under its name only when it is complete: a process of 0.1, whose SQLite may not
    // write to it, then always sees the mark and refuses it. A file of 0.1 never gets the mark: 0.1 can still open it, and
    // several processes share it through a rollback journal.
    private void CreateFile()
    {
        if (File.Exists(_path))
        {
            return;
        }

        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        var file = _shared ? $"{_path}-{Guid.NewGuid():N}" : _path;
        try
        {
            new FileStream(file, options).Dispose();
            if (_shared)
            {
                using (var connection = new StoreConnection(ConnectionString(file), _busyTimeout))
                {
                    Schema.CreateForProcesses(connection);
                }

                NewFile.Publish(file, _path);
            }
        }
        catch (IOException) when (File.Exists(_path))
        {
            // Another process has just created it.
        }
        finally
        {
            if (_shared)
            {
                File.Delete(file);
            }
        }
    }

    private StoreConnection OpenWriter()
    {
        _lock ??= ProcessLock.Acquire(_path, _shared, _busyTimeout);
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return OpenWriterOnce();
            }
            catch (SqliteException fault) when (fault.SqliteErrorCode == raw.SQLITE_BUSY && Stopwatch.GetElapsedTime(started) < _busyTimeout)
            {
                // Two processes that start at once on a file with a log, which both want to put into another journal mode,
                // keep each other from it as long as both are connected: SQLite's own wait does not help.
                Thread.Sleep(Random.Shared.Next(100, 500));
            }
        }
    }

    private StoreConnection OpenWriterOnce()
    {
        var connection = Open();
        try
        {
            var canShareLog = Schema.Check(connection, _path);
            if (raw.sqlite3_db_readonly(connection.Driver.Handle, "main") != 0)
            {
                // SQLite opens a read-only file, and would fail only at the first write.
                throw new SqliteException($"The session file '{_path}' is read-only. Make it writable.", raw.SQLITE_READONLY);
            }

            var mode = _shared && !canShareLog ? "truncate" : "wal";
            if (connection.Run($"PRAGMA journal_mode = {mode}") is not string set || !string.Equals(set, mode, StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"The session file '{_path}' cannot be put into journal mode {mode}.");
            }

            connection.Run("PRAGMA synchronous = FULL");
            connection.Run("PRAGMA fullfsync = ON"); // Without it, macOS leaves a commit in the cache of the drive.
            connection.Run("PRAGMA secure_delete = ON");

            // Before any statement of this version meets the file, those of readers among them.
            if (_mayUpgrade)
            {
                Schema.PrepareAlone(connection);
            }
            else
            {
                Schema.RequireSteps(connection, _path);
            }

            _isOpen = true;
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private StoreConnection OpenReader()
    {
        var connection = Open();
        connection.Run("PRAGMA query_only = ON");
        return connection;
    }

    private StoreConnection Open()
    {
        var connection = new StoreConnection(ConnectionString(_path), _busyTimeout);
        Opened?.Invoke(connection.Driver);
        return connection;
    }

    private string ConnectionString(string file) => new SqliteConnectionStringBuilder(_connectionString)
    {
        DataSource = file,
        Mode = SqliteOpenMode.ReadWrite,
        Pooling = false,
        DefaultTimeout = 1, // Seconds that the driver waits on top of SQLite's busy timeout, which is at least as long.
    }.ToString();
}
