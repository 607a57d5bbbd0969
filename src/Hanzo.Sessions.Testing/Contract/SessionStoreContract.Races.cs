using NUnit.Framework;

namespace Hanzo.Sessions.Testing;

/// <content>Calls that run concurrently. The outcome must be one that some order of the calls explains.</content>
public abstract partial class SessionStoreContract
{
    [Test, Description("C2")]
    public async Task Of_two_creates_for_the_last_free_place_one_gets_it()
    {
        for (var round = 0; round < 5; round++)
        {
            var user = new SessionUser("acme", $"user{round}");
            await AddAsync(TestSessions.Of(user).LimitedTo(2));
            var results = await AtOnceAsync(2, _ => Store.CreateAsync(TestSessions.Of(user).LimitedTo(2)));

            Assert.That(
                results.Select(result => result.Outcome),
                Is.EquivalentTo(new[] { SessionCreationOutcome.Created, SessionCreationOutcome.LimitReached }));
        }
    }

    [Test, Description("C2")]
    public async Task Of_64_creates_for_10_places_exactly_10_get_one()
    {
        for (var round = 0; round < 3; round++)
        {
            var user = new SessionUser("acme", $"user{round}");
            var results = await AtOnceAsync(64, _ => Store.CreateAsync(TestSessions.Of(user).LimitedTo(10)));
            var refused = results.Where(result => result.Outcome == SessionCreationOutcome.LimitReached).ToList();

            Assert.That(results.Count(result => result.Outcome == SessionCreationOutcome.Created), Is.EqualTo(10));
            Assert.That(refused, Has.Count.EqualTo(54));
            Assert.That(refused.Select(result => result.ActiveSessions.Count), Is.All.EqualTo(10));
            Assert.That(await ActiveAsync(Minute(1), SessionFilter.Of(user)), Has.Length.EqualTo(10));
        }
    }

    [Test, Description("C3")]
    public async Task Creates_that_make_room_for_themselves_leave_exactly_the_limit()
    {
        var results = await AtOnceAsync(24, number => Store.CreateAsync(
            TestSessions.Of(Alice).At(Minute(number)).LimitedTo(3, action: SessionLimitAction.EndOldest)));
        var evicted = results.SelectMany(result => Ids(result.Ended)).ToList();

        Assert.That(results.Select(result => result.Outcome), Is.All.EqualTo(SessionCreationOutcome.Created));
        Assert.That(evicted, Has.Count.EqualTo(21).And.Unique);
        Assert.That(await ActiveAsync(Minute(30)), Has.Length.EqualTo(3));
    }

    [Test]
    public async Task A_session_that_is_created_many_times_at_once_is_created_once()
    {
        var creation = TestSessions.Of(Alice);
        var results = await AtOnceAsync(8, number => Store.CreateAsync(number % 2 == 0 ? creation : creation.WithId(SessionId.New(Start))));

        Assert.That(results.Count(result => result.Outcome == SessionCreationOutcome.Created), Is.EqualTo(1));
        Assert.That(results.Count(result => result.Outcome == SessionCreationOutcome.AlreadyExists), Is.EqualTo(7));
        var stored = (await ActiveAsync(Minute(1))).Single();
        Assert.That(results.Select(result => result.Existing?.Id).OfType<SessionId>(), Is.All.EqualTo(stored));
    }

    [Test]
    public async Task A_token_that_is_given_to_many_users_at_once_is_given_to_one()
    {
        for (var round = 0; round < 50; round++)
        {
            var creation = TestSessions.Of(Alice);
            var results = await AtOnceAsync(8, number => Store.CreateAsync(creation
                .WithId(SessionId.New(Start))
                .With(session => session with { User = new SessionUser("acme", $"user-{number}") })));

            Assert.That(results.Count(result => result.Outcome == SessionCreationOutcome.Created), Is.EqualTo(1));
            var stored = (await Store.FindByTokenAsync(creation.TokenHash)).Session;
            Assert.That(results.Select(result => result.Existing?.Id).OfType<SessionId>(), Is.All.EqualTo(stored!.Id));
        }

        Assert.That(await ActiveAsync(Minute(1)), Has.Length.EqualTo(50));
    }

    [Test, Description("C5")]
    public async Task A_session_that_many_sign_ins_present_at_once_is_replaced_once()
    {
        var presented = await AddAsync(TestSessions.Of(Alice));
        var results = await AtOnceAsync(8, _ => Store.CreateAsync(TestSessions.Of(Bob).At(Minute(1)).Over(presented.TokenHash)));

        Assert.That(results.Select(result => result.Outcome), Is.All.EqualTo(SessionCreationOutcome.Created));
        Assert.That(results.SelectMany(result => Ids(result.Ended)), Is.EqualTo(Ids([presented])));
    }

    [Test, Description("C5")]
    public async Task Sign_ins_that_present_each_others_sessions_do_not_block_each_other()
    {
        var (own, other) = (await AddAsync(TestSessions.Of(Alice)), await AddAsync(TestSessions.Of(Bob)));
        for (var round = 1; round <= 10; round++)
        {
            var (alice, bob) = (TestSessions.Of(Alice).At(Minute(round)).LimitedTo(2), TestSessions.Of(Bob).At(Minute(round)).LimitedTo(2));
            var (first, second) = (other.TokenHash, own.TokenHash);
            var results = await AtOnceAsync(() => Store.CreateAsync(alice.Over(first)), () => Store.CreateAsync(bob.Over(second)));

            Assert.That(Ids(results.First.Ended.Concat(results.Second.Ended)), Is.EquivalentTo(Ids([own, other])));
            (own, other) = (alice, bob);
        }
    }

    [Test, Description("T5")]
    public async Task A_create_and_the_end_of_all_sessions_take_turns()
    {
        for (var round = 0; round < 10; round++)
        {
            var user = new SessionUser("acme", $"user{round}");
            var before = await AddAsync(TestSessions.Of(user));
            var next = TestSessions.Of(user);
            var (termination, _) = await AtOnceAsync(
                () => Store.TerminateAsync(SessionFilter.Of(user), SignedOut(Minute(1))), () => Store.CreateAsync(next));
            var ended = (await StoredAsync(next)).End is not null;

            Assert.That(Ids(termination.Ended), Is.EquivalentTo(ended ? Ids([before, next]) : Ids([before])));
            Assert.That((await StoredAsync(before)).End, Is.Not.Null);
        }
    }

    [Test, Description("T8")]
    public async Task All_of_a_users_sessions_end_also_when_one_is_ended_elsewhere_meanwhile()
    {
        for (var round = 0; round < 10; round++)
        {
            var user = new SessionUser("acme", $"user{round}");
            var stored = await AddAsync(Enumerable.Range(0, 6).Select(_ => TestSessions.Of(user)));
            var (all, one) = await AtOnceAsync(
                () => Store.TerminateAsync(SessionFilter.Of(user), SignedOut(Minute(1))),
                () => Store.TerminateAsync(Only(stored[round % 6]), SignedOut(Minute(1))));

            Assert.That(Ids(one.Ended.Concat(all.Ended)), Is.EquivalentTo(Ids(stored)), "each ends once");
            Assert.That(await ActiveAsync(Minute(1), SessionFilter.Of(user)), Is.Empty);
        }
    }

    [Test, Description("T6 T8")]
    public async Task Crossing_terminations_end_every_session_once()
    {
        var stored = await AddAsync(Enumerable.Range(0, 24).Select(
            number => TestSessions.Of(number % 2 == 0 ? Alice : Bob).In($"app{number % 3}").At(Minute(number % 5))));
        SessionFilter[] filters =
        [
            SessionFilter.Of(Bob), Everything with { Application = "app1" }, SessionFilter.Of(Alice), Everything with { Application = "app0" },
            Everything, new() { Scope = SessionScope.Of("acme"), CreatedBefore = Minute(3) },
        ];
        var terminations = await AtOnceAsync(filters.Length, number => Store.TerminateAsync(filters[number], SignedOut(Minute(10))));

        Assert.That(Ids(terminations.SelectMany(termination => termination.Ended)), Is.EquivalentTo(Ids(stored)));
        Assert.That(await ActiveAsync(Minute(10)), Is.Empty);
    }

    [Test, Description("V1 V5")]
    public async Task Lookups_at_once_each_find_their_own_session()
    {
        var stored = await AddAsync(Enumerable.Range(0, 24).Select(number => TestSessions.Of(number % 2 == 0 ? Alice : Bob)));
        await Store.TerminateAsync(SessionFilter.Of(Bob), SignedOut(Minute(1)));
        for (var round = 0; round < 3; round++)
        {
            var found = await AtOnceAsync(96, number => number % 4 == 3
                ? Store.FindByTokenAsync(TestSessions.NewTokenHash()).AsTask()
                : number % 4 == 2
                    ? Store.FindAsync(stored[number % 24].Session.Id).AsTask()
                    : Store.FindByTokenAsync(stored[number % 24].TokenHash).AsTask());

            Assert.That(
                found.Select(it => (it.Session?.Id, IsEnded: it.Session?.End is not null)),
                Is.EqualTo(Enumerable.Range(0, 96).Select(number => number % 4 == 3
                    ? ((SessionId?)null, false)
                    : (stored[number % 24].Session.Id, stored[number % 24].Session.User == Bob))));
        }
    }

    [Test, Description("T10 V4")]
    public async Task A_rotation_does_not_save_a_session_from_being_terminated()
    {
        for (var round = 0; round < 10; round++)
        {
            var creation = await AddAsync(TestSessions.Of(Alice));
            var next = TestSessions.NewTokenHash();
            var (rotated, termination) = await AtOnceAsync(
                () => Store.RotateAsync(new SessionRotation(creation.TokenHash, next, null, Minute(1))),
                () => Store.TerminateAsync(SessionFilter.Of(Alice), SignedOut(Minute(1))));
            var died = rotated is null ? creation : creation with { TokenHash = next };

            Assert.That(termination.Ended, Is.EqualTo(new[] { Ended(died, SignedOut(Minute(1))) }));
            Assert.That((await Store.FindByTokenAsync(died.TokenHash)).Session?.End, Is.EqualTo(SignedOut(Minute(1))));
        }
    }

    [Test, Description("V4")]
    public async Task An_activity_does_not_save_a_session_from_being_terminated()
    {
        for (var round = 0; round < 10; round++)
        {
            var creation = await AddAsync(TestSessions.Of(Alice));
            var (touched, termination) = await AtOnceAsync(
                () => Store.TouchAsync(creation.Session.TouchAt(Minute(2))).AsTask(),
                () => Store.TerminateAsync(SessionFilter.Of(Alice), SignedOut(Minute(3))));
            var expected = creation.Session with { End = SignedOut(Minute(3)) };

            Assert.That(termination.Ended, Is.EqualTo(new[] { Ended(creation, SignedOut(Minute(3))) }));
            AssertSame(await StoredAsync(creation), touched.IsActive ? expected with { LastActiveAt = Minute(2) } : expected);
        }
    }

    [Test, Description("K1 V3")]
    public async Task An_activity_in_the_last_millisecond_and_a_clean_up_do_not_both_win()
    {
        var stored = await AddAsync(Enumerable.Range(0, 10).Select(_ => TestSessions.Of(Alice)));
        var until = stored[0].Session.ActiveUntil;
        var (touched, expired) = await AtOnceAsync(
            async () =>
            {
                List<SessionId> alive = [];
                foreach (var creation in stored)
                {
                    var touch = await Store.TouchAsync(creation.Session.TouchAt(until - Millisecond));
                    alive.AddRange(touch.IsActive ? [creation.Session.Id] : []);
                }

                return alive;
            },
            async () =>
            {
                List<EndedSession> ended = [];
                foreach (var creation in stored.Reverse())
                {
                    var one = await Store.ExpireAsync(creation.Session.Id, until);
                    ended.AddRange(one is null ? [] : [one]);
                }

                return ended;
            });

        Assert.That(touched.Concat(Ids(expired)), Is.EquivalentTo(Ids(stored)));
        Assert.That(await ActiveAsync(until), Is.EquivalentTo(touched));
    }

    [Test, Description("K1 V3")]
    public async Task An_activity_and_a_batch_of_clean_up_do_not_both_win()
    {
        for (var round = 0; round < 10; round++)
        {
            var creation = await AddAsync(TestSessions.Of(Alice));
            var until = creation.Session.ActiveUntil;
            var (touched, expired) = await AtOnceAsync(
                () => Store.TouchAsync(creation.Session.TouchAt(until - Millisecond)).AsTask(),
                () => Store.ExpireBatchAsync(until, 10));
            Assert.That(Ids(expired), Is.EqualTo(touched.IsActive ? [] : Ids([creation])));
            Assert.That((await StoredAsync(creation)).End is null, Is.EqualTo(touched.IsActive));
            await Store.TerminateAsync(Everything, SignedOut(until));
        }
    }

    [Test, Description("K1")]
    public async Task Clean_ups_that_run_at_once_end_every_session_once()
    {
        var stored = await AddAsync(Enumerable.Range(0, 40).Select(number => TestSessions.Of(Alice).At(Minute(number))));
        var batches = await AtOnceAsync(4, async _ =>
        {
            List<EndedSession> ended = [];
            IReadOnlyList<EndedSession> batch;
            do
            {
                batch = await Store.ExpireBatchAsync(Minute(600), 7);
                ended.AddRange(batch);
            }
            while (batch.Count == 7);

            return ended;
        });

        Assert.That(Ids(batches.SelectMany(batch => batch)), Is.EquivalentTo(Ids(stored)));
        Assert.That(await Store.ExpireBatchAsync(Minute(600), 100), Is.Empty);
    }

    [Test, Description("V7 K1")]
    public async Task A_timeout_that_many_notice_at_once_is_reported_once()
    {
        var creation = await AddAsync(TestSessions.Of(Alice));
        var answers = await AtOnceAsync(8, async number => number % 2 == 0
            ? await Store.ExpireAsync(creation.Session.Id, Minute(60))
            : (await Store.ExpireBatchAsync(Minute(60), 10)).SingleOrDefault());

        Assert.That(Ids(answers.OfType<EndedSession>()), Is.EqualTo(Ids([creation])));
    }

    [Test, Description("V3")]
    public async Task Of_activities_that_are_written_at_once_the_latest_stays()
    {
        var creation = await AddAsync(TestSessions.Of(Alice));
        var answers = await AtOnceAsync(16, number => Store.TouchAsync(creation.Session.TouchAt(Minute((number * 7 % 16) + 1))).AsTask());

        Assert.That(answers.Select(answer => answer.IsActive), Is.All.True);
        Assert.That((await StoredAsync(creation)).LastActiveAt, Is.EqualTo(Minute(16)));
    }

    [Test, Description("V3")]
    public async Task Activities_of_the_same_sessions_in_different_orders_do_not_block_each_other()
    {
        var stored = await AddAsync(Enumerable.Range(0, 12).Select(number => TestSessions.Of(number % 2 == 0 ? Alice : Bob)));
        var answers = await AtOnceAsync(8, number => Task.WhenAll((number % 2 == 0 ? stored : stored.Reverse())
            .Select(it => Store.TouchAsync(it.Session.TouchAt(Minute(number + 1))).AsTask())));

        Assert.That(answers.SelectMany(answer => answer).Select(answer => answer.IsActive), Is.All.True);
    }
}
