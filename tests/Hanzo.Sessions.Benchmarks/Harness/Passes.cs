using System.Diagnostics;
using System.Globalization;

namespace Hanzo.Sessions.Benchmarks.Harness;

/// <summary>
/// Runs each pass in a process of its own: how the runtime happens to compile and place things is decided once in a
/// process, and moves a ratio by more than its rounds do.
/// </summary>
internal static class Passes
{
    /// <summary>The exit code of the last pass, or of the one that failed.</summary>
    public static async Task<int> RunAsync(int passes, string[] arguments)
    {
        var file = Path.GetTempFileName();
        try
        {
            var exitCode = 0;
            for (var pass = 0; pass < passes && exitCode == 0; pass++)
            {
                Console.WriteLine();
                Console.WriteLine(FormattableString.Invariant($"Pass {pass + 1} of {passes}"));
                exitCode = await RunAsync([.. arguments, "--pass", pass.ToString(CultureInfo.InvariantCulture), file]);
            }

            return exitCode;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<int> RunAsync(string[] arguments)
    {
        var program = Environment.ProcessPath!;
        var isHost = string.Equals(Path.GetFileNameWithoutExtension(program), "dotnet", StringComparison.Ordinal);
        using var process = Process.Start(program, isHost ? [Environment.GetCommandLineArgs()[0], .. arguments] : arguments);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
