using System.Runtime.InteropServices;

namespace Hanzo.Sessions.Sqlite;

/// <summary>Gives a complete file its name, unless another process has created a file of that name.</summary>
internal static partial class NewFile
{
    /// <exception cref="IOException">A file of that name exists; it is left alone.</exception>
    public static void Publish(string complete, string path)
    {
        // On Unix File.Move looks first and then replaces whatever another process has created in between; a link never does.
        // Where the link fails, File.Move says that the name is taken, or serves a file system without hard links.
        if (OperatingSystem.IsWindows() || Link(complete, path) != 0)
        {
            File.Move(complete, path);
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);
}
