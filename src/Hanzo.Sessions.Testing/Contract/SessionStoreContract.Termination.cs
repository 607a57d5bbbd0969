using System.Net;
using NUnit.Framework;

namespace Hanzo.Sessions.Testing;

public abstract partial class SessionStoreContract
{
    [Test, Description("T1")]
    public async Task Ending_one_session_leaves_the_others()
    {
        var stored = await AddAsync(Enumerable.Range(0, 3).Select(_ => TestSessions.Of(Alice).Carrying(1)));
        var end = new SessionEnd(Minute(10), SessionEndReason.TerminatedByUser, SessionActor.Of(Alice));
        var filter = SessionFilter.Of(Alice) with { Application = "shop", Id = stored[1].Session.Id };
        var termination = await Store.TerminateAsync(filter, end);

        Assert.That(termination.CurrentSelected, Is.False);
        Assert.That(termination.Ended, Is.EqualTo(new[] { Ended(stored[1], end) }));
        AssertSame(await StoredAsync(stored[0]), stored[0].Session);
        AssertSame(await StoredAsync(stored[1]), stored[1].Session with { End = end, Payload = default });
        AssertSame(await StoredAsync(stored[2]), stored[2].Session);
    }

    [Test, Description("T1 L4")]
    public async Task A_session_of_another_user_organization_or_application_is_not_ended_by_its_id()
    {
        var creation = await AddAsync(TestSessions.Of(Alice));
        var id = creation.Session.Id;
        SessionFilter[] filters =
        [
            SessionFilter.Of(Bob) with { Id = id },
            SessionFilter.Of(AliceElsewhere) with { Id = id },
            SessionFilter.Of(Alice) with { Id = id, Application = "mail" },
            new() { Scope = SessionScope.Of("globex"), Id = id },
        ];
        foreach (var filter in filters)
        {
            Assert.That((await Store.TerminateAsync(filter, SignedOut(Minute(1)))).Ended, Is.Empty);
        }

        AssertSame(await StoredAsync(creation), creation.Session);
    }

    [Test, Description("T5")]
    public async Task All_sessions_of_a_user_end_and_each_is_reported_once()
    {
        var own = await AddAsync(Enumerable.Range(0, 20).Select(number => TestSessions.Of(Alice).In($"app{number % 3}")));
        var others = await AddAsync(
            TestSessions.Of(Bob), TestSessions.Of(AliceElsewhere), TestSessions.Of(new SessionUser("acme", "Alice")), TestSessions.Of(new SessionUser("acme", "alice2")));
        var end = new SessionEnd(Minute(10), SessionEndReason.TerminatedByAdmin, SessionActor.Service("nightly"));
        var termination = await Store.TerminateAsync(SessionFilter.Of(Alice), end);

        Assert.That(termination.Ended, Is.EquivalentTo(own.Select(it => Ended(it, end))));
        Assert.That(await ActiveAsync(Minute(10)), Is.EquivalentTo(Ids(others)));
    }

    [Test, Description("T3 T6")]
    public async Task Every_condition_of_a_filter_selects_what_it_says()
    {
        (string Name, Func<SessionFilter, SessionCreation[], SessionFilter> Condition)[] conditions =
        [
            ("none", (filter, _) => filter),
            ("id", (filter, crowd) => filter with { Id = crowd[1].Session.Id }),
            ("except", (filter, crowd) => filter with { Except = crowd[1].Session.Id }),
            ("user", (filter, _) => filter with { User = "alice" }),
            ("application", (filter, _) => filter with { Application = "mail" }),
            ("user and application", (filter, _) => filter with { User = "alice", Application = "mail" }),
            ("address", (filter, _) => filter with { IpAddress = IPAddress.Parse("192.0.2.1") }),
            ("user prefix", (filter, _) => filter with { UserPrefix = "al" }),
            ("part of a user", (filter, _) => filter with { Contains = new(SessionTextColumn.User, "li") }),
            ("part of an application", (filter, _) => filter with { Contains = new(SessionTextColumn.Application, "ai") }),
            ("created before", (filter, _) => filter with { CreatedBefore = Minute(2) }),
            ("last active before", (filter, _) => filter with { LastActiveBefore = Minute(12) }),
            ("created before the end of time", (filter, _) => filter with { CreatedBefore = DateTimeOffset.MaxValue }),
            ("last active before the end of time", (filter, _) => filter with { LastActiveBefore = DateTimeOffset.MaxValue }),
            ("user, created before, except", (filter, crowd) => filter with { User = "alice", CreatedBefore = Minute(5), Except = crowd[0].Session.Id }),
        ];
        foreach (var (name, condition) in conditions)
        {
            var organization = $"acme-{name}";
            var crowd = await AddAsync(TerminationCrowd(organization));
            var filter = condition(new SessionFilter { Scope = SessionScope.Of(organization) }, crowd);
            var expected = crowd.Where(it => filter.Matches(it.Session)).ToList();
            var termination = await Store.TerminateAsync(filter, SignedOut(Minute(20)));

            Assert.That(Ids(termination.Ended), Is.EquivalentTo(Ids(expected)), name);
            Assert.That(expected, Is.Not.Empty, name);
            Assert.That(
                await ActiveAsync(Minute(20), new SessionFilter { Scope = SessionScope.Of(organization) }),
                Is.EquivalentTo(Ids(crowd.Except(expected))),
                name);
        }
    }

    [Test, Description("T6")]
    public async Task Created_before_and_last_active_before_leave_out_the_instant_itself()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).At(Minute(1)));
        await Store.TouchAsync(creation.Session.TouchAt(Minute(2)));
        SessionFilter[] filters =
        [
            Everything with { CreatedBefore = Minute(1) },
            Everything with { LastActiveBefore = Minute(2) },
            Everything with { CreatedBefore = DateTimeOffset.MinValue },
            Everything with { LastActiveBefore = DateTimeOffset.MinValue },
        ];
        foreach (var filter in filters)
        {
            Assert.That((await Store.TerminateAsync(filter, SignedOut(Minute(3)))).Ended, Is.Empty);
        }

        var both = new SessionFilter
        {
            Scope = SessionScope.AllOrganizations,
            CreatedBefore = Minute(1) + Millisecond,
            LastActiveBefore = Minute(2) + Millisecond,
        };
        Assert.That(Ids((await Store.TerminateAsync(both, SignedOut(Minute(3)))).Ended), Is.EqualTo(Ids([creation])));
    }

    [Test, Description("T6 L4")]
    public async Task An_organization_ends_alone_and_all_organizations_end_only_when_somebody_says_so()
    {
        var stored = await AddAsync(TestSessions.Of(Alice), TestSessions.Of(Bob), TestSessions.Of(AliceElsewhere));
        var one = await Store.TerminateAsync(new SessionFilter { Scope = SessionScope.Of("acme") }, SignedOut(Minute(1)));
        var all = await Store.TerminateAsync(Everything, SignedOut(Minute(2)));

        Assert.That(Ids(one.Ended), Is.EquivalentTo(Ids(stored[..2])));
        Assert.That(Ids(all.Ended), Is.EqualTo(Ids(stored[2..])));
    }

    [Test, Description("T4")]
    public async Task When_the_protected_session_is_selected_nothing_ends()
    {
        var stored = await AddAsync(TestSessions.Of(Alice), TestSessions.Of(Alice).In("mail"), TestSessions.Of(Bob));
        var current = stored[0].Session.Id;
        SessionFilter[] filters =
        [
            Only(stored[0]),
            SessionFilter.Of(Alice),
            SessionFilter.Of(Alice) with { Application = "shop" },
            new() { Scope = SessionScope.Of("acme") },
            Everything,
        ];
        foreach (var filter in filters)
        {
            var termination = await Store.TerminateAsync(filter, SignedOut(Minute(1)), current);
            Assert.That(termination.CurrentSelected);
            Assert.That(termination.Ended, Is.Null.Or.Empty);
        }

        Assert.That(await ActiveAsync(Minute(1)), Is.EquivalentTo(Ids(stored)));
    }

    [Test, Description("T4")]
    public async Task A_protected_session_that_is_not_selected_protects_nothing()
    {
        var current = await AddAsync(TestSessions.Of(Alice));
        var other = await AddAsync(TestSessions.Of(Alice));
        var bobs = await AddAsync(TestSessions.Of(Bob));
        var except = await Store.TerminateAsync(
            SessionFilter.Of(Alice) with { Except = current.Session.Id }, SignedOut(Minute(1)), current.Session.Id);
        var elsewhere = await Store.TerminateAsync(SessionFilter.Of(Bob), SignedOut(Minute(1)), current.Session.Id);

        Assert.That((except.CurrentSelected, elsewhere.CurrentSelected), Is.EqualTo((false, false)));
        Assert.That(Ids(except.Ended), Is.EqualTo(Ids([other])));
        Assert.That(Ids(elsewhere.Ended), Is.EqualTo(Ids([bobs])));
        Assert.That((await StoredAsync(current)).End, Is.Null);
    }

    [Test, Description("T4")]
    public async Task A_protected_session_that_is_over_protects_nothing()
    {
        var timedOut = await AddAsync(TestSessions.Of(Alice));
        var ended = await AddAsync(TestSessions.Of(Alice).At(Minute(30)));
        var others = await AddAsync(TestSessions.Of(Alice).At(Minute(30)), TestSessions.Of(Alice).At(Minute(30)).In("mail"));
        await EndAsync(ended, SignedOut(Minute(31)));
        var first = await Store.TerminateAsync(Only(others[0]) with { User = "alice" }, SignedOut(Minute(60)), ended.Session.Id);
        var second = await Store.TerminateAsync(SessionFilter.Of(Alice), SignedOut(Minute(60)), timedOut.Session.Id);

        Assert.That((first.CurrentSelected, second.CurrentSelected), Is.EqualTo((false, false)));
        Assert.That(Ids(first.Ended), Is.EqualTo(Ids(others[..1])));
        Assert.That(Ids(second.Ended), Is.EquivalentTo(Ids([.. others[1..], timedOut])));
    }

    [Test, Description("T8 T9")]
    public async Task Ending_twice_ends_nothing_more_and_the_first_end_stays()
    {
        var creation = await AddAsync(TestSessions.Of(Alice));
        await EndAsync(creation, SignedOut(Minute(1)));
        var again = await Store.TerminateAsync(
            SessionFilter.Of(Alice), new SessionEnd(Minute(2), SessionEndReason.UserDeleted, SessionActor.Of(Bob)));

        Assert.That(again.Ended, Is.Empty);
        Assert.That(again.CurrentSelected, Is.False);
        Assert.That((await StoredAsync(creation)).End, Is.EqualTo(SignedOut(Minute(1))));
    }

    [Test, Description("T9 V2")]
    public async Task A_session_that_has_timed_out_is_ended_by_that_and_not_by_a_termination()
    {
        var late = await AddAsync(TestSessions.Of(Alice));
        var inTime = await AddAsync(TestSessions.Of(Bob));
        var until = late.Session.ActiveUntil;
        var timeout = new SessionEnd(until, SessionEndReason.IdleTimeout, By: null);

        var ended = await Store.TerminateAsync(SessionFilter.Of(Alice), SignedOut(until + Millisecond));
        Assert.That(ended.Ended.Select(it => (it.Id, it.End)), Is.EqualTo(new[] { (late.Session.Id, timeout) }));
        Assert.That((await StoredAsync(late)).End, Is.EqualTo(timeout));
        Assert.That((await Store.TerminateAsync(SessionFilter.Of(Bob), SignedOut(until - Millisecond))).Ended, Has.Count.EqualTo(1));
        Assert.That((await StoredAsync(inTime)).ActiveUntil, Is.EqualTo(until - Millisecond));
    }

    [Test, Description("T5 T9 V4")]
    public async Task Whoever_is_selected_and_has_timed_out_ends_by_that_so_that_no_late_activity_prolongs_it()
    {
        SessionFilter[] filters =
        [
            SessionFilter.Of(Alice), SessionFilter.Of(Alice) with { Application = "mail" }, new() { Scope = SessionScope.Of("acme") },
            new() { Scope = SessionScope.AllOrganizations, UserPrefix = "al" },
        ];
        foreach (var filter in filters)
        {
            var idle = await AddAsync(TestSessions.Of(Alice).In("mail"));
            var expired = await AddAsync(TestSessions.Of(Alice).In("mail").With(session => session with { ExpiresAt = Minute(51) }));
            var active = await AddAsync(TestSessions.Of(Alice).In("mail").At(Minute(1)));
            var (bobs, end) = (await AddAsync(TestSessions.Of(new SessionUser("other", "bob"))), SignedOut(Minute(60)));
            var ended = await Store.TerminateAsync(filter, end);

            Assert.That(
                ended.Ended.Select(it => (it.Id, it.End)),
                Is.EquivalentTo(new[]
                {
                    (idle.Session.Id, new SessionEnd(Minute(60), SessionEndReason.IdleTimeout, By: null)),
                    (expired.Session.Id, new SessionEnd(Minute(51), SessionEndReason.Expired, By: null)),
                    (active.Session.Id, end),
                }));
            Assert.That(await Store.TouchAsync(idle.Session.TouchAt(Minute(60) - Millisecond)), Is.EqualTo(new SessionTouchResult(false)));
            Assert.That((await StoredAsync(bobs)).End, Is.Null, "it was not selected");
        }
    }

    [Test, Description("T9 L5")]
    public async Task Every_reason_and_every_actor_come_back_as_they_were_given()
    {
        SessionActor?[] actors = [SessionActor.Of(Alice), SessionActor.Service("nightly job ünï:%"), SessionActor.Of(new SessionUser("acme", "a/b:c")), null];
        foreach (var (reason, number) in Enum.GetValues<SessionEndReason>().Select((reason, number) => (reason, number)))
        {
            var end = new SessionEnd(Minute(1).AddMilliseconds(number), reason, actors[number % actors.Length]);
            var creation = await AddAsync(TestSessions.Of(Alice));
            await EndAsync(creation, end);
            AssertSame(await StoredAsync(creation), creation.Session with { End = end });
        }
    }

    [Test, Description("K1")]
    public async Task An_ended_session_is_found_without_its_payload()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).From("192.0.2.1").Carrying(1, 2, 3));
        await EndAsync(creation, SignedOut(Minute(1)));
        var expected = creation.Session with { End = SignedOut(Minute(1)), Payload = default };

        AssertSame((await Store.FindByTokenAsync(creation.TokenHash)).Session, expected);
        AssertSame((await Store.FindAsync(creation.Session.Id)).Session, expected);
    }

    [Test, Description("T2")]
    public async Task The_last_session_of_a_record_takes_the_record_with_it()
    {
        var stored = await AddAsync(TestSessions.Of(Alice), TestSessions.Of(Alice));
        foreach (var (creation, left) in stored.Zip([1, 0]))
        {
            await EndAsync(creation, SignedOut(Minute(1)));
            Assert.That(await Store.ListRecordsAsync(Listing(view: SessionView.Records), Minute(1)), Has.Count.EqualTo(left));
        }
    }

    private static IEnumerable<SessionCreation> TerminationCrowd(string organization)
    {
        string[] users = ["alice", "bob", "albert", "Alice"];
        string?[] addresses = ["192.0.2.1", null, "192.0.2.10"];
        return Enumerable.Range(0, 6).Select(number => TestSessions
            .Of(new SessionUser(organization, users[number % 4]))
            .In(number % 2 == 0 ? "mail" : "shop")
            .From(addresses[number % 3])
            .At(Minute(number))
            .With(session => session with { LastActiveAt = Minute(10 + (number % 5)) }));
    }
}
