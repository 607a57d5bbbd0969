namespace Hanzo.Sessions.Tests;

public sealed class CleanupTests
{
    [Test, Description("K1 expired sessions are ended and announced once")]
    public async Task Clean_up_ends_each_expired_session_and_announces_it_once()
    {
        var it = new Harness();
        var expired = await it.SignIn(3);
        it.Clock.Advance(TimeSpan.FromMinutes(30));
        var active = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMinutes(30));

        Assert.That(await it.Manager.CleanUpAsync(), Is.EqualTo(new SessionCleanupResult(3, 0)));
        Assert.That(await it.Manager.CleanUpAsync(), Is.EqualTo(new SessionCleanupResult(0, 0)));
        Assert.That(Ids(it.Observed.Ended), Is.EquivalentTo(Ids(expired)));
        Assert.That(it.Observed.Ended, Has.All.Property(nameof(EndedSession.End)).EqualTo(
            new SessionEnd(expired[0].Session.CreatedAt.AddHours(1), SessionEndReason.IdleTimeout, null)));
        Assert.That(await it.StatusOf(active), Is.EqualTo(SessionStatus.Active));
    }

    [Test, Description("K1 in batches, until nothing is left")]
    public async Task Clean_up_goes_on_in_batches_until_nothing_is_left()
    {
        var it = new Harness(options => (options.CleanupBatchSize, options.MaxSessions, options.HistoryRetention) = (7, null, TimeSpan.Zero));
        await it.SignIn(50);
        it.Clock.Advance(TimeSpan.FromHours(1));

        Assert.That(await it.Manager.CleanUpAsync(), Is.EqualTo(new SessionCleanupResult(50, 50)));
        Assert.That(it.Observed.Ended, Has.Count.EqualTo(50));
    }

    [TestCase(-1, 0, Description = "K1 one millisecond before the retention is over")]
    [TestCase(0, 1, Description = "K1 exactly when the retention of 30 days is over")]
    public async Task History_is_purged_when_its_retention_is_over(int milliseconds, int purged)
    {
        var it = new Harness();
        var issued = await it.SignIn();
        await it.Manager.SignOutAsync(issued.Session);
        it.Clock.Advance(TimeSpan.FromDays(30) + TimeSpan.FromMilliseconds(milliseconds));

        Assert.That(await it.Manager.CleanUpAsync(), Is.EqualTo(new SessionCleanupResult(0, purged)));
        Assert.That((await it.Manager.ListHistoryAsync(All())).Items, Has.Count.EqualTo(1 - purged));
        Assert.That(await it.Manager.FindAsync(Scope, issued.Session.Id), purged == 1 ? Is.Null : Is.Not.Null);
    }

    [Test, Description("K1 the retention counts from the end, not from when it was noticed")]
    public async Task A_session_that_expired_long_ago_is_ended_and_purged_in_one_clean_up()
    {
        var it = new Harness();
        await it.SignIn();
        it.Clock.Advance(TimeSpan.FromDays(40));

        Assert.That(await it.Manager.CleanUpAsync(), Is.EqualTo(new SessionCleanupResult(1, 1)));
        Assert.That(it.Observed.Ended, Has.Count.EqualTo(1));
    }

    [Test, Description("K1 zero purges at once")]
    public async Task Without_retention_history_is_purged_by_the_next_clean_up()
    {
        var it = new Harness(options => options.HistoryRetention = TimeSpan.Zero);
        var issued = await it.SignIn();
        await it.Manager.SignOutAsync(issued.Session);
        Assert.That(await it.StatusOf(issued), Is.EqualTo(SessionStatus.Terminated));

        Assert.That(await it.Manager.CleanUpAsync(), Is.EqualTo(new SessionCleanupResult(0, 1)));
        Assert.That(await it.StatusOf(issued), Is.EqualTo(SessionStatus.Unknown));
    }

    [Test, Description("K1 history keeps everything but the claims")]
    public async Task History_keeps_everything_but_the_payload()
    {
        var it = new Harness();
        var issued = await it.Manager.CreateAsync(new NewSession
        {
            User = Ada,
            IpAddress = System.Net.IPAddress.Parse("203.0.113.7"),
            UserAgent = "curl/8.14.1",
            AuthenticationMethods = "pwd",
            Payload = new byte[] { 1 },
        });
        await it.Manager.SignOutAsync(issued.Session);

        var expected = issued.Session with
        {
            Payload = default,
            End = new SessionEnd(it.Now, SessionEndReason.SignedOut, SessionActor.Of(Ada)),
        };
        Assert.That((await it.Manager.ListHistoryAsync(All())).Items, Is.EqualTo(new[] { expected }));
        Assert.That(await it.Stored(issued), Is.EqualTo(expected));
    }

    [TestCase(0, 0, Description = "K1 no history at all")]
    [TestCase(3, 3, Description = "K1 the newest are kept")]
    [TestCase(10, 5, Description = "K1 room enough")]
    public async Task The_in_memory_store_keeps_the_newest_ended_sessions_up_to_its_capacity(int capacity, int kept)
    {
        var it = new Harness(options => options.HistoryCapacity = capacity);
        var issued = await it.SignIn(5);
        foreach (var one in issued)
        {
            it.Clock.Advance(Ms);
            await it.Manager.SignOutAsync(one.Session);
        }

        var newestFirst = Ids(issued).Reverse().Take(kept);
        Assert.That(Ids(await it.Manager.ListHistoryAsync(All())), Is.EqualTo(newestFirst));
        Assert.That(await it.StatusOf(issued[0]), Is.EqualTo(kept == 5 ? SessionStatus.Terminated : SessionStatus.Unknown));
        Assert.That(await it.StatusOf(issued[4]), Is.EqualTo(kept == 0 ? SessionStatus.Unknown : SessionStatus.Terminated));
    }

    [Test, Description("K1 the capacity holds also for sessions that had to be kept longer")]
    public async Task The_capacity_holds_for_sessions_whose_wish_to_be_kept_is_over_too()
    {
        var it = new Harness(options => options.HistoryCapacity = 3);
        var until = it.Now.AddDays(2);
        for (var i = 0; i < 6; i++)
        {
            var session = (await new Harness().SignIn()).Session with { KeepHistoryUntil = until };
            await it.Store.CreateAsync(new SessionCreation { Session = session, TokenHash = SessionToken.New().Hash() });
        }

        await it.Manager.TerminateAllAsync(Ada, Service);
        Assert.That((await it.Manager.ListHistoryAsync(All())).Items, Has.Count.EqualTo(6));
        it.Clock.Advance(TimeSpan.FromDays(2));
        await it.Manager.CleanUpAsync();

        Assert.That((await it.Manager.ListHistoryAsync(All())).Items, Has.Count.EqualTo(3));
    }

    [Test, Description("K1 safe at once on many servers")]
    public async Task Clean_ups_that_run_at_once_end_and_announce_each_expiry_once()
    {
        var it = new Harness(options => (options.CleanupBatchSize, options.MaxSessions) = (10, null));
        await it.SignIn(500);
        it.Clock.Advance(TimeSpan.FromHours(1));

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => it.Manager.CleanUpAsync())));

        Assert.That(results.Sum(result => result.Ended), Is.EqualTo(500));
        Assert.That(Ids(it.Observed.Ended), Is.Unique.And.Count.EqualTo(500));
    }

    [Test, Description("K1 correctness never depends on clean-up")]
    public async Task Without_any_clean_up_everything_is_right()
    {
        var it = new Harness(options => options.MaxSessions = 1);
        var old = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromHours(1));

        Assert.That((await it.Manager.ListAsync(All())).Total, Is.Zero);
        Assert.That(Ids(await it.Manager.ListHistoryAsync(All())), Is.EqualTo(Ids([old])));
        await Assert.ThatAsync(() => it.SignIn(), Throws.Nothing);
        Assert.That(await it.StatusOf(old), Is.EqualTo(SessionStatus.IdleTimeout));
    }
}
