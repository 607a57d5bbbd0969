namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>Does random things to the sessions of a few users, and writes down what came of it.</summary>
/// <param name="plan">The history.</param>
/// <param name="manager">Whom to ask: see <see cref="HistoryPlan.ManagerOf"/>.</param>
/// <param name="board">What all clients know.</param>
/// <param name="number">Which client: 0, 1, 2, ...</param>
/// <param name="movesTime">Whether this client's process may move the time.</param>
/// <param name="timestamp">The clock that orders the calls of all clients.</param>
/// <param name="pause">Runs between two operations.</param>
internal sealed class HistoryClient(
    HistoryPlan plan, SessionManager manager, Board board, int number, bool movesTime, Func<long> timestamp, Func<Task> pause)
{
    // Seconds, around the two timeouts, which are 10 and 20 minutes.
    private static readonly int[] Steps = [2, 30, 60, 299, 300, 301, 540, 598, 599, 599, 600, 601, 601];

    private static readonly SessionCaller Caller = SessionCaller.Service("proof");

    private readonly Random _random = plan.RandomOf(number);
    private readonly string _name = $"client {number}";
    private readonly List<KnownSession> _known = [];
    private readonly List<Operation> _operations = [];

    /// <summary>What was done, in order.</summary>
    public IReadOnlyList<Operation> Operations => _operations;

    /// <summary>Does as many operations as the plan says.</summary>
    public async Task RunAsync()
    {
        for (var count = 0; count < plan.Operations; count++)
        {
            await pause().ConfigureAwait(false);
            if (movesTime && _random.Next(3) == 0)
            {
                board.Advance(HistoryPlan.Resolution);
            }

            await StepAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The sessions whose tokens this client was handed.</summary>
    public IReadOnlyList<KnownSession> Known => _known;

    /// <summary>When all clients are done: asks for everything that is known, then ends all sessions.</summary>
    /// <param name="known">The sessions of the other clients, as far as their tokens are at hand.</param>
    public async Task FinishAsync(IEnumerable<KnownSession> known)
    {
        for (var user = 0; user < plan.Users.Count; user++)
        {
            await ListAsync(user).ConfigureAwait(false);
            for (var slot = 0; slot < Board.LastTokens; slot++)
            {
                if (board.Read(user, slot) is { } session)
                {
                    await ValidateAsync(session, passive: true).ConfigureAwait(false);
                }
            }
        }

        foreach (var session in known.ToList())
        {
            await ValidateAsync(session, passive: false).ConfigureAwait(false);
        }

        for (var user = 0; user < plan.Users.Count; user++)
        {
            await CreateAsync(user, null, SessionLimitAction.Refuse).ConfigureAwait(false);
            await TerminateAllAsync(user).ConfigureAwait(false);
            await ListAsync(user).ConfigureAwait(false);
        }

        await CleanUpAsync().ConfigureAwait(false);
    }

    private Task StepAsync()
    {
        var user = _random.Next(plan.Users.Count);
        var session = Pick(user);
        return (_random.Next(100), session) switch
        {
            (_, null) or ( < 20, _) => CreateAsync(user, null, Action()),
            ( < 26, var live) => CreateAsync(user, live.Token, Action()),
            ( < 58, var live) => ValidateAsync(live, passive: false),
            ( < 62, var live) => ValidateAsync(live, passive: true),
            ( < 70, var live) => RotateAsync(live),
            ( < 76, var live) => TerminateAsync(live),
            ( < 78, var live) => TerminateOthersAsync(live),
            ( < 81, _) => TerminateAllAsync(user),
            ( < 88, _) => ListAsync(user),
            ( < 92, _) => ListRecordsAsync(user),
            ( < 96, _) => CleanUpAsync(),
            ( < 100, _) when movesTime => MoveTimeAsync(),
            _ => CreateAsync(user, null, Action()),
        };
    }

    private SessionLimitAction Action() =>
        _random.Next(2) == 0 ? SessionLimitAction.Refuse : HistoryPlan.Actions[_random.Next(HistoryPlan.Actions.Count)];

    /// <summary>Two thirds of the picks are among the last six tokens of the user; the others may be long dead.</summary>
    private KnownSession? Pick(int user) =>
        _random.Next(3) < 2 || _known.Count == 0
            ? board.Read(user, _random.Next(Board.LastTokens))
            : _known[_random.Next(_known.Count)];

    private Task CreateAsync(int user, string? presented, SessionLimitAction action) => DoAsync(
        new Operation
        {
            Kind = OperationKind.Create,
            Client = _name,
            User = plan.Users[user].Name,
            Token = HashOf(presented),
            Evicts = action != SessionLimitAction.Refuse,
        },
        async operation =>
        {
            try
            {
                var issued = await manager.CreateAsync(new NewSession
                {
                    User = plan.Users[user],
                    Application = HistoryPlan.ApplicationOf(action),
                    PresentedToken = presented,
                }).ConfigureAwait(false);
                operation.Session = SessionFact.Of(issued.Session);
                Know(operation, user, issued);
            }
            catch (SessionLimitExceededException refusal)
            {
                operation.IsRefused = true;
                operation.Listed = [.. refusal.ActiveSessions.Select(SessionFact.Of)];
            }
        });

    private Task ValidateAsync(KnownSession session, bool passive) => DoAsync(
        Of(passive ? OperationKind.ValidatePassively : OperationKind.Validate, session),
        async operation =>
        {
            var validation = await manager.ValidateAsync(session.Token, passive).ConfigureAwait(false);
            operation.Session = validation.Session is { } found ? SessionFact.Of(found) : null;
            operation.Status = validation.Status;
        });

    private Task RotateAsync(KnownSession session) => DoAsync(
        Of(OperationKind.Rotate, session),
        async operation =>
        {
            if (await manager.RotateAsync(session.Token).ConfigureAwait(false) is { } issued)
            {
                operation.Session = SessionFact.Of(issued.Session);
                Know(operation, session.User, issued);
            }
        });

    private Task TerminateAsync(KnownSession session) => DoAsync(
        Of(OperationKind.Terminate, session),
        _ => manager.TerminateAsync(plan.Users[session.User], session.Id, Caller));

    private Task TerminateAllAsync(int user) => DoAsync(
        About(OperationKind.TerminateAll, user),
        _ => manager.TerminateAllAsync(plan.Users[user], Caller));

    private Task TerminateOthersAsync(KnownSession session) => DoAsync(
        Of(OperationKind.TerminateOthers, session),
        _ => manager.TerminateMatchingAsync(SessionFilter.Of(plan.Users[session.User]) with { Except = session.Id }, Caller));

    private Task ListAsync(int user) => DoAsync(
        About(OperationKind.List, user),
        async operation =>
        {
            var page = await manager.ListAsync(Own(user)).ConfigureAwait(false);
            operation.Listed = [.. page.Items.Select(SessionFact.Of)];
        });

    private Task ListRecordsAsync(int user) => DoAsync(
        About(OperationKind.ListRecords, user),
        async operation =>
        {
            var page = await manager.ListRecordsAsync(Own(user)).ConfigureAwait(false);
            operation.Listed = [.. page.Items.SelectMany(record => record.Sessions).Select(SessionFact.Of)];
        });

    private Task CleanUpAsync() => DoAsync(
        new Operation { Kind = OperationKind.CleanUp, Client = _name }, _ => manager.CleanUpAsync());

    private Task MoveTimeAsync() => DoAsync(
        new Operation { Kind = OperationKind.MoveTime, Client = _name },
        operation =>
        {
            operation.Saw(board.Advance(TimeSpan.FromSeconds(Steps[_random.Next(Steps.Length)])));
            return Task.CompletedTask;
        });

    private SessionQuery Own(int user) => new()
    {
        Filter = SessionFilter.Of(plan.Users[user]),
        Limit = SessionQuery.MaxLimit,
        Total = SessionTotalMode.None,
    };

    private Operation About(OperationKind kind, int user) =>
        new() { Kind = kind, Client = _name, User = plan.Users[user].Name };

    private Operation Of(OperationKind kind, KnownSession session) => new()
    {
        Kind = kind,
        Client = _name,
        User = plan.Users[session.User].Name,
        Target = session.Id.ToString(),
        Token = HashOf(session.Token),
    };

    private void Know(Operation operation, int user, IssuedSession issued)
    {
        var known = new KnownSession(user, issued.Session.Id, issued.Token.Reveal());
        operation.NewToken = HashOf(known.Token);
        _known.Add(known);
        board.Publish(user, known);
    }

    private async Task DoAsync(Operation operation, Func<Operation, Task> call)
    {
        _operations.Add(operation);
        Recording.Current = operation;
        operation.Start = timestamp();
        try
        {
            await call(operation).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is StoreFaultException or SessionClockException)
        {
            operation.IsFailed = true; // A call that the clocks forbid is no fact.
        }
#pragma warning disable CA1031 // Whatever it is: the checker reports it.
        catch (Exception unexpected)
#pragma warning restore CA1031
        {
            operation.IsFailed = true;
            operation.Error = unexpected.ToString();
        }

        operation.End = timestamp();
        Recording.Current = null;
    }

    private static string? HashOf(string? token) =>
        SessionToken.TryParse(token, out var parsed) ? Convert.ToHexString(parsed.Hash().ToArray()) : null;
}
