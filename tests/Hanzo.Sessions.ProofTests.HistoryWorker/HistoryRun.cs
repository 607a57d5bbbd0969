using System.Diagnostics;

namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>Some clients of one history, each on a thread of its own, all in this process.</summary>
internal sealed class HistoryRun
{
    private readonly (ObservedManager Manager, HistoryClient Client)[] _clients;

    /// <param name="plan">The history.</param>
    /// <param name="store">The store that is attacked.</param>
    /// <param name="board">What all clients share.</param>
    /// <param name="firstClient">The number of the first client here.</param>
    /// <param name="clients">How many.</param>
    /// <param name="comparesClocks">Whether the clock of the store is compared with that of the clients.</param>
    public HistoryRun(HistoryPlan plan, ISessionStore store, Board board, int firstClient, int clients, bool comparesClocks = false)
    {
        _clients =
        [
            .. Enumerable.Range(firstClient, clients).Select(number =>
            {
                var manager = plan.ManagerOf(store, board, comparesClocks);
                return (manager, new HistoryClient(
                    plan, manager.Sessions, board, number, movesTime: firstClient == 0, Stopwatch.GetTimestamp, GiveWay));
            }),
        ];
    }

    public IEnumerable<KnownSession> Known => _clients.SelectMany(it => it.Client.Known);

    /// <summary>Runs all clients at once.</summary>
    public IReadOnlyList<Operation> Run()
    {
        using var start = new Barrier(_clients.Length);
        var threads = _clients.Select(it => new Thread(() =>
        {
            start.SignalAndWait();
            it.Client.RunAsync().GetAwaiter().GetResult();
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return [.. _clients.SelectMany(it => it.Client.Operations), .. _clients.Select(it => it.Manager.Alarms(Stopwatch.GetTimestamp()))];
    }

    // Two cores and eight threads: without this a fast call is never interrupted.
    private static Task GiveWay()
    {
        Thread.Yield();
        return Task.CompletedTask;
    }
}
