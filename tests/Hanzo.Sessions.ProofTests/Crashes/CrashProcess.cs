using System.Diagnostics;
using System.Globalization;
using Hanzo.Sessions.ProofTests.CrashWorker;

namespace Hanzo.Sessions.ProofTests.Crashes;

/// <summary>Another process that uses a store: see the program of Hanzo.Sessions.ProofTests.CrashWorker.</summary>
internal sealed class CrashProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private CrashProcess(Process process) => (_process, _errors) = (process, process.StandardError.ReadToEndAsync());

    /// <summary>Starts one, and waits until it has its store open.</summary>
    public static async Task<CrashProcess> StartAsync(string task, string kind, string where, int seed, string bug = "none")
    {
        var program = Path.Combine(TestContext.CurrentContext.TestDirectory, "Hanzo.Sessions.ProofTests.CrashWorker.dll");
        string[] arguments = [program, task, kind, where, Guid.NewGuid().ToString("N"), seed.ToString(CultureInfo.InvariantCulture), bug];
        var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var it = new CrashProcess(process);
        Assert.That(await it.ReadLineAsync(), Is.EqualTo("ready"));
        return it;
    }

    public async Task<string> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync()
        ?? throw new InvalidOperationException($"The worker has ended:\n{await _errors}");

    public async Task GoOnAsync()
    {
        await _process.StandardInput.WriteLineAsync();
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Lets it work until it has been answered so often, and kills it: it gets no chance to do anything more.</summary>
    /// <returns>What it was told, up to its last whole line.</returns>
    public async Task<CrashLedger> KillInTheMiddleAsync(int answers)
    {
        var ledger = new CrashLedger();
        while (ledger.Acknowledged < answers)
        {
            ledger.Record(CrashEvent.Parse(await ReadLineAsync()));
        }

        _process.Kill();
        var rest = await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
        foreach (var line in rest.Split('\n')[..^1])
        {
            ledger.Record(CrashEvent.Parse(line));
        }

        return ledger;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
