using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.Tests;

/// <summary>Alarms of a scope that takes long to count: no caller waits, and the answer says how old it is.</summary>
public sealed class SlowAlarmTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan CountTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Rest = 20 * CountTime;
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    private GatedStore _store = null!;

    [Test, Description("A1 a caller waits for a count of the alarms for 30 ms at most, and no alarms are not what it is told")]
    public async Task A_count_that_takes_long_keeps_no_caller_waiting()
    {
        var it = await AlarmedAsync();
        var asking = it.Manager.ListIpSpreadAsync(Scope);
        await _store.NextAsync();
        await it.Clock.WaitForTimersAsync();
        it.Clock.Advance(Patience - Ms);
        Assert.That(asking.IsCompleted, Is.False);
        it.Clock.Advance(Ms);

        Assert.That(await asking, Is.EqualTo(new IpSpreadPage { Items = [], CountedAt = null, Limit = 50 }).UsingPropertiesComparer());
        Assert.That((await it.Manager.ListIpSpreadAsync(Scope)).CountedAt, Is.Null, "and at once");
        Assert.That(_store.Calls, Is.EqualTo(1));
    }

    [Test, Description("A1 a count ends for the next caller, with the instant that it is true of")]
    public async Task A_count_goes_on_without_its_caller_and_its_answer_has_an_instant()
    {
        var it = await AlarmedAsync();
        var began = it.Now;

        var page = await CountedSlowlyAsync(it);

        Assert.That((page.CountedAt, page.Items.Single().User), Is.EqualTo(((DateTimeOffset?)began, Ada)));
        Assert.That(it.Now, Is.EqualTo(began + CountTime));
    }

    [Test, Description("A1 after a slow count the next one waits for twenty times as long, and is asked for")]
    public async Task A_slow_count_is_repeated_by_the_first_call_after_a_rest()
    {
        var it = await AlarmedAsync();
        var first = await CountedSlowlyAsync(it);
        it.Clock.Advance(Rest - Ms);
        Assert.That((await it.Manager.ListIpSpreadAsync(Scope)).CountedAt, Is.EqualTo(first.CountedAt));
        Assert.That(_store.Calls, Is.EqualTo(1));

        it.Clock.Advance(Ms);
        await it.Manager.TerminateAllAsync(Ada, Service);
        Assert.That((await it.Manager.ListIpSpreadAsync(Scope)).CountedAt, Is.EqualTo(first.CountedAt), "from memory, and at once");
        var second = await _store.NextAsync();
        Assert.That(second.Now, Is.EqualTo(it.Now));
        Assert.That((await it.Manager.ListIpSpreadAsync(Scope)).Items, Has.Count.EqualTo(1), "while it is counted");

        it.Clock.Advance(CountTime);
        second.LetGo();
        Assert.That((await NewerAsync(it, first.CountedAt)).Items, Is.Empty);
        Assert.That(_store.Calls, Is.EqualTo(2));
    }

    [Test, Description("A1 fresh answers come back when counts are fast again")]
    public async Task Once_a_count_is_fast_every_call_gets_one_of_its_own_again()
    {
        var it = await AlarmedAsync();
        var slow = await CountedSlowlyAsync(it);
        _store.IsOpen = true;
        it.Clock.Advance(Rest);
        await NewerAsync(it, slow.CountedAt);

        await it.Manager.TerminateAllAsync(Ada, Service);

        Assert.That((await it.Manager.ListIpSpreadAsync(Scope)).Items, Is.Empty);
    }

    [Test, Description("A1 L4 pages and scopes from memory")]
    public async Task Pages_and_scopes_are_kept_apart()
    {
        var it = await AlarmedAsync(Ada, Ben, Zoe);
        await CountedSlowlyAsync(it);
        await CountedSlowlyAsync(it, SessionScope.AllOrganizations);

        Assert.That(await UsersAsync(Scope, 50, 0), Is.EqualTo(new[] { Ada, Ben }));
        Assert.That(await UsersAsync(SessionScope.Of("hanzo"), 1, 1), Is.EqualTo(new[] { Ben }));
        Assert.That(await UsersAsync(SessionScope.AllOrganizations, 2, 1), Is.EqualTo(new[] { Ben, Zoe }));
        Assert.That(await UsersAsync(SessionScope.AllOrganizations, 2, 3), Is.Empty);
        Assert.That(_store.Calls, Is.EqualTo(2));

        async Task<IEnumerable<SessionUser>> UsersAsync(SessionScope scope, int limit, int offset)
        {
            var page = await it.Manager.ListIpSpreadAsync(scope, limit, offset);
            Assert.That((page.Limit, page.Offset, page.CountedAt is null), Is.EqualTo((limit, offset, false)));
            return page.Items.Select(alarm => alarm.User);
        }
    }

    [Test, Description("A1 a fast answer is of now: it never comes from a count that began before the call")]
    public async Task A_call_joins_no_count_that_began_before_it_and_many_calls_share_one()
    {
        var it = await AlarmedAsync();
        var before = it.Manager.ListIpSpreadAsync(Scope);
        var first = await _store.NextAsync();
        await it.Manager.TerminateAllAsync(Ada, Service);
        it.Clock.Advance(Ms);
        var after = Enumerable.Range(0, 10).Select(_ => it.Manager.ListIpSpreadAsync(Scope)).ToList();

        first.LetGo();
        var second = await _store.NextAsync();
        second.LetGo();

        Assert.That((await Task.WhenAll(after)).Select(page => (page.Items.Count, page.CountedAt)), Is.All.EqualTo((0, (DateTimeOffset?)it.Now)));
        Assert.That((await before).CountedAt, Is.AnyOf(first.Now, second.Now));
        Assert.That(_store.Calls, Is.EqualTo(2));
    }

    [Test, Description("A1 a caller that goes away takes no count with it")]
    public async Task A_caller_that_goes_away_ends_its_wait_and_not_the_count()
    {
        var it = await AlarmedAsync();
        using var caller = new CancellationTokenSource();
        var asking = it.Manager.ListIpSpreadAsync(Scope, cancellationToken: caller.Token);
        var call = await _store.NextAsync();
        var other = it.Manager.ListIpSpreadAsync(Scope);
        await caller.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => asking);
        Assert.That(call.Cancellation.IsCancellationRequested, Is.False);

        call.LetGo();
        (await _store.NextAsync()).LetGo();
        Assert.That((await other).Items, Has.Count.EqualTo(1));
        await Assert.CatchAsync<OperationCanceledException>(() => it.Manager.ListIpSpreadAsync(Scope, cancellationToken: caller.Token));
    }

    [Test, Description("A1 V6 a failed count is a failure to those who ask, never an empty list; it is logged once and tried again")]
    public async Task A_count_that_fails_with_no_caller_is_shown_logged_once_and_tried_again()
    {
        var it = await AlarmedAsync();
        var first = await CountedSlowlyAsync(it);
        var fault = new IOException("no database");
        it.Clock.Advance(Rest);
        await it.Manager.ListIpSpreadAsync(Scope);
        var call = await _store.NextAsync();
        for (var times = 1; times <= 3; times++)
        {
            it.Clock.Advance(CountTime);
            call.Fail(fault);
            call = await TriedAgainAsync(it, fault);
            Assert.That(_store.Calls, Is.EqualTo(times + 2), "one at a time, at the next call");
        }

        Assert.That(await Assert.ThrowsAsync<IOException>(() => it.Manager.ListIpSpreadAsync(Scope)), Is.SameAs(fault), "while it is tried again");
        Assert.That(it.Log.Lines.Where(line => line.Id.Id == 30).Select(line => (line.Level, line.Text)), Is.EqualTo(new[]
        {
            (LogLevel.Error, "Counting the alarms of hanzo failed; the next request for them tries again."),
        }));
        it.Clock.Advance(CountTime);
        call.LetGo();
        Assert.That((await NewerAsync(it, first.CountedAt)).Items, Has.Count.EqualTo(1));
    }

    [Test, Description("V6 a failure that the caller is there for is the store's own exception, and not logged")]
    public async Task A_count_that_fails_at_once_is_the_callers_failure()
    {
        var it = await AlarmedAsync();
        var fault = new IOException("no database");
        for (var times = 0; times < 2; times++)
        {
            var asking = it.Manager.ListIpSpreadAsync(Scope);
            (await _store.NextAsync()).Fail(fault);
            Assert.That(await Assert.ThrowsAsync<IOException>(() => asking), Is.SameAs(fault));
        }

        _store.IsOpen = true;
        Assert.That((await it.Manager.ListIpSpreadAsync(Scope)).Items, Has.Count.EqualTo(1));
        Assert.That(it.Log.Lines.Select(line => line.Id.Id), Has.None.EqualTo(30));
    }

    [Test, Description("A1 V6 a store that never answers is shown as a failure after five minutes, and gets no second count")]
    public async Task A_store_that_does_not_answer_is_shown_as_a_failure()
    {
        var it = await AlarmedAsync();
        var call = await BeginSlowlyAsync(it, Scope);
        it.Clock.Advance(TimeSpan.FromMinutes(5) - Patience);
        Assert.That((await it.Manager.ListIpSpreadAsync(Scope)).CountedAt, Is.Null);
        it.Clock.Advance(Ms);
        var shown = await Assert.ThrowsAsync<TimeoutException>(() => it.Manager.ListIpSpreadAsync(Scope));
        Assert.That(shown!.Message, Does.Contain("for 5 minutes"));
        Assert.That(_store.Calls, Is.EqualTo(1));

        call.LetGo();
        Assert.That(await ShownAsync(), Is.EqualTo(1));

        async Task<int> ShownAsync()
        {
            while (true)
            {
                try
                {
                    return (await it.Manager.ListIpSpreadAsync(Scope)).Items.Count;
                }
                catch (TimeoutException)
                {
                    await Task.Yield();
                }
            }
        }
    }

    [Test, Description("A1 an answer of yesterday is not shown while a new one is counted")]
    public async Task An_answer_that_was_not_asked_for_any_longer_is_forgotten()
    {
        var it = await AlarmedAsync();
        await CountedSlowlyAsync(it);
        it.Clock.Advance(KeptFor + Rest);
        Assert.That((await it.Manager.ListIpSpreadAsync(Scope)).CountedAt, Is.Not.Null);
        await _store.NextAsync();
        it.Clock.Advance(Ms);

        Assert.That((await it.Manager.ListIpSpreadAsync(Scope)).CountedAt, Is.Null);
    }

    [Test, Description("A1 a store that counts on the thread of its caller, as SQLite and the one in memory do, keeps none waiting")]
    public async Task A_store_that_blocks_its_thread_blocks_no_caller()
    {
        var it = await AlarmedAsync();
        using var gate = new ManualResetEventSlim();
        _store.BlockedBy = gate;
        var asking = it.Manager.ListIpSpreadAsync(Scope);
        await it.Clock.WaitForTimersAsync();
        it.Clock.Advance(Patience);

        Assert.That((await asking).CountedAt, Is.Null);
        gate.Set();
    }

    [Test, Description("A1 a count without a caller belongs to no request")]
    public async Task What_flows_with_a_request_does_not_flow_into_a_count_without_a_caller()
    {
        var it = await AlarmedAsync();
        await CountedSlowlyAsync(it);
        it.Clock.Advance(Rest);
        GatedStore.Request.Value = "a request";
        await it.Manager.ListIpSpreadAsync(Scope);

        Assert.That((await _store.NextAsync()).Request, Is.Null);
    }

    [Test, Description("A1 at most 2,500 alarms of a scope are kept; the rest comes from the store")]
    public async Task Beyond_what_is_kept_pages_come_from_the_store([Values(2_499, 2_500)] int kept)
    {
        var all = Enumerable.Range(0, kept).Select(i => new IpSpread(new SessionUser("hanzo", $"user-{i}"), [], 4)).ToList();
        var (store, limits) = (new Mock<ISessionStore>(), new List<(int, int)>());
        store.Setup(mock => mock.ListIpSpreadAsync(
                Scope, 4, It.IsAny<int>(), It.IsAny<int>(), It.IsAny<DateTimeOffset>(), It.IsAny<CancellationToken>()))
            .Callback((SessionScope _, int _, int limit, int offset, DateTimeOffset _, CancellationToken _) => limits.Add((limit, offset)))
            .ReturnsAsync((SessionScope _, int _, int limit, int offset, DateTimeOffset _, CancellationToken _) => all.Skip(offset).Take(limit).ToList());
        var it = new Harness(wrap: _ => store.Object);

        Assert.That((await it.Manager.ListIpSpreadAsync(Scope, 500, 2_000)).Items, Is.EqualTo(all.Skip(2_000)));
        Assert.That(limits, Is.EqualTo(new[] { (2_500, 0) }));
        var beyond = await it.Manager.ListIpSpreadAsync(Scope, 500, 2_001);
        Assert.That(beyond.Items, Is.EqualTo(all.Skip(2_001)));
        Assert.That((beyond.CountedAt, beyond.Limit, beyond.Offset), Is.EqualTo(((DateTimeOffset?)it.Now, 500, 2_001)));
        Assert.That(limits, Is.EqualTo(kept < 2_500 ? [(2_500, 0), (2_500, 0)] : new[] { (2_500, 0), (2_500, 0), (500, 2_001) }));
    }

    [Test, Description("A1 of 32 scopes the answers are kept: the one that was asked for least recently gives way")]
    public async Task The_least_recently_asked_scope_gives_way()
    {
        var it = await AlarmedAsync();
        var first = await CountedSlowlyAsync(it);
        for (var i = 1; i < 32; i++)
        {
            it.Clock.Advance(Ms);
            await CountedSlowlyAsync(it, SessionScope.Of($"org-{i}"));
        }

        await BeginSlowlyAsync(it, SessionScope.Of("org-32"));

        Assert.That((await it.Manager.ListIpSpreadAsync(SessionScope.Of("org-31"))).CountedAt, Is.Not.Null);
        Assert.That(first.CountedAt, Is.Not.Null);
        await BeginSlowlyAsync(it, Scope);
    }

    [Test, Description("A1 what is counted fast gives way before what is not: it needs no answer of before")]
    public async Task A_scope_that_is_counted_fast_gives_way_first()
    {
        var it = await AlarmedAsync();
        var first = await CountedSlowlyAsync(it);
        _store.IsOpen = true;
        for (var i = 1; i < 40; i++)
        {
            it.Clock.Advance(Ms);
            await it.Manager.ListIpSpreadAsync(SessionScope.Of($"org-{i}"));
        }

        Assert.That((await it.Manager.ListIpSpreadAsync(Scope)).CountedAt, Is.EqualTo(first.CountedAt));
    }

    [Test, Description("A1 a scope that is being counted never gives way, so it is never counted twice at a time")]
    public async Task While_all_scopes_are_being_counted_another_one_is_asked_of_the_store_itself()
    {
        var it = await AlarmedAsync(Zoe);
        List<Call> calls = [];
        for (var i = 0; i < 32; i++)
        {
            calls.Add(await BeginSlowlyAsync(it, SessionScope.Of($"org-{i}")));
        }

        var asking = it.Manager.ListIpSpreadAsync(SessionScope.Of("other"), 7, 0);
        var own = await _store.NextAsync();
        it.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.That((own.Limit, asking.IsCompleted), Is.EqualTo((7, false)), "the caller waits for it");
        own.LetGo();
        Assert.That((await asking).Items.Single().User, Is.EqualTo(Zoe));
        calls.ForEach(call => call.LetGo());
    }

    [Test, Description("A1 a stopping host ends the counts under way, in silence")]
    public async Task A_stopping_host_ends_counts()
    {
        var (clock, log) = (new TestClock(), new RecordedLog());
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(log);
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddHanzoSessions(options => options.CleanupEnabled = false)
            .UseStore(_ => _store = new GatedStore(new InMemorySessionStore(Options.Create(new HanzoSessionsOptions()))));
        using var host = builder.Build();
        await host.StartAsync();
        var manager = host.Services.GetRequiredService<SessionManager>();
        var asking = manager.ListIpSpreadAsync(Scope);
        var call = await _store.NextAsync();

        await host.StopAsync();

        Assert.That((await asking).CountedAt, Is.Null);
        Assert.That(call.Cancellation.IsCancellationRequested, Is.True);
        Assert.That(log.Lines.Select(line => line.Id.Id), Has.None.EqualTo(30));
        _store.IsOpen = true;
        Assert.That((await manager.ListIpSpreadAsync(Scope)).CountedAt, Is.EqualTo(clock.GetUtcNow()), "a later call counts as ever");
    }

    /// <summary>Users with four addresses, in a store that counts when a test lets it.</summary>
    private async Task<Harness> AlarmedAsync(params SessionUser[] users)
    {
        var it = new Harness(wrap: store => _store = new GatedStore(store));
        foreach (var user in users.DefaultIfEmpty(Ada))
        {
            for (var i = 1; i <= 4; i++)
            {
                await it.SignIn(user, ip: $"203.0.113.{i}");
            }
        }

        return it;
    }

    /// <summary>Begins the first count of a scope, and lets the caller's patience end.</summary>
    private async Task<Call> BeginSlowlyAsync(Harness it, SessionScope scope)
    {
        var asking = it.Manager.ListIpSpreadAsync(scope);
        var call = await _store.NextAsync();
        await it.Clock.WaitForTimersAsync();
        it.Clock.Advance(Patience);
        Assert.That((await asking).CountedAt, Is.Null);
        return call;
    }

    /// <summary>The first count of a scope, which takes two seconds.</summary>
    private async Task<IpSpreadPage> CountedSlowlyAsync(Harness it, SessionScope? scope = null)
    {
        var call = await BeginSlowlyAsync(it, scope ?? Scope);
        it.Clock.Advance(CountTime - Patience);
        call.LetGo();
        return await NewerAsync(it, null, scope);
    }

    /// <summary>Asks until there is another count than this one: it ends on another thread.</summary>
    private static async Task<IpSpreadPage> NewerAsync(Harness it, DateTimeOffset? than, SessionScope? scope = null)
    {
        while (true)
        {
            try
            {
                var page = await it.Manager.ListIpSpreadAsync(scope ?? Scope);
                if (page.CountedAt != than)
                {
                    return page;
                }
            }
            catch (IOException)
            {
                // The failure before it.
            }

            await Task.Yield();
        }
    }

    /// <summary>Asks until the next count has begun: the one before fails on another thread.</summary>
    private async Task<Call> TriedAgainAsync(Harness it, Exception fault)
    {
        while (true)
        {
            try
            {
                await it.Manager.ListIpSpreadAsync(Scope);
            }
            catch (IOException thrown)
            {
                Assert.That(thrown, Is.SameAs(fault));
            }

            if (_store.Next is { } call)
            {
                return call;
            }

            await Task.Yield();
        }
    }

    /// <summary>A count that has reached the store.</summary>
    private sealed class Call
    {
        private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public required DateTimeOffset Now { get; init; }

        public required int Limit { get; init; }

        public required CancellationToken Cancellation { get; init; }

        public required string? Request { get; init; }

        public void LetGo() => _gate.TrySetResult();

        public void Fail(Exception fault) => _gate.TrySetException(fault);

        public Task WaitAsync() => _gate.Task.WaitAsync(Cancellation);
    }

    private sealed class GatedStore(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        private readonly Channel<Call> _waiting = Channel.CreateUnbounded<Call>();
        private int _calls;

        public static AsyncLocal<string?> Request { get; } = new();

        public bool IsOpen { get; set; }

        public ManualResetEventSlim? BlockedBy { get; set; }

        public int Calls => _calls;

        public Call? Next => _waiting.Reader.TryRead(out var call) ? call : null;

        public ValueTask<Call> NextAsync() => _waiting.Reader.ReadAsync();

        public override async Task<IReadOnlyList<IpSpread>> ListIpSpreadAsync(
            SessionScope scope, int threshold, int limit, int offset, DateTimeOffset now, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _calls);
            BlockedBy?.Wait(CancellationToken.None);
            if (!IsOpen && BlockedBy is null)
            {
                var call = new Call { Now = now, Limit = limit, Cancellation = cancellationToken, Request = Request.Value };
                _waiting.Writer.TryWrite(call);
                await call.WaitAsync();
            }

            return await base.ListIpSpreadAsync(scope, threshold, limit, offset, now, cancellationToken);
        }
    }
}
