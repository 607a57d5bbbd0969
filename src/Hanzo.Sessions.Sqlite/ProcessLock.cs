namespace Hanzo.Sessions.Sqlite;

/// <summary>
/// Says which processes may use a session file: one alone, or several that all know of each other. It is a lock of
/// the operating system on a file of its own beside the session file, so it goes with its process however that ends.
/// </summary>
/// <remarks>It cannot be on the session file itself: closing any handle of a file drops SQLite's own locks on it.</remarks>
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
                $"The session file '{file}' is in use by another process{(shared ? " alone" : string.Empty)}. "
                + $"Let one process use it, or set {nameof(SqliteSessionStoreOptions.SharedByProcesses)} in all of them.",
                refusal);
        }

        if (!Excludes(path))
        {
            held.Dispose();
            throw new InvalidOperationException(
                $"The session file '{file}' is where files cannot be locked (a network drive, or file locking is switched off). "
                + "SQLite needs a local disk.");
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

    // A lock that does not keep anybody out would be worse than none.
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

    // Linux, macOS, Windows: such a failure has no type of its own.
    private static bool IsInUse(IOException fault) => fault.HResult is 11 or 35 or unchecked((int)0x80070020);
}
