using System.Diagnostics;

namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>Some clients of one history, each on a thread of its own, all in this process.</summary>
/// <param name="plan">The history.</param>
/// <param name="store">The store that is attacked.</param>
/// <param name="board">What all clients share.</param>
/// <param name="firstClient">The number of the first client here.</param>
/// <param name="clients">How many.</param>
/// <param name="comparesClocks">Whether the clock of the store is compared with that of the clients.</param>
internal sealed class HistoryRun(
    HistoryPlan plan, ISessionStore store, Board board, int firstClient, int clients, bool comparesClocks = false)
{
    private readonly HistoryClient[] _clients =
    [
        .. Enumerable.Range(firstClient, clients).Select(number => new HistoryClient(
            plan, HistoryPlan.ManagerOf(store, board, comparesClocks), board, number, movesTime: firstClient == 0, Stopwatch.GetTimestamp, GiveWay)),
    ];

    public IEnumerable<KnownSession> Known => _clients.SelectMany(client => client.Known);

    /// <summary>Runs all clients at once.</summary>
    public IReadOnlyList<Operation> Run()
    {
        using var start = new Barrier(_clients.Length);
        var threads = _clients.Select(client => new Thread(() =>
        {
            start.SignalAndWait();
            client.RunAsync().GetAwaiter().GetResult();
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return [.. _clients.SelectMany(client => client.Operations)];
    }

    // Two cores and eight threads: without this a fast call is never interrupted.
    private static Task GiveWay()
    {
        Thread.Yield();
        return Task.CompletedTask;
    }
}
