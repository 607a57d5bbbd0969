namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>One history whose interleaving a seed decides: it can be replayed to the last step.</summary>
internal static class InterleavedHistory
{
    private const int Clients = 6;
    private const int OperationsOfEach = 16;

    /// <summary>Runs the history.</summary>
    /// <param name="seed">Decides everything.</param>
    /// <param name="number">Which history of the seed.</param>
    /// <param name="network">What lies between the manager and the store.</param>
    /// <param name="store">The store, empty.</param>
    /// <returns>What was done.</returns>
    public static IReadOnlyList<Operation> Run(int seed, int number, ISessionStore store, Func<ISessionStore, Random, ISessionStore> network)
    {
        var plan = new HistoryPlan(seed, number, OperationsOfEach);
        var interleaving = new Interleaving(plan.RandomOf(-1));
        using var board = Board.InMemory(TestSessions.Start, tick: TimeSpan.FromMilliseconds(1));
        var manager = plan.ManagerOf(network(store, plan.RandomOf(-2)), board);
        var clients = Enumerable.Range(0, Clients)
            .Select(client => new HistoryClient(
                plan, manager.Sessions, board, client, movesTime: true, interleaving.Timestamp, Interleaving.PauseAsync))
            .ToList();
        interleaving.Run(clients.Select(client => (Func<Task>)client.RunAsync));

        // When all is quiet nothing fails any more, and everything must be as it was answered.
        var lastManager = plan.ManagerOf(store, board);
        var last = new HistoryClient(
            plan, lastManager.Sessions, board, Clients, movesTime: true, interleaving.Timestamp, Interleaving.PauseAsync);
        interleaving.Run(() => last.FinishAsync(clients.SelectMany(client => client.Known)));
        return
        [
            .. clients.Append(last).SelectMany(client => client.Operations),
            manager.Alarms(interleaving.Timestamp()),
            lastManager.Alarms(interleaving.Timestamp()),
        ];
    }
}
