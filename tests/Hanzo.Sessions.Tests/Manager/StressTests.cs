using System.Collections.Concurrent;

namespace Hanzo.Sessions.Tests;

/// <summary>
/// Two hot users, eight threads, everything at once. What is checked is sure whatever the interleaving: a session
/// whose end was acknowledged is never seen active by a validation that begins later.
/// </summary>
public sealed class StressTests
{
    private const int Limit = 10;
    private const int Threads = 8;
    private const int OperationsPerThread = 2_000;
    private static readonly SessionUser[] Users = [Ada, Ben];

    private readonly ConcurrentDictionary<SessionId, bool> _surelyEnded = new();
    private readonly ConcurrentQueue<IssuedSession> _tokens = [];
    private readonly ConcurrentQueue<string> _violations = [];

    [TestCase(SessionLimitAction.Refuse, Description = "C2, V4, V7, T8, T10 under refusal")]
    [TestCase(SessionLimitAction.EndLeastRecentlyActive, Description = "C3, V4, V7, T8, T10 under eviction")]
    public async Task Nothing_acknowledged_is_undone_and_the_limit_holds_while_everything_happens_at_once(SessionLimitAction action)
    {
        _surelyEnded.Clear();
        _tokens.Clear();
        var it = new Harness(options =>
            (options.MaxSessions, options.AtLimit, options.ActivityResolution, options.ObserverQueueCapacity) = (Limit, action, TimeSpan.Zero, 1_000_000));

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(seed => Task.Factory.StartNew(
            () => Work(it, new Random(seed)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));

        Assert.That(_violations, Is.Empty);
        await AssertConsistent(it);
    }

    private async Task Work(Harness it, Random random)
    {
        for (var operation = 0; operation < OperationsPerThread; operation++)
        {
            var user = Users[random.Next(Users.Length)];
            switch (random.Next(20))
            {
                case < 5:
                    await Create(it, user, random);
                    break;
                case < 13:
                    await Validate(it, random);
                    break;
                case < 15:
                    await Rotate(it, random);
                    break;
                case < 17:
                    Note(await it.Manager.TerminateAsync(Scope, Pick(random)?.Session.Id ?? default, Service));
                    break;
                case 17:
                    Note([.. await it.Manager.TerminateAllAsync(user, Service)]);
                    break;
                case 18:
                    await it.Manager.CleanUpAsync();
                    it.Clock.Advance(TimeSpan.FromSeconds(random.Next(60)));
                    break;
                default:
                    await CountActive(it, user);
                    break;
            }
        }
    }

    private async Task Create(Harness it, SessionUser user, Random random)
    {
        try
        {
            var issued = await it.SignIn(user, over: random.Next(4) == 0 ? Pick(random)?.Token.Reveal() : null);
            Note([.. issued.Ended.Where(ended => !IsTimeout(ended.End))]);
            foreach (var timedOut in issued.Ended.Where(ended => IsTimeout(ended.End)))
            {
                // A validation may have seen and noted it before this call returned.
                _surelyEnded[timedOut.Id] = true;
            }

            Remember(issued);
        }
        catch (SessionLimitExceededException refusal) when (refusal.ActiveSessions.Count == Limit)
        {
        }
    }

    private async Task Validate(Harness it, Random random)
    {
        if (Pick(random) is not { } issued)
        {
            return;
        }

        var ended = _surelyEnded.ContainsKey(issued.Session.Id);
        var answer = await it.Validate(issued, passive: random.Next(2) == 0);
        if (ended && answer.IsActive)
        {
            _violations.Enqueue($"{issued.Session.Id} was active after it had ended");
        }
        else if (answer.Session?.End is { } end && IsTimeout(end))
        {
            _surelyEnded[issued.Session.Id] = true;
        }
    }

    private async Task Rotate(Harness it, Random random)
    {
        if (Pick(random) is not { } issued)
        {
            return;
        }

        var ended = _surelyEnded.ContainsKey(issued.Session.Id);
        var rotated = await it.Manager.RotateAsync(issued.Token.Reveal());
        if (rotated is null)
        {
            return;
        }

        Remember(rotated);
        if (ended)
        {
            _violations.Enqueue($"{issued.Session.Id} was rotated after it had ended");
        }

        if ((await it.Validate(issued)).Status != SessionStatus.Unknown)
        {
            _violations.Enqueue($"the old token of {issued.Session.Id} lives");
        }
    }

    private async Task CountActive(Harness it, SessionUser user)
    {
        // A list is not one instant: only what is active before and after surely was active at once.
        var before = await it.ActiveIds(user);
        var after = await it.ActiveIds(user);
        if (before.Intersect(after).Count() > Limit)
        {
            _violations.Enqueue($"{user} had more than {Limit} active sessions");
        }
    }

    private async Task AssertConsistent(Harness it)
    {
        var created = it.Observed.Created.Select(session => session.Id).ToList();
        var ended = Ids(it.Observed.Ended);
        var active = new List<SessionId>();
        foreach (var user in Users)
        {
            var ids = await it.ActiveIds(user);
            Assert.That(ids, Has.Count.LessThanOrEqualTo(Limit));
            Assert.That((await it.Manager.GetQuotaAsync(user, App)).Used, Is.EqualTo(ids.Count));
            active.AddRange(ids);
        }

        Assert.That(ended.Distinct().Count(), Is.EqualTo(ended.Count), "announced twice");
        Assert.That(active.Intersect(_surelyEnded.Keys), Is.Empty);

        it.Clock.Advance(TimeSpan.FromDays(2));
        var last = await it.Manager.CleanUpAsync();
        var all = Ids(it.Observed.Ended);
        Assert.That(last.Ended, Is.GreaterThanOrEqualTo(active.Count));
        Assert.That(all.Order(), Is.EqualTo(created.Order()), "each session that was created has ended once");
        Assert.That((await it.Manager.ListAsync(All())).Total, Is.Zero);
    }

    private static bool IsTimeout(SessionEnd end) => end.Reason is SessionEndReason.IdleTimeout or SessionEndReason.Expired;

    private void Note(params EndedSession?[] ended)
    {
        foreach (var session in ended.OfType<EndedSession>())
        {
            if (!_surelyEnded.TryAdd(session.Id, true))
            {
                _violations.Enqueue($"{session.Id} was ended twice");
            }
        }
    }

    // The last few tokens are the hot ones; a dead token stays for a while, to be tried again.
    private void Remember(IssuedSession issued)
    {
        _tokens.Enqueue(issued);
        while (_tokens.Count > 24)
        {
            _tokens.TryDequeue(out _);
        }
    }

    private IssuedSession? Pick(Random random)
    {
        var tokens = _tokens.ToArray();
        return tokens.Length == 0 ? null : tokens[random.Next(tokens.Length)];
    }
}
