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

    private static readonly DateTimeOffset Never = new(2999, 1, 1, 0, 0, 0, TimeSpan.Zero);

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
            await ListHistoryAsync(user).ConfigureAwait(false);
        }

        await CleanUpAsync().ConfigureAwait(false);
        await ForgetAsync(user: 0).ConfigureAwait(false);
        if (plan.Adopts)
        {
            await AdoptAsync(user: 0, number: 0).ConfigureAwait(false);
        }

        await ListHistoryAsync(user: 0).ConfigureAwait(false);
        foreach (var session in _known.Where(it => it.User == 0).ToList())
        {
            await ValidateAsync(session, passive: true).ConfigureAwait(false);
        }
    }

    private Task StepAsync()
    {
        var user = _random.Next(plan.Users.Count);
        var session = Pick(user);
        return (_random.Next(100), session) switch
        {
            (_, null) or ( < 18, _) => CreateAsync(user, null, Action()),
            ( < 23, var live) => CreateAsync(user, live.Token, Action()),
            ( < 36, var live) => ValidateAsync(live, passive: false),
            ( < 54, var live) => ValidateAsync(live, passive: _random.Next(3) == 0, Place(), inTwoSteps: _random.Next(4) == 0),
            ( < 57, var live) => ValidateAsync(live, passive: true),
            ( < 63, var live) => RotateAsync(live),
            ( < 68, var live) => TerminateAsync(live),
            ( < 70, var live) => TerminateOthersAsync(live),
            ( < 72, _) => TerminateAllAsync(user),
            ( < 74, var live) => RenewAsync(live),
            ( < 76, _) => ForgetAsync(user),
            ( < 79, _) when plan.Adopts => AdoptAsync(user, _random.Next(2)),
            ( < 84, _) => ListAsync(user),
            ( < 87, _) => ListRecordsAsync(user),
            ( < 92, _) => ListHistoryAsync(user),
            ( < 96, _) => CleanUpAsync(),
            ( < 100, _) when movesTime => MoveTimeAsync(),
            _ => CreateAsync(user, null, Action()),
        };
    }

    private int Place() => _random.Next(Places.All.Count);

    private SessionLimitAction Action() =>
        _random.Next(2) == 0 ? SessionLimitAction.Refuse : HistoryPlan.Actions[_random.Next(HistoryPlan.Actions.Count)];

    /// <summary>Two thirds of the picks are among the last six tokens of the user; the others may be long dead.</summary>
    private KnownSession? Pick(int user) =>
        _random.Next(3) < 2 || _known.Count == 0
            ? board.Read(user, _random.Next(Board.LastTokens))
            : _known[_random.Next(_known.Count)];

    public Task CreateAsync(int user, string? presented, SessionLimitAction action, int? place = null) => DoAsync(
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
                var issued = await manager.CreateAsync(
                    NewSession(user, action, place ?? Place()) with { PresentedToken = presented }).ConfigureAwait(false);
                operation.Session = SessionFact.Of(issued.Session);
                Know(operation, user, issued.Session, issued.Token);
            }
            catch (SessionLimitExceededException refusal)
            {
                operation.IsRefused = true;
                operation.Listed = [.. refusal.ActiveSessions.Select(SessionFact.Of)];
            }
        });

    public Task AdoptAsync(int user, int number)
    {
        var token = plan.OldSignIn(user, number);
        return DoAsync(
            new Operation { Kind = OperationKind.Adopt, Client = _name, User = plan.Users[user].Name, Token = HashOf(token.Reveal()) },
            async operation =>
            {
                if (await manager.AdoptAsync(NewSession(user, Action(), Place()), token, Never).ConfigureAwait(false))
                {
                    operation.NewToken = operation.Token;
                    Know(user, SessionId.Parse(operation.Session!.Id), token);
                }
            });
    }

    private NewSession NewSession(int user, SessionLimitAction action, int place) => new()
    {
        User = plan.Users[user],
        Application = HistoryPlan.ApplicationOf(action),
        IpAddress = Places.All[place].IpAddress,
        UserAgent = Places.All[place].UserAgent,
    };

    /// <summary>Validates a token.</summary>
    /// <param name="session">The session and the token.</param>
    /// <param name="passive">Whether the request is no activity.</param>
    /// <param name="place">Where it comes from.</param>
    /// <param name="inTwoSteps">Whether it does a check of its own in between, as the web package does.</param>
    public Task ValidateAsync(KnownSession session, bool passive, int? place = null, bool inTwoSteps = false) => DoAsync(
        Of(passive ? OperationKind.ValidatePassively : OperationKind.Validate, session, place),
        async operation =>
        {
            var from = place is { } number ? Places.All[number] : default;
            var validation = await manager.ValidateAsync(session.Token, inTwoSteps ? default : from, passive || inTwoSteps).ConfigureAwait(false);
            var found = validation.Session;
            if (inTwoSteps && validation.IsActive)
            {
                found = await manager.RecordUseAsync(validation.Session, from, passive).ConfigureAwait(false);
                if (found is null)
                {
                    validation = await manager.ValidateAsync(session.Token, from, passive).ConfigureAwait(false);
                    found = validation.Session;
                }
            }

            operation.Session = found is null ? null : SessionFact.Of(found);
            operation.Status = validation.Status;
        });

    public Task RotateAsync(KnownSession session) => DoAsync(
        Of(OperationKind.Rotate, session),
        async operation =>
        {
            if (await manager.RotateAsync(session.Token).ConfigureAwait(false) is { } issued)
            {
                operation.Session = SessionFact.Of(issued.Session);
                Know(operation, session.User, issued.Session, issued.Token);
            }
        });

    public Task RenewAsync(KnownSession session) => DoAsync(
        Of(OperationKind.Renew, session),
        async operation =>
        {
            var user = plan.Users[session.User];
            var renewal = await manager.RenewAsync(user, session.Token, SessionActor.Of(user)).ConfigureAwait(false);
            if (renewal.Current is { } issued)
            {
                operation.Session = SessionFact.Of(issued.Session);
                Know(operation, session.User, issued.Session, issued.Token);
            }
        });

    public Task ForgetAsync(int user) => DoAsync(
        About(OperationKind.Forget, user),
        _ => manager.ForgetAsync(plan.Users[user], Caller.Actor));

    public Task TerminateAsync(KnownSession session) => DoAsync(
        Of(OperationKind.Terminate, session),
        _ => manager.TerminateAsync(plan.Users[session.User], session.Id, Caller));

    public Task TerminateAllAsync(int user) => DoAsync(
        About(OperationKind.TerminateAll, user),
        _ => manager.TerminateAllAsync(plan.Users[user], Caller));

    public Task TerminateOthersAsync(KnownSession session) => DoAsync(
        Of(OperationKind.TerminateOthers, session),
        _ => manager.TerminateMatchingAsync(SessionFilter.Of(plan.Users[session.User]) with { Except = session.Id }, Caller));

    public Task ListAsync(int user) => DoAsync(
        About(OperationKind.List, user),
        async operation =>
        {
            var page = await manager.ListAsync(Own(user)).ConfigureAwait(false);
            operation.Listed = [.. page.Items.Select(SessionFact.Of)];
        });

    public Task ListRecordsAsync(int user) => DoAsync(
        About(OperationKind.ListRecords, user),
        async operation =>
        {
            var page = await manager.ListRecordsAsync(Own(user)).ConfigureAwait(false);
            operation.Listed = [.. page.Items.SelectMany(record => record.Sessions).Select(SessionFact.Of)];
        });

    public Task ListHistoryAsync(int user) => DoAsync(
        About(OperationKind.ListHistory, user),
        async operation =>
        {
            var page = await manager.ListHistoryAsync(Own(user)).ConfigureAwait(false);
            operation.Listed = [.. page.Items.Select(SessionFact.Of)];
        });

    public Task CleanUpAsync() => DoAsync(
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

    private Operation Of(OperationKind kind, KnownSession session, int? place = null) => new()
    {
        Place = place,
        EndsMoves = plan.EndsMoves,
        Kind = kind,
        Client = _name,
        User = plan.Users[session.User].Name,
        Target = session.Id.ToString(),
        Token = HashOf(session.Token),
    };

    private void Know(Operation operation, int user, Session session, SessionToken token)
    {
        operation.NewToken = HashOf(token.Reveal());
        Know(user, session.Id, token);
    }

    private void Know(int user, SessionId id, SessionToken token)
    {
        var known = new KnownSession(user, id, token.Reveal());
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
