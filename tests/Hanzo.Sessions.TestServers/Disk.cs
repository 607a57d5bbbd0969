using System.Diagnostics;

namespace Hanzo.Sessions.TestServers;

/// <summary>A small file system in memory, for what a real disk does when it is full or read-only. Needs root on Linux.</summary>
public sealed class Disk : IDisposable
{
    private readonly string _path;

    private Disk(string path) => _path = path;

    public string File => Path.Combine(_path, "sessions.db");

    /// <summary>
    /// Mounts one in a folder. A machine that does not allow that skips the test, with CI=true as well: nothing that
    /// could be installed changes it.
    /// </summary>
    public static Disk Mount(string folder, int kilobytes)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("Only root can mount a small disk, and on Linux only.");
        }

        var path = Directory.CreateDirectory(Path.Combine(folder, "disk")).FullName;
        if (!TryRun("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", path))
        {
            Assert.Ignore("This machine does not allow to mount a disk.");
        }

        return new Disk(path);
    }

    public void TurnReadOnly() => Assert.That(TryRun("mount", "-o", "remount,ro", _path), "The disk turns read-only.");

    /// <summary>Writes until nothing more fits. What it answers gives the space back.</summary>
    public string Fill()
    {
        var filler = Path.Combine(_path, "filler");
        using var stream = new FileStream(filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var size in new[] { 65536, 4096, 1 })
        {
            try
            {
                while (true)
                {
                    stream.Write(new byte[size]);
                }
            }
            catch (IOException)
            {
                // Full, for this size.
            }
        }

        return filler;
    }

    public void Dispose() => TryRun("umount", "--lazy", _path);

    private static bool TryRun(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
