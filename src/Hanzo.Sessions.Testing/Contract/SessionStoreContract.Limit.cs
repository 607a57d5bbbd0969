using NUnit.Framework;

namespace Hanzo.Sessions.Testing;

public abstract partial class SessionStoreContract
{
    [Test, Description("C2")]
    public async Task One_more_than_the_limit_is_refused_and_told_which_sessions_count()
    {
        var stored = await AddAsync(Enumerable.Range(0, 3).Select(
            number => TestSessions.Of(Alice).In($"app{number}").At(Minute(number)).Carrying(1).LimitedTo(3)));
        var result = await Store.CreateAsync(TestSessions.Of(Alice).At(Minute(5)).LimitedTo(3));

        Assert.That(result.Outcome, Is.EqualTo(SessionCreationOutcome.LimitReached));
        Assert.That(result.Ended, Is.Empty);
        Assert.That(Ids(result.ActiveSessions), Is.EqualTo(Ids(stored.Reverse())), "newest first");
        Assert.That(result.ActiveSessions.Select(session => session.Payload.IsEmpty), Is.All.True);
        Assert.That(WithoutPayload(result.ActiveSessions[0]), Is.EqualTo(WithoutPayload(stored[2].Session)));
    }

    [Test, Description("C2 C5")]
    public async Task A_refusal_changes_nothing()
    {
        var stored = await AddAsync(TestSessions.Of(Alice).Carrying(7));
        var presented = await AddAsync(TestSessions.Of(Bob).Carrying(8));
        var refused = TestSessions.Of(Alice).At(Minute(5)).LimitedTo(1).Over(presented.TokenHash);
        var result = await Store.CreateAsync(refused);

        Assert.That(result.Outcome, Is.EqualTo(SessionCreationOutcome.LimitReached));
        AssertSame(await StoredAsync(stored), stored.Session);
        AssertSame(await StoredAsync(presented), presented.Session);
        Assert.That((await Store.FindAsync(refused.Session.Id)).Session, Is.Null);
        Assert.That((await Store.FindByTokenAsync(refused.TokenHash)).Session, Is.Null);
    }

    [Test, Description("C2 L1")]
    public async Task Ended_sessions_do_not_count_to_the_limit()
    {
        var first = await AddAsync(TestSessions.Of(Alice).LimitedTo(1));
        await EndAsync(first, SignedOut(Minute(1)));

        await AddAsync(TestSessions.Of(Alice).At(Minute(1)).LimitedTo(1));
    }

    [Test, Description("C2 V2")]
    public async Task A_session_counts_to_the_limit_until_the_instant_it_times_out()
    {
        var first = await AddAsync(TestSessions.Of(Alice).LimitedTo(1));
        var until = first.Session.ActiveUntil;
        var before = await Store.CreateAsync(TestSessions.Of(Alice).At(until - Millisecond).LimitedTo(1));
        var at = await Store.CreateAsync(TestSessions.Of(Alice).At(until).LimitedTo(1));

        Assert.That(before.Outcome, Is.EqualTo(SessionCreationOutcome.LimitReached));
        Assert.That(at.Outcome, Is.EqualTo(SessionCreationOutcome.Created));
        Assert.That(
            at.Ended,
            Is.EqualTo(new[] { Ended(first, new SessionEnd(until, SessionEndReason.IdleTimeout, By: null)) }),
            "a timeout is not an eviction");
    }

    [TestCase(SessionLimitScope.User, SessionLimitAction.Refuse), TestCase(SessionLimitScope.User, SessionLimitAction.EndOldest)]
    [TestCase(SessionLimitScope.UserAndApplication, SessionLimitAction.Refuse), TestCase(SessionLimitScope.UserAndApplication, SessionLimitAction.EndOldest)]
    [Description("C2 V7")]
    public async Task What_has_timed_out_ends_when_it_is_not_counted_so_that_no_late_activity_takes_the_user_beyond_the_limit(
        SessionLimitScope scope, SessionLimitAction action)
    {
        var idle = await AddAsync(TestSessions.Of(Alice).In("shop").Carrying(1));
        var expired = await AddAsync(TestSessions.Of(Alice).In("mail").Lasting(TimeSpan.FromHours(1), TimeSpan.FromMinutes(30)));
        var bobs = await AddAsync(TestSessions.Of(Bob).In("shop"));
        var other = await AddAsync(TestSessions.Of(Alice).In("shop").At(Minute(20)));
        var next = TestSessions.Of(Alice).In("shop").At(Minute(60)).LimitedTo(2, scope, action);
        var result = await Store.CreateAsync(next);

        var idleEnd = new SessionEnd(Minute(60), SessionEndReason.IdleTimeout, By: null);
        var expiredEnd = new SessionEnd(Minute(30), SessionEndReason.Expired, By: null);
        Assert.That(result.Outcome, Is.EqualTo(SessionCreationOutcome.Created));
        Assert.That(result.Ended, Is.EquivalentTo(new[] { Ended(idle, idleEnd), Ended(expired, expiredEnd) }));
        Assert.That(await Store.TouchAsync(idle.Session.TouchAt(Minute(60) - Millisecond)), Is.EqualTo(new SessionTouchResult(false)), "it comes too late");
        Assert.That(await ActiveAsync(Minute(60), SessionFilter.Of(Alice)), Is.EquivalentTo(Ids([other, next])));
        AssertSame(await StoredAsync(idle), idle.Session with { End = idleEnd, Payload = default });
        Assert.That((await StoredAsync(bobs)).End, Is.Null);
        Assert.That(await Store.ExpireAsync(idle.Session.Id, Minute(60)), Is.Null, "its end is reported once");
        Assert.That(Ids(await Store.ExpireBatchAsync(Minute(60), 10)), Is.EqualTo(Ids([bobs])));
    }

    [Test, Description("C2")]
    public async Task A_refusal_ends_nothing_that_has_timed_out()
    {
        var late = await AddAsync(TestSessions.Of(Alice).Carrying(1));
        await AddAsync(TestSessions.Of(Alice).At(Minute(30)));
        var result = await Store.CreateAsync(TestSessions.Of(Alice).At(Minute(60)).LimitedTo(1));

        Assert.That(result.Outcome, Is.EqualTo(SessionCreationOutcome.LimitReached));
        Assert.That(result.Ended, Is.Empty);
        AssertSame(await StoredAsync(late), late.Session);
    }

    [Test, Description("C3 K1")]
    public async Task Without_a_limit_a_sign_in_leaves_what_has_timed_out_to_clean_up()
    {
        var late = await AddAsync(TestSessions.Of(Alice));
        var result = await Store.CreateAsync(TestSessions.Of(Alice).At(Minute(60)));

        Assert.That(result.Ended, Is.Empty);
        Assert.That(Ids(await Store.ExpireBatchAsync(Minute(60), 10)), Is.EqualTo(Ids([late])));
    }

    [Test, Description("C2")]
    public async Task The_sessions_of_others_do_not_count_to_the_limit()
    {
        foreach (var user in new[] { Alice, Bob, AliceElsewhere, new SessionUser("acme", "Alice"), new SessionUser("ACME", "alice"), new SessionUser("acme", "alice ") })
        {
            await AddAsync(TestSessions.Of(user).LimitedTo(1));
        }
    }

    [Test, Description("C3")]
    public async Task The_limit_of_a_user_counts_all_applications_and_that_of_an_application_only_its_own()
    {
        await AddAsync(TestSessions.Of(Alice).In("shop"));
        var sameApplication = await Store.CreateAsync(TestSessions.Of(Alice).In("shop").LimitedTo(1, SessionLimitScope.UserAndApplication));
        var otherApplication = await Store.CreateAsync(TestSessions.Of(Alice).In("Shop").LimitedTo(1, SessionLimitScope.UserAndApplication));
        var anyApplication = await Store.CreateAsync(TestSessions.Of(Alice).In("mail").LimitedTo(2));

        Assert.That(sameApplication.Outcome, Is.EqualTo(SessionCreationOutcome.LimitReached));
        Assert.That(otherApplication.Outcome, Is.EqualTo(SessionCreationOutcome.Created));
        Assert.That(anyApplication.Outcome, Is.EqualTo(SessionCreationOutcome.LimitReached));
        Assert.That(sameApplication.ActiveSessions, Has.Count.EqualTo(1));
        Assert.That(anyApplication.ActiveSessions, Has.Count.EqualTo(2));
    }

    [Test, Description("C3")]
    public async Task Without_a_limit_any_number_is_created()
    {
        var stored = await AddAsync(Enumerable.Range(0, 12).Select(_ => TestSessions.Of(Alice)));

        Assert.That(await ActiveAsync(Minute(1)), Is.EquivalentTo(Ids(stored)));
    }

    [Test, Description("C3 T9")]
    public async Task At_the_limit_the_oldest_session_makes_room()
    {
        var newer = await AddAsync(TestSessions.Of(Alice).At(Minute(2)).Carrying(1));
        var oldest = await AddAsync(TestSessions.Of(Alice).At(Minute(1)).Carrying(2));
        await Store.TouchAsync(oldest.Session.TouchAt(Minute(3)));
        var next = TestSessions.Of(Alice).At(Minute(5)).LimitedTo(2, action: SessionLimitAction.EndOldest);
        var result = await Store.CreateAsync(next);

        var end = new SessionEnd(Minute(5), SessionEndReason.Evicted, SessionActor.Of(Alice));
        Assert.That(result.Outcome, Is.EqualTo(SessionCreationOutcome.Created));
        Assert.That(result.Ended, Is.EqualTo(new[] { Ended(oldest, end) }));
        Assert.That(await ActiveAsync(Minute(6)), Is.EquivalentTo(Ids([newer, next])));
        AssertSame(await StoredAsync(oldest), oldest.Session with { LastActiveAt = Minute(3), End = end, Payload = default });
    }

    [Test, Description("C3")]
    public async Task At_the_limit_the_session_that_was_active_longest_ago_makes_room()
    {
        var old = await AddAsync(TestSessions.Of(Alice).At(Minute(1)));
        var idle = await AddAsync(TestSessions.Of(Alice).At(Minute(2)));
        await Store.TouchAsync(old.Session.TouchAt(Minute(3)));
        var result = await Store.CreateAsync(
            TestSessions.Of(Alice).At(Minute(5)).LimitedTo(2, action: SessionLimitAction.EndLeastRecentlyActive));

        Assert.That(Ids(result.Ended), Is.EqualTo(Ids([idle])));
    }

    [TestCase(SessionLimitAction.EndOldest), TestCase(SessionLimitAction.EndLeastRecentlyActive), Description("C3")]
    public async Task Of_sessions_that_are_equally_old_the_one_with_the_lowest_id_makes_room(SessionLimitAction action)
    {
        var stored = await AddAsync(OddIds.Select(id => TestSessions.Of(Alice).WithId(id)));
        var result = await Store.CreateAsync(TestSessions.Of(Alice).At(Minute(5)).LimitedTo(stored.Length - 2, action: action));

        Assert.That(Ids(result.Ended), Is.EquivalentTo(OddIds.Order().Take(3)));
    }

    [TestCase(SessionLimitAction.EndOldest), TestCase(SessionLimitAction.EndLeastRecentlyActive), Description("C3")]
    public async Task When_the_limit_was_lowered_as_many_end_as_it_takes(SessionLimitAction action)
    {
        var stored = await AddAsync(Enumerable.Range(0, 5).Select(number => TestSessions.Of(Alice).At(Minute(number))));
        var next = TestSessions.Of(Alice).At(Minute(9)).LimitedTo(2, action: action);
        var result = await Store.CreateAsync(next);

        Assert.That(Ids(result.Ended), Is.EquivalentTo(Ids(stored[..4])));
        Assert.That(await ActiveAsync(Minute(9)), Is.EquivalentTo(Ids([stored[4], next])));
    }

    [TestCase(SessionLimitAction.EndOldest), TestCase(SessionLimitAction.EndLeastRecentlyActive), Description("C3")]
    public async Task The_session_that_is_being_created_is_never_the_one_that_ends(SessionLimitAction action)
    {
        var stored = await AddAsync(TestSessions.Of(Alice).At(Minute(10)));
        var next = TestSessions.Of(Alice).At(Minute(5)).LimitedTo(1, action: action);
        var result = await Store.CreateAsync(next);

        Assert.That(Ids(result.Ended), Is.EqualTo(Ids([stored])));
        Assert.That((await StoredAsync(next)).End, Is.Null);
    }

    [Test, Description("C3")]
    public async Task Room_in_an_application_is_made_by_sessions_of_that_application()
    {
        var mail = await AddAsync(TestSessions.Of(Alice).In("mail").At(Minute(1)));
        var bobs = await AddAsync(TestSessions.Of(Bob).In("shop").At(Minute(1)));
        var shop = await AddAsync(TestSessions.Of(Alice).In("shop").At(Minute(2)));
        var result = await Store.CreateAsync(TestSessions.Of(Alice).In("shop").At(Minute(5))
            .LimitedTo(1, SessionLimitScope.UserAndApplication, SessionLimitAction.EndOldest));

        Assert.That(Ids(result.Ended), Is.EqualTo(Ids([shop])));
        Assert.That((await StoredAsync(mail)).End, Is.Null);
        Assert.That((await StoredAsync(bobs)).End, Is.Null);
    }

    [Test, Description("C5")]
    public async Task A_presented_session_that_counts_leaves_its_place_to_the_new_one()
    {
        var presented = await AddAsync(TestSessions.Of(Alice));
        var other = await AddAsync(TestSessions.Of(Alice));

        foreach (var action in Enum.GetValues<SessionLimitAction>())
        {
            var next = TestSessions.Of(Alice).At(Minute(5)).LimitedTo(2, action: action).Over(presented.TokenHash);
            var result = await Store.CreateAsync(next);
            Assert.That(result.Outcome, Is.EqualTo(SessionCreationOutcome.Created), action.ToString());
            Assert.That(result.Ended.Select(it => (it.Id, it.End.Reason)), Is.EqualTo(new[] { (presented.Session.Id, SessionEndReason.Replaced) }));
            presented = next;
        }

        Assert.That((await StoredAsync(other)).End, Is.Null);
    }

    [Test, Description("C2 C5")]
    public async Task A_presented_session_that_counts_leaves_its_place_also_above_a_limit_that_was_lowered()
    {
        var stored = await AddAsync(Enumerable.Range(0, 4).Select(number => TestSessions.Of(Alice).At(Minute(number))));
        var bobs = await AddAsync(TestSessions.Of(Bob));
        var next = TestSessions.Of(Alice).At(Minute(9)).LimitedTo(2);

        Assert.That((await Store.CreateAsync(next.Over(bobs.TokenHash))).Outcome, Is.EqualTo(SessionCreationOutcome.LimitReached));
        var result = await Store.CreateAsync(next.Over(stored[1].TokenHash));
        Assert.That(result.Outcome, Is.EqualTo(SessionCreationOutcome.Created));
        Assert.That(result.Ended.Select(it => (it.Id, it.End.Reason)), Is.EqualTo(new[] { (stored[1].Session.Id, SessionEndReason.Replaced) }));
        var refusal = await Store.CreateAsync(TestSessions.Of(Alice).At(Minute(9)).LimitedTo(2));
        Assert.That(Ids(refusal.ActiveSessions), Is.EqualTo(Ids([next, stored[3], stored[2], stored[0]])));
    }

    [Test, Description("C5")]
    public async Task A_presented_session_that_does_not_count_leaves_no_place()
    {
        await AddAsync(TestSessions.Of(Alice).In("shop"));
        var elsewhere = await AddAsync(TestSessions.Of(Alice).In("mail"));
        var bobs = await AddAsync(TestSessions.Of(Bob).In("shop"));

        foreach (var presented in new[] { elsewhere, bobs })
        {
            var next = TestSessions.Of(Alice).In("shop").LimitedTo(1, SessionLimitScope.UserAndApplication).Over(presented.TokenHash);
            Assert.That((await Store.CreateAsync(next)).Outcome, Is.EqualTo(SessionCreationOutcome.LimitReached));
            Assert.That((await StoredAsync(presented)).End, Is.Null);
        }
    }

    [Test, Description("C3 C5")]
    public async Task A_presented_session_is_replaced_and_others_are_evicted_each_once()
    {
        var stored = await AddAsync(Enumerable.Range(0, 4).Select(number => TestSessions.Of(Alice).At(Minute(number))));
        var result = await Store.CreateAsync(TestSessions.Of(Alice).At(Minute(9))
            .LimitedTo(2, action: SessionLimitAction.EndOldest).Over(stored[0].TokenHash));

        Assert.That(result.Ended.Select(it => (it.Id, it.End.Reason)), Is.EquivalentTo(new[]
        {
            (stored[0].Session.Id, SessionEndReason.Replaced),
            (stored[1].Session.Id, SessionEndReason.Evicted),
            (stored[2].Session.Id, SessionEndReason.Evicted),
        }));
    }
}
