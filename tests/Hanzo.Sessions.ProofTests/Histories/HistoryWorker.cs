using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>The second process of a history: see the program of Hanzo.Sessions.ProofTests.HistoryWorker.</summary>
internal sealed class HistoryWorker : IDisposable
{
    private readonly Process _process;

    private HistoryWorker(Process process) => _process = process;

    /// <summary>Starts the process, waits until its store is open, and makes sure that its clock is ours.</summary>
    public static async Task<HistoryWorker> StartAsync(string kind, string place, string boardFile)
    {
        var program = Path.Combine(TestContext.CurrentContext.TestDirectory, "Hanzo.Sessions.ProofTests.HistoryWorker.dll");
        var start = new ProcessStartInfo("dotnet", [program, kind, place, boardFile])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var worker = new HistoryWorker(Process.Start(start)!);
        try
        {
            await worker.ExpectReadyAsync();
            for (var look = 0; look < 20; look++)
            {
                var before = Stopwatch.GetTimestamp();
                var there = long.Parse(await worker.AskAsync("clock"), CultureInfo.InvariantCulture);
                Assert.That(there, Is.InRange(before, Stopwatch.GetTimestamp()), "The two processes have no clock in common.");
            }
        }
        catch
        {
            worker.Dispose();
            throw;
        }

        return worker;
    }

    /// <summary>Runs this process' clients and the other's at once.</summary>
    public async Task<IReadOnlyList<Operation>> RunAsync(HistoryPlan plan, HistoryRun here)
    {
        await _process.StandardInput.WriteLineAsync($"run {plan.Seed} {plan.Number} {plan.Operations}");
        await ExpectReadyAsync();
        await _process.StandardInput.WriteLineAsync("go");
        var own = here.Run();
        var others = JsonSerializer.Deserialize<List<Operation>>(await ReadAsync())!;
        return [.. own, .. others];
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task<string> AskAsync(string question)
    {
        await _process.StandardInput.WriteLineAsync(question);
        return await ReadAsync();
    }

    private async Task ExpectReadyAsync() => Assert.That(await ReadAsync(), Is.EqualTo("ready"));

    private async Task<string> ReadAsync() =>
        await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The worker has ended.");
}
