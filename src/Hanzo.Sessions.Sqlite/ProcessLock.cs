using System.Diagnostics;

namespace Hanzo.Sessions.Sqlite;

/// <summary>
/// Locks a session file for one process, or for several that all share it. The operating system holds the lock on a
/// separate file, so it ends with the process, even if that crashes.
/// </summary>
/// <remarks>The session file itself cannot carry the lock: closing any handle of a file drops SQLite's own locks on it.</remarks>
internal static class ProcessLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Takes the lock, on the caller's thread.</summary>
    /// <param name="file">The session file.</param>
    /// <param name="shared">Whether other processes may share it.</param>
    /// <param name="patience">How long to wait for a process that has it: in a restart, the old one may still be stopping.</param>
    public static FileStream Acquire(string file, bool shared, TimeSpan patience)
    {
        var path = file + "-lock";
        var started = Stopwatch.GetTimestamp();
        FileStream? held;
        while ((held = TryOpen(path, shared, out var refusal)) is null)
        {
            if (Stopwatch.GetElapsedTime(started) >= patience)
            {
                throw new InvalidOperationException(
                    $"The session file '{file}' is in use by another process{(shared ? " that does not share it" : string.Empty)}, "
                    + $"and stayed so for {patience}. Use it from one process, or set {nameof(SqliteSessionStoreOptions.SharedByProcesses)} in all of them.",
                    refusal);
            }

            Thread.Sleep(Pause);
        }

        if (!Excludes(path))
        {
            held.Dispose();
            throw new InvalidOperationException(
                $"The session file '{file}' is in a folder where files cannot be locked (a network drive, or file locking is switched off). "
                + "Move it to a local disk.");
        }

        return held;
    }

    private static FileStream? TryOpen(string path, bool shared, out IOException? refusal)
    {
        try
        {
            refusal = null;
            return Open(path, shared);
        }
        catch (IOException fault) when (IsInUse(fault))
        {
            refusal = fault;
            return null;
        }
    }

    private static FileStream Open(string path, bool shared)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = shared ? FileAccess.Read : FileAccess.ReadWrite,
            Share = shared ? FileShare.Read : FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = SessionFile.OwnerOnly;
        }

        return new FileStream(path, options);
    }

    // A lock that keeps no other process out would be worse than none.
    private static bool Excludes(string path)
    {
        using var second = TryOpen(path, shared: false, out _);
        return second is null;
    }

    // The codes of Linux, macOS and Windows: .NET has no exception type for a locked file.
    private static bool IsInUse(IOException fault) => fault.HResult is 11 or 35 or unchecked((int)0x80070020);
}
