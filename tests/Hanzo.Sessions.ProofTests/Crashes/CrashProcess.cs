using System.Globalization;
using Hanzo.Sessions.ProofTests.CrashWorker;

namespace Hanzo.Sessions.ProofTests.Crashes;

/// <summary>Another process that uses a store: see the program of Hanzo.Sessions.ProofTests.CrashWorker.</summary>
internal sealed class CrashProcess : IAsyncDisposable
{
    private readonly WorkerProcess _process;

    private CrashProcess(WorkerProcess process) => _process = process;

    /// <summary>Starts one, and waits until it has its store open.</summary>
    public static async Task<CrashProcess> StartAsync(string task, string kind, string where, int seed, string bug = "none")
    {
        var it = new CrashProcess(WorkerProcess.Start(
            "Hanzo.Sessions.ProofTests.CrashWorker",
            task,
            kind,
            where,
            Guid.NewGuid().ToString("N"),
            seed.ToString(CultureInfo.InvariantCulture),
            bug));
        try
        {
            Assert.That(await it.ReadLineAsync(), Is.EqualTo("ready"));
        }
        catch
        {
            await it.DisposeAsync();
            throw;
        }

        return it;
    }

    public Task<string> ReadLineAsync() => _process.ReadLineAsync();

    public Task GoOnAsync() => _process.WriteLineAsync();

    /// <summary>Lets it work until it has been answered so often, and kills it: it gets no chance to do anything more.</summary>
    /// <returns>What it was told, up to its last whole line.</returns>
    public async Task<CrashLedger> KillInTheMiddleAsync(int answers)
    {
        var ledger = new CrashLedger();
        while (ledger.Acknowledged < answers)
        {
            ledger.Record(CrashEvent.Parse(await ReadLineAsync()));
        }

        var rest = await _process.KillAsync();
        foreach (var line in rest.Split('\n')[..^1])
        {
            ledger.Record(CrashEvent.Parse(line));
        }

        return ledger;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
