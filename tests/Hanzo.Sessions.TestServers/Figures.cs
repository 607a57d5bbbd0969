namespace Hanzo.Sessions.TestServers;

/// <summary>What suites have counted, for <c>tests/run.sh</c> to print at its end.</summary>
public static class Figures
{
    private const string FileVariable = "HANZO_SESSIONS_FIGURES";

    private static readonly Lock FileLock = new();

    /// <summary>Prints the figures of a suite, and adds them to the file that HANZO_SESSIONS_FIGURES names, if it names one.</summary>
    /// <param name="figures">One line, such as <c>memory: histories=100 operations=24000 violations=0</c>.</param>
    public static void Report(string figures)
    {
        TestContext.Progress.WriteLine(figures);
        if (Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } file)
        {
            lock (FileLock)
            {
                File.AppendAllText(file, figures + Environment.NewLine);
            }
        }
    }
}
