using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>The second process of a history: see the program of Hanzo.Sessions.ProofTests.HistoryWorker.</summary>
internal sealed class HistoryWorker : IAsyncDisposable
{
    private readonly WorkerProcess _process;

    private HistoryWorker(WorkerProcess process) => _process = process;

    /// <summary>Starts the process, waits until its store is open, and makes sure that its clock is ours.</summary>
    public static async Task<HistoryWorker> StartAsync(string kind, string place, string boardFile)
    {
        var worker = new HistoryWorker(WorkerProcess.Start("Hanzo.Sessions.ProofTests.HistoryWorker", kind, place, boardFile));
        try
        {
            await worker.ExpectReadyAsync();
            for (var look = 0; look < 20; look++)
            {
                var before = Stopwatch.GetTimestamp();
                await worker._process.WriteLineAsync("clock");
                var there = long.Parse(await worker._process.ReadLineAsync(), CultureInfo.InvariantCulture);
                Assert.That(there, Is.InRange(before, Stopwatch.GetTimestamp()), "The two processes have no clock in common.");
            }
        }
        catch
        {
            await worker.DisposeAsync();
            throw;
        }

        return worker;
    }

    /// <summary>Runs this process' clients and the other's at once.</summary>
    public async Task<IReadOnlyList<Operation>> RunAsync(HistoryPlan plan, HistoryRun here)
    {
        await _process.WriteLineAsync($"run {plan.Seed} {plan.Number} {plan.Operations}");
        await ExpectReadyAsync();
        await _process.WriteLineAsync("go");
        var own = here.Run();
        var others = JsonSerializer.Deserialize<List<Operation>>(await _process.ReadLineAsync())!;
        return [.. own, .. others];
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task ExpectReadyAsync() => Assert.That(await _process.ReadLineAsync(), Is.EqualTo("ready"));
}
