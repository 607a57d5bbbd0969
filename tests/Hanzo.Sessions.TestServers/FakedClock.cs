using System.Globalization;

namespace Hanzo.Sessions.TestServers;

/// <summary>
/// The wall clock of another process, set from outside by libfaketime (Debian's package <c>libfaketime</c>). Time that passes is
/// not faked, as on a machine whose clock is set.
/// </summary>
public sealed class FakedClock : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"hanzo-clock-{Guid.NewGuid():N}");

    /// <param name="ahead">How far it is ahead of the machine's clock; negative when it is behind.</param>
    public FakedClock(TimeSpan ahead)
    {
        Require();
        Set(ahead);
    }

    /// <summary>What a process needs to have this clock.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["LD_PRELOAD"] = Library!,
        ["FAKETIME_TIMESTAMP_FILE"] = _file,
        ["FAKETIME_NO_CACHE"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        ["DONT_FAKE_MONOTONIC"] = "1",
    };

    private static string? Library { get; } = new[] { "/usr/lib", "/usr/lib64", "/usr/local/lib" }
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateDirectories(folder).Append(folder))
        .Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1"))
        .FirstOrDefault(File.Exists);

    /// <summary>Skips the test where there is no libfaketime, or fails it when CI=true.</summary>
    public static void Require()
    {
        if (Library is null)
        {
            Needs.Missing("libfaketime is not installed.");
        }
    }

    /// <summary>Sets the clock, while the process runs.</summary>
    public void Set(TimeSpan ahead)
    {
        var written = _file + "-new";
        File.WriteAllText(written, ahead.TotalSeconds.ToString("+0;-0", CultureInfo.InvariantCulture) + "\n");
        File.Move(written, _file, overwrite: true);
    }

    public void Dispose() => File.Delete(_file);
}
