namespace Hanzo.Sessions.Sqlite;

/// <summary>
/// Locks a session file for one process, or for several that all share it. The operating system holds the lock on a
/// separate file, so it ends with the process, even if that crashes.
/// </summary>
/// <remarks>The session file itself cannot carry the lock: closing any handle of a file drops SQLite's own locks on it.</remarks>
internal static class ProcessLock
{
    public static FileStream Acquire(string file, bool shared)
    {
        var path = file + "-lock";
        FileStream held;
        try
        {
            held = Open(path, shared);
        }
        catch (IOException refusal) when (IsInUse(refusal))
        {
            throw new InvalidOperationException(
                $"The session file '{file}' is in use by another process{(shared ? " that does not share it" : string.Empty)}. "
                + $"Use it from one process, or set {nameof(SqliteSessionStoreOptions.SharedByProcesses)} in all of them.",
                refusal);
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
        try
        {
            using var second = Open(path, shared: false);
            return false;
        }
        catch (IOException refusal) when (IsInUse(refusal))
        {
            return true;
        }
    }

    // The codes of Linux, macOS and Windows: .NET has no exception type for a locked file.
    private static bool IsInUse(IOException fault) => fault.HResult is 11 or 35 or unchecked((int)0x80070020);
}
