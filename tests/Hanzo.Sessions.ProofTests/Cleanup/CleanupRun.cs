using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.ProofTests.Cleanup;

/// <summary>Several nodes clean up the same expired sessions at once, while clients go on validating those that live.</summary>
internal sealed class CleanupRun
{
    private const int Live = 50;

    private readonly HashSet<SessionId> _expired = [];
    private readonly ConcurrentBag<SessionId> _announced = [];
    private readonly List<string> _violations = [];
    private readonly List<int> _ended = [];
    private int _validations;
    private TimeSpan _slowest;

    public IReadOnlyList<string> Violations => _violations;

    /// <summary>A session whose time was up before clean-up began.</summary>
    public void AddExpired(SessionId id) => _expired.Add(id);

    /// <summary>Sessions whose hour was over an hour ago, made by sign-ins.</summary>
    public async Task AddExpiredAsync(ISessionStore store, int count)
    {
        var then = TimeProvider.System.GetUtcNow().AddHours(-2);
        then = then.AddTicks(-(then.Ticks % TimeSpan.TicksPerMillisecond));
        var creations = Enumerable.Range(0, count).Select(number => TestSessions.Of(User(number)).At(then)).ToList();
        await Parallel.ForEachAsync(
            creations,
            new ParallelOptions { MaxDegreeOfParallelism = 64 },
            async (creation, cancellationToken) => await store.CreateAsync(creation, cancellationToken));
        _expired.UnionWith(creations.Select(creation => creation.Session.Id));
    }

    /// <summary>Cleans up on all nodes at once.</summary>
    /// <param name="nodes">Each cleans up once, tells which endings it announces, and answers how many it has ended.</param>
    /// <param name="store">Where the sessions are that go on.</param>
    public async Task RunAsync(IReadOnlyList<Func<Action<SessionId>, Task<int>>> nodes, ISessionStore store)
    {
        var sessions = new SessionManager(store, Options.Create(new HanzoSessionsOptions { MaxSessions = null }), TimeProvider.System, []);
        List<string> tokens = [];
        for (var number = 0; number < Live; number++)
        {
            tokens.Add((await sessions.CreateAsync(new NewSession { User = User(number) })).Token.Reveal());
        }

        using var enough = new CancellationTokenSource();
        var validating = Task.Run(() => ValidateAsync(sessions, tokens, enough.Token));
        var cleaning = nodes.Select(node => Task.Run(() => node(_announced.Add))).ToList();
        _ended.AddRange(await Task.WhenAll(cleaning));
        await enough.CancelAsync();
        await validating;

        Check(_ended.Sum() == _expired.Count, $"{_ended.Sum()} of {_expired.Count} sessions are said to be ended");
        Check(_announced.Distinct().Count() == _announced.Count, $"{_announced.Count - _announced.Distinct().Count()} sessions are announced more than once");
        Check(_expired.SetEquals(_announced), $"what is announced is not what had expired: {_expired.Except(_announced).Count()} are missing");
        Check((await store.ExpireBatchAsync(TimeProvider.System.GetUtcNow(), 500)).Count == 0, "something is left");
        foreach (var token in tokens)
        {
            Check((await sessions.ValidateAsync(token)).IsActive, "a session that lives is over");
        }
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"nodes={_ended.Count} expired={_expired.Count} ended={string.Join('+', _ended)} announced={_announced.Count} violations={_violations.Count} validations-meanwhile={_validations} slowest-validation={_slowest.TotalMilliseconds:F0}ms");

    /// <summary>A node of this process: a manager of its own on a store.</summary>
    public static Func<Action<SessionId>, Task<int>> Node(ISessionStore store, int batch = 500) => async announced =>
    {
        var sessions = new SessionManager(
            store,
            Options.Create(new HanzoSessionsOptions { ObserverQueueCapacity = 1_000_000, CleanupBatchSize = batch }),
            TimeProvider.System,
            [new Endings(announced)]);
        var (ended, _) = await sessions.CleanUpAsync();
        await sessions.FlushObserversAsync();
        return ended;
    };

    private static SessionUser User(int number) => new("acme", string.Create(CultureInfo.InvariantCulture, $"user{number}"));

    private async Task ValidateAsync(SessionManager sessions, List<string> tokens, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            var start = Stopwatch.GetTimestamp();
            var validation = await sessions.ValidateAsync(tokens[_validations++ % tokens.Count], cancellationToken: CancellationToken.None);
            var elapsed = Stopwatch.GetElapsedTime(start);
            _slowest = elapsed > _slowest ? elapsed : _slowest;
            if (!validation.IsActive)
            {
                _violations.Add("a session that lives was refused during clean-up");
            }

            await Task.Yield();
        }
    }

    private void Check(bool holds, string violation)
    {
        if (!holds)
        {
            _violations.Add(violation);
        }
    }

    private sealed class Endings(Action<SessionId> announced) : ISessionObserver
    {
        public ValueTask OnEndedAsync(EndedSession session, CancellationToken cancellationToken)
        {
            announced(session.Id);
            return ValueTask.CompletedTask;
        }
    }
}
