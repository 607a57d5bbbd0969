namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>A history of chosen calls by one user's clients. A seed decides only the order in which those at once take effect.</summary>
internal sealed class DirectedHistory : IDisposable
{
    private readonly Board _board = Board.InMemory(TestSessions.Start, tick: TimeSpan.FromMilliseconds(1));
    private readonly Interleaving _interleaving;
    private readonly ObservedManager _manager;
    private readonly List<HistoryClient> _clients;

    public DirectedHistory(ISessionStore store, int order)
    {
        var plan = new HistoryPlan(order, Number: 0, Operations: 0);
        _interleaving = new Interleaving(plan.RandomOf(-1));
        _manager = plan.ManagerOf(new PausingStore(store, plan.RandomOf(-2)), _board);
        _clients = [.. Enumerable.Range(0, 3).Select(client => new HistoryClient(
            plan, _manager.Sessions, _board, client, movesTime: true, _interleaving.Timestamp, Interleaving.PauseAsync))];
    }

    /// <summary>Signs the user in, and is the session.</summary>
    public KnownSession SignIn(int place)
    {
        AtOnce(it => it.CreateAsync(user: 0, presented: null, SessionLimitAction.Refuse, place));
        return _clients[0].Known[^1];
    }

    /// <summary>Does the calls at once, each by another client.</summary>
    public void AtOnce(params Func<HistoryClient, Task>[] calls) =>
        _interleaving.Run(calls.Select((call, client) => (Func<Task>)(() => call(_clients[client]))));

    public void Wait(TimeSpan time) => _board.Advance(time);

    /// <summary>Asks for all that is known, ends all, and says what was done.</summary>
    public IReadOnlyList<Operation> Finish()
    {
        var known = _clients.SelectMany(client => client.Known).ToList();
        _interleaving.Run(() => _clients[^1].FinishAsync(known));
        return [.. _clients.SelectMany(client => client.Operations), _manager.Alarms(_interleaving.Timestamp())];
    }

    public void Dispose() => _board.Dispose();
}
