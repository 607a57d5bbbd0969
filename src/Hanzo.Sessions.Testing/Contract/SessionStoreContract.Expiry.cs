using NUnit.Framework;

namespace Hanzo.Sessions.Testing;

public abstract partial class SessionStoreContract
{
    [Test, Description("V7 T9")]
    public async Task An_idle_session_ends_at_the_instant_its_time_was_up()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).Carrying(1));
        var until = creation.Session.ActiveUntil;
        var early = await Store.ExpireAsync(creation.Session.Id, until - Millisecond);
        var expired = await Store.ExpireAsync(creation.Session.Id, until.AddHours(7));

        var end = new SessionEnd(until, SessionEndReason.IdleTimeout, By: null);
        Assert.That(early, Is.Null);
        Assert.That(expired, Is.EqualTo(Ended(creation, end)));
        AssertSame(await StoredAsync(creation), creation.Session with { End = end, Payload = default });
    }

    [TestCase(60), TestCase(45), Description("V2 T9")]
    public async Task A_session_that_lasted_as_long_as_it_may_has_expired(int minutes)
    {
        var creation = await AddAsync(TestSessions.Of(Alice).Lasting(TimeSpan.FromHours(1), TimeSpan.FromMinutes(minutes)));
        var early = await Store.ExpireAsync(creation.Session.Id, Minute(minutes) - Millisecond);
        var expired = await Store.ExpireAsync(creation.Session.Id, Minute(minutes));

        Assert.That(early, Is.Null);
        Assert.That(expired, Is.EqualTo(Ended(creation, new SessionEnd(Minute(minutes), SessionEndReason.Expired, By: null))));
    }

    [Test, Description("K1 T9")]
    public async Task What_was_ended_already_does_not_expire()
    {
        var expired = await AddAsync(TestSessions.Of(Alice));
        var ended = await AddAsync(TestSessions.Of(Alice));
        await EndAsync(ended, SignedOut(Minute(1)));
        await Store.ExpireAsync(expired.Session.Id, Minute(60));

        Assert.That(await Store.ExpireAsync(expired.Session.Id, Minute(61)), Is.Null);
        Assert.That(await Store.ExpireAsync(ended.Session.Id, Minute(61)), Is.Null);
        Assert.That(await Store.ExpireAsync(SessionId.New(Start), Minute(61)), Is.Null);
        Assert.That((await StoredAsync(ended)).End, Is.EqualTo(SignedOut(Minute(1))));
    }

    [Test, Description("V7")]
    public async Task A_session_that_has_expired_stays_over_when_the_clock_goes_back()
    {
        var creation = await AddAsync(TestSessions.Of(Alice));
        await Store.ExpireAsync(creation.Session.Id, Minute(60));

        Assert.That(await Store.TouchAsync(creation.Session.TouchAt(Minute(30))), Is.EqualTo(new SessionTouchResult(false)));
        Assert.That(await Store.RotateAsync(new SessionRotation(creation.TokenHash, TestSessions.NewTokenHash(), null, Minute(30))), Is.Null);
        Assert.That(await ActiveAsync(Minute(30)), Is.Empty);
        Assert.That((await Store.CreateAsync(TestSessions.Of(Alice).At(Minute(30)).LimitedTo(1))).Outcome, Is.EqualTo(SessionCreationOutcome.Created));
    }

    [Test]
    public async Task A_session_that_has_timed_out_keeps_its_payload_until_somebody_ends_it()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).Carrying(1));
        await AddAsync(TestSessions.Of(Alice).At(Minute(61)));

        AssertSame((await Store.FindByTokenAsync(creation.TokenHash)).Session, creation.Session);
    }

    [Test, Description("K1 T9")]
    public async Task A_batch_ends_what_has_timed_out_and_nothing_else()
    {
        var idle = await AddAsync(TestSessions.Of(Alice).Carrying(1));
        var expired = await AddAsync(TestSessions.Of(AliceElsewhere).Lasting(TimeSpan.FromHours(2), TimeSpan.FromMinutes(50)));
        var touched = await AddAsync(TestSessions.Of(Alice));
        var ended = await AddAsync(TestSessions.Of(Bob));
        var fresh = await AddAsync(TestSessions.Of(Bob).At(Minute(1)));
        await Store.TouchAsync(touched.Session.TouchAt(Minute(1)));
        await EndAsync(ended, SignedOut(Minute(2)));
        var batch = await Store.ExpireBatchAsync(Minute(60), 100);

        var end = new SessionEnd(Minute(60), SessionEndReason.IdleTimeout, By: null);
        Assert.That(batch, Is.EquivalentTo(new[]
        {
            Ended(idle, end),
            Ended(expired, new SessionEnd(Minute(50), SessionEndReason.Expired, By: null)),
        }));
        AssertSame(await StoredAsync(idle), idle.Session with { End = end, Payload = default });
        Assert.That(await ActiveAsync(Minute(60)), Is.EquivalentTo(Ids([touched, fresh])));
        Assert.That(await Store.ExpireBatchAsync(Minute(60), 100), Is.Empty, "each once");
    }

    [Test, Description("K1")]
    public async Task A_session_that_was_touched_is_found_by_a_later_batch()
    {
        var creation = await AddAsync(TestSessions.Of(Alice));
        await Store.TouchAsync(creation.Session.TouchAt(Minute(30)));

        Assert.That(await Store.ExpireBatchAsync(Minute(60), 100), Is.Empty);
        Assert.That(await Store.ExpireBatchAsync(Minute(90) - Millisecond, 100), Is.Empty);
        Assert.That(
            await Store.ExpireBatchAsync(Minute(90), 100),
            Is.EqualTo(new[] { Ended(creation, new SessionEnd(Minute(90), SessionEndReason.IdleTimeout, By: null)) }));
    }

    [Test, Description("K1")]
    public async Task A_batch_ends_no_more_than_its_maximum_and_the_next_one_goes_on()
    {
        var stored = await AddAsync(Enumerable.Range(0, 7).Select(number => TestSessions.Of(Alice).At(Minute(number))));
        List<EndedSession> all = [];
        List<int> counts = [];
        for (var batch = 0; batch < 4; batch++)
        {
            var ended = await Store.ExpireBatchAsync(Minute(600), 3);
            counts.Add(ended.Count);
            all.AddRange(ended);
        }

        Assert.That(counts, Is.EqualTo(new[] { 3, 3, 1, 0 }));
        Assert.That(Ids(all), Is.EquivalentTo(Ids(stored)));
    }

    [Test, Description("K1")]
    public async Task History_is_purged_up_to_an_instant()
    {
        var stored = await AddAsync(Enumerable.Range(0, 3).Select(_ => TestSessions.Of(Alice)));
        foreach (var (creation, number) in stored.Select((creation, number) => (creation, number)))
        {
            await EndAsync(creation, SignedOut(Minute(10) + ((number - 1) * Millisecond)));
        }

        Assert.That(await Store.PurgeAsync(Minute(10), Minute(100), 100), Is.EqualTo(2));
        Assert.That((await Store.FindAsync(stored[0].Session.Id)).Session, Is.Null);
        Assert.That((await Store.FindByTokenAsync(stored[1].TokenHash)).Session, Is.Null);
        Assert.That((await Store.FindAsync(stored[2].Session.Id)).Session, Is.Not.Null);
        Assert.That(Ids(await Store.ListAsync(Listing(view: SessionView.History), Minute(100))), Is.EqualTo(Ids(stored[2..])));
        Assert.That(await Store.PurgeAsync(Minute(10), Minute(100), 100), Is.Zero);
    }

    [Test, Description("K1")]
    public async Task A_purge_removes_nothing_that_has_not_been_ended()
    {
        var timedOut = await AddAsync(TestSessions.Of(Alice).Carrying(1));
        var active = await AddAsync(TestSessions.Of(Alice).At(Minute(90)).Carrying(2));

        Assert.That(await Store.PurgeAsync(Minute(100), Minute(100), 100), Is.Zero);
        AssertSame(await StoredAsync(timedOut), timedOut.Session);
        AssertSame(await StoredAsync(active), active.Session);
    }

    [Test, Description("K1")]
    public async Task History_that_must_be_kept_is_kept_until_its_instant()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).With(session => session with { KeepHistoryUntil = Minute(500) }));
        await EndAsync(creation, SignedOut(Minute(10)));

        Assert.That(await Store.PurgeAsync(Minute(400), Minute(500) - Millisecond, 100), Is.Zero);
        Assert.That((await StoredAsync(creation)).End, Is.EqualTo(SignedOut(Minute(10))));
        Assert.That(await Store.PurgeAsync(Minute(10) - Millisecond, Minute(500), 100), Is.Zero, "it ended later");
        Assert.That(await Store.PurgeAsync(Minute(10), Minute(500), 100), Is.EqualTo(1));
        Assert.That((await Store.FindAsync(creation.Session.Id)).Session, Is.Null);
    }

    [Test, Description("K1")]
    public async Task A_purge_removes_no_more_than_its_maximum()
    {
        var stored = await AddAsync(Enumerable.Range(0, 5).Select(_ => TestSessions.Of(Alice)));
        var kept = await AddAsync(TestSessions.Of(Alice).With(session => session with { KeepHistoryUntil = Minute(500) }));
        await Store.TerminateAsync(Everything, SignedOut(Minute(1)));

        Assert.That(await Store.PurgeAsync(Minute(10), Minute(20), 2), Is.EqualTo(2));
        Assert.That(await Store.CountAsync(Listing(view: SessionView.History), Minute(20), 100), Is.EqualTo(4));
        Assert.That(await Store.PurgeAsync(Minute(10), Minute(20), 2), Is.EqualTo(2));
        Assert.That(await Store.PurgeAsync(Minute(10), Minute(20), 2), Is.EqualTo(stored.Length - 4));
        Assert.That(Ids(await Store.ListAsync(Listing(view: SessionView.History), Minute(20))), Is.EqualTo(Ids([kept])));
    }
}
