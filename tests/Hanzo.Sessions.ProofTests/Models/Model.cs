using System.Globalization;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.ProofTests.Models;

/// <summary>
/// One case: does every step to a real manager over a real store and to a plain list, and throws at the first answer
/// that is not exactly the list's.
/// </summary>
internal sealed partial class Model
{
    public static readonly TimeSpan Idle = TimeSpan.FromHours(1);
    public static readonly TimeSpan Absolute = TimeSpan.FromHours(24);

    private const int Limit = 3;
    private const int Batch = 3;
    private const int Threshold = 3;
    private static readonly TimeSpan Resolution = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Retention = TimeSpan.FromDays(2);
    private static readonly int[] Spans = [1, 59, 60, 61, 600, 3599, 3600, 3601, 86399, 86400, 86401];
    private static readonly SessionUser[] Users = [TestSessions.Alice, TestSessions.Bob, TestSessions.AliceElsewhere];

    // The application says what happens at the limit; "desk" has a limit of its own.
    private static readonly string[] Applications = ["shop", "shop", "oldest", "idlest", "desk"];
    private static readonly SessionCaller Caller = SessionCaller.Service("proof");

    private readonly TestClock _clock = new();
    private readonly List<ModelSession> _sessions = [];
    private readonly StoreUnderTest _target;
    private readonly ModelObserver _observer = new();
    private readonly List<string> _toHear = [];
    private ISessionStore _store;
    private SessionManager _manager;
    private SessionManager _strict;
    private byte _payloads;

    public Model(StoreUnderTest target)
    {
        _target = target;
        _store = target.OpenEmpty();
        (_manager, _strict) = ManagersOf(_store);
    }

    /// <summary>How many steps were compared.</summary>
    public int Steps { get; private set; }

    /// <summary>The settings of the stores, and of the manager that tells moves.</summary>
    public static IOptions<HanzoSessionsOptions> Settings { get; } = SettingsOf(SessionMoveAction.Tell);

    private static IOptions<HanzoSessionsOptions> StrictSettings { get; } = SettingsOf(SessionMoveAction.End);

    /// <summary>Does all steps, then asks for everything once more.</summary>
    public async Task RunAsync(IEnumerable<Step> steps)
    {
        foreach (var step in steps)
        {
            await DoAsync(step);
            await _manager.FlushObserversAsync();
            await _strict.FlushObserversAsync();
            ExpectSame(_observer.Take(), _toHear, "is what observers heard");
            _toHear.Clear();
            Steps++;
        }

        foreach (var session in _sessions.ToList())
        {
            await ValidateAsync(session, passive: true);
        }

        for (var user = 0; user < Users.Length; user++)
        {
            await ListAsync(user, wholeOrganization: false);
            await HistoryAsync(user);
        }
    }

    private DateTimeOffset Now => _clock.GetUtcNow();

    private Task DoAsync(Step step)
    {
        var (user, session) = (Users[step.A % Users.Length], Pick(step.B));
        return (step.Kind, session) switch
        {
            (StepKind.Create, _) => CreateAsync(user, Applications[step.B % Applications.Length], null, ModelPlace.Of(step.B)),
            (StepKind.CreateTwiceAtOnce, _) => CreateTwiceAsync(user, ModelPlace.Of(step.B)),
            (StepKind.CreateOver, _) => CreateAsync(user, Applications[step.A / 4 % Applications.Length], session, ModelPlace.Of(step.A)),
            (StepKind.Adopt, _) => AdoptAsync(user, Applications[step.B % Applications.Length], step.A, ModelPlace.Of(step.B)),
            (StepKind.List, _) => ListAsync(step.A % Users.Length, wholeOrganization: step.B % 2 == 0),
            (StepKind.ListRecords, _) => RecordsAsync(user),
            (StepKind.ListHistory, _) => HistoryAsync(step.A % Users.Length),
            (StepKind.Quota, _) => QuotaAsync(user, Applications[step.B % Applications.Length]),
            (StepKind.TerminateAll, _) => TerminateAllAsync(user, Caller, keep: null),
            (StepKind.TerminateRecord, _) => TerminateRecordAsync(user, Applications[step.B % Applications.Length]),
            (StepKind.TerminateMatching, _) => TerminateMatchingAsync(ModelPlace.Of(step.A), step.B),
            (StepKind.TerminateOrganization, _) => TerminateOrganizationAsync(user.Organization),
            (StepKind.TerminateEverything, _) => TerminateEverythingAsync(),
            (StepKind.TerminateUser, _) => TerminateUserAsync(user, step.B),
            (StepKind.Forget, _) => ForgetAsync(user),
            (StepKind.ListIpSpread, _) => ListIpSpreadAsync(step.B % 2 == 0 ? SessionScope.Of(user) : SessionScope.AllOrganizations),
            (StepKind.CleanUp, _) => CleanUpAsync(),
            (StepKind.Advance, _) => Advance(TimeSpan.FromSeconds(Spans[step.B % Spans.Length])),
            (StepKind.ClockBack, _) => SetBack(TimeSpan.FromSeconds(Spans[step.B % Spans.Length])),
            (StepKind.Reopen, _) => Reopen(),
            (_, null) => Task.CompletedTask,
            (StepKind.Validate, _) => ValidateAsync(session, passive: false),
            (StepKind.ValidatePassively, _) => ValidateAsync(session, passive: true),
            (StepKind.ValidateFrom, _) => ValidateFromAsync(session, ModelPlace.Of(step.A), passive: step.B % 3 == 0, ends: false),
            (StepKind.ValidateFromWhereMovesEnd, _) => ValidateFromAsync(session, ModelPlace.Of(step.A), passive: step.B % 3 == 0, ends: true),
            (StepKind.RecordActivity, _) => RecordUseAsync(session, ModelPlace.Nowhere, passive: false, ends: false),
            (StepKind.RecordUse, _) => RecordUseAsync(session, ModelPlace.Of(step.A), passive: step.B % 3 == 0, ends: step.B % 5 == 0),
            (StepKind.Terminate, _) => TerminateAsync(step.A % 4 == 0 ? user : session.User, session, step.A),
            (StepKind.TerminateAllProtected, _) => TerminateAllAsync(session.User, SessionCaller.Of(session.Snapshot), keep: null),
            (StepKind.TerminateOthers, _) => TerminateAllAsync(session.User, SessionCaller.Of(session.Snapshot), keep: session),
            (StepKind.Rotate, _) => RotateAsync(session, withPayload: step.A % 2 == 0),
            (StepKind.SignOut, _) => SignOutAsync(session, step.A),
            (StepKind.RotateOrEnd, _) => RotateOrEndAsync(session, step.A),
            (StepKind.Renew, _) => RenewAsync(session, step.A),
            (StepKind.ReplacePayload, _) => ReplacePayloadAsync(session, step.A),
            (StepKind.EndOutdated, _) => EndOutdatedAsync(session, step.A),
            (StepKind.UseOldToken, _) => UseOldTokenAsync(session, step.A),
            (StepKind.Find, _) => FindAsync(session),
            (StepKind.KeepAlive, _) => KeepAliveAsync(session, 1 + (step.A % 30)),
            _ => throw new InvalidOperationException($"Nobody knows how to {step.Kind}."),
        };
    }

    /// <summary>The last ones are the interesting ones.</summary>
    private ModelSession? Pick(int number) =>
        _sessions.Count == 0 ? null : _sessions[^(1 + (number % Math.Min(_sessions.Count, number % 3 == 0 ? int.MaxValue : 4)))];

    private async Task CreateAsync(SessionUser user, string application, ModelSession? over, ModelPlace place)
    {
        var networks = CountNetworks(user);
        var replaced = over is not null && over.IsActive(Now) ? over : null;
        var limit = LimitOf(application);
        var all = Counted(user, application, limit).ToList();
        var counted = all.Where(it => it != replaced).ToList();
        var evicts = limit.AtLimit != SessionLimitAction.Refuse;
        var takesPlace = replaced is not null && all.Contains(replaced);
        var tooMany = counted.Count - limit.MaxSessions!.Value + 1;
        var isRefused = tooMany > 0 && !evicts && !takesPlace;
        try
        {
            var issued = await _manager.CreateAsync(NewSession(user, application, place) with { PresentedToken = over?.Token });
            Expect(isRefused, false, "created beyond the limit");
            var evicted = counted
                .OrderBy(it => limit.AtLimit == SessionLimitAction.EndOldest ? it.CreatedAt : it.LastActiveAt)
                .ThenBy(it => it.Id)
                .Take(evicts ? Math.Max(0, tooMany) : 0)
                .ToList();
            EndAll(replaced is null ? [] : [replaced], SessionEndReason.Replaced);
            EndAll(evicted, SessionEndReason.Evicted);
            var ended = TimeOut(it => it.User == user || it == over).Concat(evicted).Concat(replaced is null ? [] : [replaced]);
            ExpectSame(issued.Ended.Select(it => (it.Id, it.End.At, it.End.Reason)), ended.Select(EndOf), "ended by a sign-in");
            Add(issued.Session, issued.Token, place);
            HearCrossing(user, networks);
        }
        catch (SessionLimitExceededException refusal)
        {
            Expect(isRefused, true, "refused below the limit");
            ExpectSame(refusal.ActiveSessions.Select(it => it.Id), counted.Select(it => it.Id), "named by a refusal");
        }
    }

    private async Task CreateTwiceAsync(SessionUser user, ModelPlace place)
    {
        var networks = CountNetworks(user);
        var limit = LimitOf("shop");
        var free = Math.Max(0, limit.MaxSessions!.Value - Counted(user, "shop", limit).Count);
        var results = await Task.WhenAll(TryCreateAsync(), TryCreateAsync());
        var issued = results.OfType<IssuedSession>().ToList();
        Expect(issued.Count, Math.Min(2, free), "of two sign-ins at once succeeded");
        if (issued.Count > 0)
        {
            ExpectSame(
                issued.SelectMany(it => it.Ended).Select(it => (it.Id, it.End.At, it.End.Reason)), TimeOut(it => it.User == user).Select(EndOf), "ended by two sign-ins");
        }

        issued.ForEach(it => Add(it.Session, it.Token, place));
        HearCrossing(user, networks);

        async Task<IssuedSession?> TryCreateAsync()
        {
            try
            {
                return await _manager.CreateAsync(NewSession(user, "shop", place));
            }
            catch (SessionLimitExceededException)
            {
                return null;
            }
        }
    }

    private async Task ValidateAsync(ModelSession session, bool passive)
    {
        var status = Judge(session);
        if (status == SessionStatus.Active && !passive && Now - session.LastActiveAt >= Resolution)
        {
            session.LastActiveAt = Now;
        }

        var answer = await _manager.ValidateAsync(session.Token, passive);
        Expect(answer.Status, status, $"is what {session.Id} was found to be");
        ExpectState(answer.Session!, session, withPayload: true);
        if (answer.IsActive && passive)
        {
            session.Snapshot = answer.Session;
        }
    }

    private async Task TerminateAsync(SessionUser user, ModelSession session, int number)
    {
        var anywhere = number % 3 == 0;
        var isInScope = anywhere ? Same(session.User.Organization, user.Organization) : session.User == user;
        var hits = isInScope && session.IsActive(Now);
        var ended = await ((number % 3) switch
        {
            0 => _manager.TerminateAsync(SessionScope.Of(user.Organization), session.Id, Caller),
            1 => _manager.TerminateAsync(user, session.Application, session.Id, Caller),
            _ => _manager.TerminateAsync(user, session.Id, Caller),
        });
        EndAll(hits ? [session] : [], SessionEndReason.TerminatedByAdmin);
        Expect(ended?.Id, hits ? session.Id : default(SessionId?), "was ended");
        TimeOut(it => it == session && isInScope);
    }

    private async Task TerminateAllAsync(SessionUser user, SessionCaller caller, ModelSession? keep)
    {
        var own = _sessions.Where(it => it.User == user && it.IsActive(Now) && it != keep).ToList();
        var refused = keep is null && own.Exists(it => it.Id == caller.CurrentSession);
        try
        {
            var ended = await _manager.TerminateAllAsync(user, caller, keepCurrent: keep is not null);
            Expect(refused, false, "the current session was not protected");
            EndAll(own, caller.CurrentSession is null ? SessionEndReason.TerminatedByAdmin : SessionEndReason.TerminatedByUser);
            ExpectSame(ended.Select(it => (it.Id, it.End.At, it.End.Reason)), own.Select(EndOf), "ended with all of a user");
            TimeOut(it => it.User == user && it != keep);
        }
        catch (CurrentSessionException)
        {
            Expect(refused, true, "a session was protected that was not in the way");
        }
    }

    private async Task TerminateRecordAsync(SessionUser user, string application)
    {
        var own = _sessions.Where(it => it.User == user && Same(it.Application, application) && it.IsActive(Now)).ToList();
        var ended = await _manager.TerminateRecordAsync(user, application, Caller);
        EndAll(own, SessionEndReason.TerminatedByAdmin);
        ExpectSame(ended.Select(it => (it.Id, it.End.At, it.End.Reason)), own.Select(EndOf), "ended with a record");
        TimeOut(it => it.User == user && Same(it.Application, application));
    }

    private async Task RotateAsync(ModelSession session, bool withPayload)
    {
        byte[]? payload = withPayload ? [++_payloads, 2] : null;
        var active = Judge(session) == SessionStatus.Active;
        var issued = await _manager.RotateAsync(session.Token, payload is null ? default(ReadOnlyMemory<byte>?) : payload);
        Expect(issued is not null, active, $"is whether {session.Id} was rotated");
        if (issued is not null)
        {
            session.OldTokens.Add(session.Token);
            session.Token = issued.Token.Reveal();
            session.Payload = payload ?? session.Payload;
            ExpectState(issued.Session, session, withPayload: true);
        }
    }

    private async Task UseOldTokenAsync(ModelSession session, int number)
    {
        if (session.OldTokens.Count > 0)
        {
            var old = session.OldTokens[number % session.OldTokens.Count];
            Expect((await _manager.ValidateAsync(old)).Status, SessionStatus.Unknown, $"is what a rotated token of {session.Id} proves");
            Expect(await _manager.RotateAsync(old), null, "came from a rotated token");
        }
    }

    private async Task ListAsync(int number, bool wholeOrganization)
    {
        var user = Users[number];
        var page = await _manager.ListAsync(new SessionQuery { Filter = FilterOf(user, wholeOrganization), Limit = SessionQuery.MaxLimit });
        var expected = _sessions
            .Where(it => it.IsActive(Now) && (wholeOrganization ? Same(it.User.Organization, user.Organization) : it.User == user))
            .OrderByDescending(it => it.CreatedAt)
            .ThenByDescending(it => it.Id)
            .ToList();
        Expect(string.Join(' ', page.Items.Select(it => it.Id)), string.Join(' ', expected.Select(it => it.Id)), "is a list");
        Expect(page.Total, expected.Count, "is its total");
        foreach (var (shown, session) in page.Items.Zip(expected))
        {
            ExpectState(shown, session, withPayload: false);
        }
    }

    private async Task RecordsAsync(SessionUser user)
    {
        var page = await _manager.ListRecordsAsync(new SessionQuery { Filter = FilterOf(user, wholeOrganization: false) });
        var expected = _sessions.Where(it => it.User == user && it.IsActive(Now)).GroupBy(it => it.Application, StringComparer.Ordinal);
        ExpectSame(
            page.Items.Select(it => (it.Application, it.CreatedAt, it.LastActiveAt, Ids(it.Sessions.Select(session => session.Id)))),
            expected.Select(it => (it.Key, it.Min(own => own.CreatedAt), it.Max(own => own.LastActiveAt), Ids(it.Select(own => own.Id)))),
            "records");
    }

    private async Task HistoryAsync(int number)
    {
        var user = Users[number];
        var page = await _manager.ListHistoryAsync(
            new SessionQuery { Filter = FilterOf(user, wholeOrganization: false), Limit = SessionQuery.MaxLimit });
        ExpectSame(
            page.Items.Select(it => $"{it.Id} {it.End!.At:O} {it.End.Reason} {it.LastUse}"),
            _sessions.Where(it => it.User == user && !it.IsActive(Now))
                .Select(it => $"{it.Id} {it.EndAsOf(Now)!.Value.At:O} {it.EndAsOf(Now)!.Value.Reason} {it.LastUse}"),
            "in the history");
    }

    private async Task FindAsync(ModelSession session)
    {
        var found = await _manager.FindAsync(SessionScope.Of(session.User.Organization), session.Id);
        Expect(found!.End?.Reason, session.EndAsOf(Now)?.Reason, $"is why {session.Id} has ended");
        Expect(found.LastUse, session.LastUse, $"is where {session.Id} was used last");
        Expect(await _manager.FindAsync(SessionScope.Of("elsewhere"), session.Id), null, "was found out of scope");
    }

    private async Task QuotaAsync(SessionUser user, string application)
    {
        var limit = LimitOf(application);
        var quota = await _manager.GetQuotaAsync(user, application);
        Expect(quota, new SessionQuota(Counted(user, application, limit).Count, limit.MaxSessions), "is a quota");
    }

    private async Task KeepAliveAsync(ModelSession session, int times)
    {
        for (; times > 0; times--)
        {
            _clock.Advance(TimeSpan.FromMinutes(59));
            await ValidateAsync(session, passive: false);
        }
    }

    private async Task CleanUpAsync()
    {
        var expired = _sessions.Where(it => it.End is null && !it.IsActive(Now)).ToList();
        expired.ForEach(TimeOut);
        var purged = _sessions.RemoveAll(it => it.End is { } end && end.At <= Now - Retention && !it.IsKept(Now));
        PurgeForgotten();
        Expect(await _manager.CleanUpAsync(), new SessionCleanupResult(expired.Count, purged), "is what clean-up did");
    }

    private Task Advance(TimeSpan by)
    {
        _clock.Advance(by);
        return Task.CompletedTask;
    }

    private Task SetBack(TimeSpan by)
    {
        _clock.SetWallClock(Now - by);
        return Task.CompletedTask;
    }

    private Task Reopen()
    {
        _store = _target.Reopen(_store);
        (_manager, _strict) = ManagersOf(_store);
        _told.Clear();
        return Task.CompletedTask;
    }

    /// <summary>What the token of a session proves now; a timeout that is noticed is written down.</summary>
    private SessionStatus Judge(ModelSession session)
    {
        if (session.End is null && !session.IsActive(Now))
        {
            TimeOut(session);
        }

        return session.End?.Reason switch
        {
            null => SessionStatus.Active,
            SessionEndReason.IdleTimeout => SessionStatus.IdleTimeout,
            SessionEndReason.Expired => SessionStatus.Expired,
            _ => SessionStatus.Terminated,
        };
    }

    private List<ModelSession> Counted(SessionUser user, string application, SessionPolicy limit) => _sessions.FindAll(it =>
        it.User == user && it.IsActive(Now) && (limit.LimitScope == SessionLimitScope.User || Same(it.Application, application)));

    /// <summary>Whoever does not count or end a session because its time is up writes that down.</summary>
    private List<ModelSession> TimeOut(Predicate<ModelSession> which)
    {
        var timedOut = _sessions.FindAll(it => it.End is null && !it.IsActive(Now) && which(it));
        timedOut.ForEach(TimeOut);
        return timedOut;
    }

    private void TimeOut(ModelSession session) => End(session, session.TimeoutEnd);

    private void EndAll(List<ModelSession> sessions, SessionEndReason reason) => sessions.ForEach(it => End(it, (Now, reason)));

    /// <summary>Observers hear of every end once.</summary>
    private void End(ModelSession session, (DateTimeOffset At, SessionEndReason Reason) end)
    {
        session.End = end;
        _toHear.Add(ModelObserver.Ended(session.Id, end.At, end.Reason));
    }

    private void Add(Session session, SessionToken token, ModelPlace place, DateTimeOffset? keepHistoryUntil = null)
    {
        var added = new ModelSession
        {
            Id = session.Id,
            User = session.User,
            Application = session.Application,
            CreatedAt = Now,
            LastActiveAt = Now,
            Place = place,
            KeepHistoryUntil = keepHistoryUntil,
            Token = token.Reveal(),
            Payload = session.Payload.ToArray(),
            Snapshot = session,
        };
        _sessions.Add(added);
        ExpectState(session, added, withPayload: true);
    }

    private NewSession NewSession(SessionUser user, string application, ModelPlace place) => new()
    {
        User = user,
        Application = application,
        IpAddress = place.IPAddress,
        UserAgent = place.Agent,
        Payload = new byte[] { ++_payloads, 1 },
    };

    /// <summary>Two servers on one store: one tells moves, the other ends moved sessions.</summary>
    private (SessionManager Telling, SessionManager Ending) ManagersOf(ISessionStore store)
    {
        return (Of(Settings), Of(StrictSettings));

        SessionManager Of(IOptions<HanzoSessionsOptions> settings) =>
            new(new StoreWithoutClock(store), settings, _clock, [_observer], policyProvider: new ByApplication());
    }

    private static IOptions<HanzoSessionsOptions> SettingsOf(SessionMoveAction onMove) => Options.Create(new HanzoSessionsOptions
    {
        IdleTimeout = Idle,
        AbsoluteTimeout = Absolute,
        MaxSessions = Limit,
        HistoryRetention = Retention,
        CleanupBatchSize = Batch,
        IpSpreadThreshold = Threshold,
        OnMove = onMove,
    });

    private static SessionPolicy LimitOf(string application) => ByApplication.Change(
        new SessionPolicy { IdleTimeout = Idle, AbsoluteTimeout = Absolute, MaxSessions = Limit }, application);

    private static SessionFilter FilterOf(SessionUser user, bool wholeOrganization) =>
        wholeOrganization ? new SessionFilter { Scope = SessionScope.Of(user.Organization) } : SessionFilter.Of(user);

    private static (SessionId Id, DateTimeOffset At, SessionEndReason Reason) EndOf(ModelSession session) =>
        (session.Id, session.End!.Value.At, session.End.Value.Reason);

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.Ordinal);

    private static string Ids(IEnumerable<SessionId> ids) => string.Join(' ', ids.Order());

    private static void ExpectState(Session actual, ModelSession session, bool withPayload)
    {
        Expect(
            (actual.Id, actual.User, actual.Application, actual.CreatedAt, actual.LastActiveAt, actual.ExpiresAt, actual.ActiveUntil),
            (session.Id, session.User, session.Application, session.CreatedAt, session.LastActiveAt, session.ExpiresAt, session.ActiveUntil),
            "is a session");
        Expect(
            (actual.IpAddress, actual.IpNetwork, actual.UserAgent, actual.LastUse),
            (session.Place.Text, session.Place.AlarmNetwork, session.Place.Agent, session.LastUse),
            $"is where {session.Id} is used");
        Expect((actual.End?.At, actual.End?.Reason), (session.End?.At, session.End?.Reason), $"is the end of {session.Id}");
        var payload = withPayload && session.End is null ? session.Payload : [];
        Expect(Convert.ToHexString(actual.Payload.Span), Convert.ToHexString(payload), $"is the payload of {session.Id}");
    }

    private static void ExpectSame<T>(IEnumerable<T> actual, IEnumerable<T> expected, string what) =>
        Expect(string.Join("; ", actual.Order()), string.Join("; ", expected.Order()), what);

    private static void Expect<T>(T actual, T expected, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(actual, expected))
        {
            throw new ModelException(string.Create(CultureInfo.InvariantCulture, $"{actual} {what}; the model says {expected}."));
        }
    }

    private sealed class ByApplication : ISessionPolicyProvider
    {
        public ValueTask<SessionPolicy> GetPolicyAsync(
            SessionUser user, string application, SessionPolicy defaults, CancellationToken cancellationToken) =>
            new(Change(defaults, application));

        public static SessionPolicy Change(SessionPolicy defaults, string application) => application switch
        {
            "oldest" => defaults with { AtLimit = SessionLimitAction.EndOldest },
            "idlest" => defaults with { AtLimit = SessionLimitAction.EndLeastRecentlyActive },
            "desk" => defaults with { MaxSessions = 2, LimitScope = SessionLimitScope.UserAndApplication },
            _ => defaults,
        };
    }
}
