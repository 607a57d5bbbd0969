using System.Diagnostics;

namespace Hanzo.Sessions.StoreTests.Sqlite;

/// <summary>A second process that uses a session file.</summary>
internal sealed class SqliteWorker : IDisposable
{
    private readonly Process _process;

    private SqliteWorker(Process process) => _process = process;

    /// <summary>Starts a worker. Its first line is <c>ready</c>, or <c>refused</c> and why.</summary>
    public static SqliteWorker Start(string task, string file, bool sharedByProcesses = false)
    {
        var program = Path.Combine(TestContext.CurrentContext.TestDirectory, "Hanzo.Sessions.StoreTests.SqliteWorker.dll");
        var start = new ProcessStartInfo("dotnet", [program, task, file, sharedByProcesses ? "shared" : "alone"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new SqliteWorker(Process.Start(start)!);
    }

    public async Task<string> ReadAsync() =>
        await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The worker has ended.");

    public Task GoOnAsync() => _process.StandardInput.WriteLineAsync();

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
