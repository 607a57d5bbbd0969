using NUnit.Framework;

namespace Hanzo.Sessions.Testing;

public abstract partial class SessionStoreContract
{
    [Test, Description("U7")]
    public async Task Forgetting_a_user_ends_the_sessions_and_removes_them_and_the_history()
    {
        var active = await AddAsync(Enumerable.Range(0, 3).Select(number => TestSessions.Of(Alice).In($"app{number}").At(Minute(70)).Carrying(1)));
        var timedOut = await AddAsync(TestSessions.Of(Alice).From("192.0.2.1"));
        var expired = await AddAsync(TestSessions.Of(Alice).Lasting(TimeSpan.FromHours(2), TimeSpan.FromMinutes(50)));
        var moved = await AddAsync(TestSessions.Of(Alice).At(Minute(1)));
        await Store.MoveAsync(moved.Session.MoveTo("192.0.2.7", Minute(2)) with { Ends = true });
        var ended = await AddAsync(TestSessions.Of(Alice).At(Minute(1)));
        await EndAsync(ended, SignedOut(Minute(3)));
        var forgotten = await Store.ForgetAsync(Alice, SignedOut(Minute(80)));

        EndedSession[] expected =
        [
            .. active.Select(it => Ended(it, SignedOut(Minute(80)))),
            Ended(timedOut, new SessionEnd(Minute(60), SessionEndReason.IdleTimeout, By: null)),
            Ended(expired, new SessionEnd(Minute(50), SessionEndReason.Expired, By: null)),
        ];
        Assert.That(forgotten, Is.EquivalentTo(expected));
        foreach (var creation in (SessionCreation[])[.. active, timedOut, expired, moved, ended])
        {
            await AssertGoneAsync(creation);
        }

        foreach (var view in Enum.GetValues<SessionView>())
        {
            Assert.That(await Store.CountAsync(Listing(view: view), Minute(80), 100), Is.Zero, view.ToString());
        }

        Assert.That(await Store.ListAsync(Listing(), Minute(80)), Is.Empty);
        Assert.That(await Store.ListAsync(Listing(view: SessionView.History), Minute(80)), Is.Empty);
        Assert.That(await Store.ListAsync(Listing(SessionFilter.Of(Alice), SessionView.History), Minute(80)), Is.Empty);
        Assert.That(await Store.ListIpSpreadAsync(SessionScope.AllOrganizations, 0, 50, 0, Minute(80)), Is.Empty);
    }

    [Test, Description("U7 L4")]
    public async Task Forgetting_a_user_leaves_all_others()
    {
        await AddAsync(TestSessions.Of(Alice));
        SessionUser[] others = [Bob, AliceElsewhere, new("acme", "Alice"), new("acme", "alice2"), new("acme", "alic"), new("Acme", "alice")];
        var active = await AddAsync(others.Select(user => TestSessions.Of(user).Carrying(1)));
        var ended = await AddAsync(others.Select(user => TestSessions.Of(user)));
        foreach (var creation in ended)
        {
            await EndAsync(creation, SignedOut(Minute(1)));
        }

        Assert.That(await Store.ForgetAsync(Alice, SignedOut(Minute(2))), Has.Count.EqualTo(1));
        Assert.That(await ActiveAsync(Minute(2)), Is.EquivalentTo(Ids(active)));
        Assert.That(Ids(await Store.ListAsync(Listing(view: SessionView.History), Minute(2))), Is.EquivalentTo(Ids(ended)));
        foreach (var creation in active)
        {
            AssertSame(await StoredAsync(creation), creation.Session);
        }
    }

    [Test, Description("U7")]
    public async Task Forgetting_a_user_of_whom_nothing_is_stored_changes_nothing()
    {
        await AddAsync(TestSessions.Of(Alice));
        await Store.ForgetAsync(Alice, SignedOut(Minute(1)));

        Assert.That(await Store.ForgetAsync(Alice, SignedOut(Minute(2))), Is.Empty);
        Assert.That(await Store.ForgetAsync(Bob, SignedOut(Minute(2))), Is.Empty);
    }

    [Test, Description("U7 T9")]
    public async Task A_session_that_is_forgotten_ends_with_the_token_that_it_has_then()
    {
        var creation = await AddAsync(TestSessions.Of(Alice));
        var next = TestSessions.NewTokenHash();
        await Store.RotateAsync(new SessionRotation(creation.TokenHash, next, null, Minute(1)));
        var end = new SessionEnd(Minute(2), SessionEndReason.UserDeleted, SessionActor.Of(Bob));

        Assert.That(await Store.ForgetAsync(Alice, end), Is.EqualTo(new[] { Ended(creation with { TokenHash = next }, end) }));
        await AssertGoneAsync(creation with { TokenHash = next });
    }

    [Test, Description("U7 V2")]
    public async Task A_session_is_forgotten_as_active_up_to_its_last_millisecond()
    {
        var (inTime, late) = (await AddAsync(TestSessions.Of(Alice)), await AddAsync(TestSessions.Of(Bob)));
        var until = late.Session.ActiveUntil;

        Assert.That(
            await Store.ForgetAsync(Alice, SignedOut(until - Millisecond)), Is.EqualTo(new[] { Ended(inTime, SignedOut(until - Millisecond)) }));
        Assert.That(
            await Store.ForgetAsync(Bob, SignedOut(until)),
            Is.EqualTo(new[] { Ended(late, new SessionEnd(until, SessionEndReason.IdleTimeout, By: null)) }));
    }

    [Test, Description("U7 V4")]
    public async Task Nothing_brings_a_forgotten_session_back()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).Carrying(1));
        await Store.ForgetAsync(Alice, SignedOut(Minute(1)));

        Assert.That((await Store.TouchAsync(creation.Session.TouchAt(Minute(2)))).IsActive, Is.False);
        Assert.That((await Store.MoveAsync(creation.Session.MoveTo("192.0.2.7", Minute(2)))).IsWritten, Is.False);
        Assert.That(await Store.RotateAsync(new SessionRotation(creation.TokenHash, TestSessions.NewTokenHash(), null, Minute(2))), Is.Null);
        Assert.That(
            await Store.ReplacePayloadAsync(new SessionPayloadChange(creation.TokenHash, new byte[] { 1 }, new byte[] { 2 }, Minute(2))), Is.False);
        Assert.That((await Store.TerminateAsync(SessionFilter.Of(Alice), SignedOut(Minute(2)))).Ended, Is.Empty);
        Assert.That(await Store.ExpireAsync(creation.Session.Id, Minute(90)), Is.Null);
        Assert.That(await Store.ExpireBatchAsync(Minute(90), 10), Is.Empty);
        Assert.That(await Store.PurgeAsync(Minute(90), Minute(90), 10), Is.Zero);
        Assert.That((await Store.CreateAsync(TestSessions.Of(Bob).Over(creation.TokenHash))).Ended, Is.Empty);
        Assert.That(await ActiveAsync(Minute(2), SessionFilter.Of(Alice)), Is.Empty);
    }

    [Test, Description("U7 C2")]
    public async Task A_user_who_was_forgotten_can_sign_in_again()
    {
        await AddAsync(TestSessions.Of(Alice).From("192.0.2.1").LimitedTo(1));
        await Store.ForgetAsync(Alice, SignedOut(Minute(1)));
        var result = await Store.CreateAsync(TestSessions.Of(Alice).From("192.0.2.2").At(Minute(2)).LimitedTo(1));

        Assert.That((result.Outcome, result.NetworksBefore, result.Networks), Is.EqualTo((SessionCreationOutcome.Created, 0, 1)));
    }

    [TestCase(true), TestCase(false), Description("U7")]
    public async Task The_id_of_a_forgotten_session_whose_history_must_be_kept_is_not_created_again(bool hadEnded)
    {
        var creation = await AddAsync(Adopted(Alice, Minute(500)));
        await Store.RotateAsync(new SessionRotation(creation.TokenHash, TestSessions.NewTokenHash(), null, Minute(1)));
        if (hadEnded)
        {
            await Store.TerminateAsync(Only(creation), SignedOut(Minute(1)));
        }

        var presented = await AddAsync(TestSessions.Of(Bob));
        Assert.That(await Store.ForgetAsync(Alice, SignedOut(Minute(2))), Has.Count.EqualTo(hadEnded ? 0 : 1));
        SessionCreation[] again =
        [
            creation,
            creation.LimitedTo(1),
            creation.Over(presented.TokenHash),
            creation.LimitedTo(1, action: SessionLimitAction.EndOldest).Over(presented.TokenHash),
            creation.With(session => session with { User = Bob }) with { TokenHash = TestSessions.NewTokenHash() },
        ];
        foreach (var one in again)
        {
            var result = await Store.CreateAsync(one);
            Assert.That((result.Outcome, result.Existing), Is.EqualTo((SessionCreationOutcome.AlreadyExists, (Session?)null)));
            Assert.That(result.Ended, Is.Empty);
            await AssertGoneAsync(one);
        }

        Assert.That(await ActiveAsync(Minute(3)), Is.EqualTo(Ids([presented])));
    }

    [Test, Description("U7 nothing but the id is kept")]
    public async Task Another_session_may_have_the_token_of_a_forgotten_one()
    {
        var creation = await AddAsync(Adopted(Alice, Minute(500)));
        await Store.ForgetAsync(Alice, SignedOut(Minute(1)));

        await AddAsync(creation.WithId(SessionId.New(Start)));
    }

    [Test, Description("U7")]
    public async Task The_id_of_a_forgotten_session_is_kept_only_if_its_history_had_to_be_kept_at_that_instant()
    {
        var (due, kept) = (await AddAsync(Adopted(Alice, Minute(100))), await AddAsync(Adopted(Alice, Minute(100) + Millisecond)));
        await Store.ForgetAsync(Alice, SignedOut(Minute(100)));

        Assert.That((await Store.CreateAsync(kept)).Outcome, Is.EqualTo(SessionCreationOutcome.AlreadyExists));
        await AddAsync(due);
    }

    [Test, Description("U7 K1")]
    public async Task The_id_of_a_forgotten_session_is_purged_at_the_instant_until_which_its_history_was_to_be_kept()
    {
        var old = await AddAsync(Adopted(Alice, Minute(500)));
        await EndAsync(old, SignedOut(Minute(1)));
        await Store.ForgetAsync(Alice, SignedOut(Minute(2)));

        await Store.PurgeAsync(Minute(400), Minute(500) - Millisecond, 100);
        Assert.That((await Store.CreateAsync(old)).Outcome, Is.EqualTo(SessionCreationOutcome.AlreadyExists));
        await Store.PurgeAsync(Start, Minute(500), 100);
        await AddAsync(old);
    }

    [Test, Description("U7 K1")]
    public async Task Purges_of_a_few_remove_all_ids_in_time()
    {
        var old = await AddAsync(Enumerable.Range(0, 5).Select(_ => Adopted(Alice, Minute(500))));
        await Store.TerminateAsync(SessionFilter.Of(Alice), SignedOut(Minute(1)));
        await Store.ForgetAsync(Alice, SignedOut(Minute(2)));
        for (var purge = 0; purge < 3; purge++)
        {
            await Store.PurgeAsync(Minute(3), Minute(500), 2);
        }

        await AddAsync(old);
    }

    [Test, Description("U7")]
    public async Task A_create_and_forgetting_its_user_take_turns()
    {
        for (var round = 0; round < 10; round++)
        {
            var user = new SessionUser("acme", $"user{round}");
            var before = await AddAsync(TestSessions.Of(user));
            var next = TestSessions.Of(user);
            var (ended, created) = await AtOnceAsync(() => Store.ForgetAsync(user, SignedOut(Minute(1))), () => Store.CreateAsync(next));
            var remains = (await Store.FindAsync(next.Session.Id)).Session is { End: null };

            Assert.That(created.Outcome, Is.EqualTo(SessionCreationOutcome.Created));
            Assert.That(Ids(ended), Is.EquivalentTo(remains ? Ids([before]) : Ids([before, next])));
            Assert.That(await ActiveAsync(Minute(1), SessionFilter.Of(user)), Is.EqualTo(remains ? Ids([next]) : []));
            await AssertGoneAsync(before);
        }
    }

    [Test, Description("U7")]
    public async Task An_old_sign_in_is_not_adopted_while_its_user_is_forgotten()
    {
        for (var round = 0; round < 10; round++)
        {
            var creation = await AddAsync(Adopted(Alice, Minute(500)));
            await AtOnceAsync(5, async number =>
            {
                if (number == 0)
                {
                    await Store.ForgetAsync(Alice, SignedOut(Minute(1)));
                }
                else
                {
                    Assert.That((await Store.CreateAsync(creation)).Outcome, Is.EqualTo(SessionCreationOutcome.AlreadyExists));
                }

                return true;
            });

            await AssertGoneAsync(creation);
        }
    }

    [Test, Description("U7 T8")]
    public async Task Forgetting_a_user_removes_also_what_is_ended_elsewhere_at_that_moment()
    {
        for (var round = 0; round < 10; round++)
        {
            var user = new SessionUser("acme", $"user{round}");
            var stored = await AddAsync(Enumerable.Range(0, 6).Select(number => TestSessions.Of(user).At(number == 5 ? Start.AddHours(-2) : Start)));
            var ended = await AtOnceAsync(5, async number => number switch
            {
                0 => await Store.ForgetAsync(user, SignedOut(Minute(1))),
                1 => (await Store.TerminateAsync(Only(stored[0]), SignedOut(Minute(1)))).Ended,
                2 => (await Store.MoveAsync(stored[1].Session.MoveTo("192.0.2.7", Minute(1)) with { Ends = true })).Ended is { } moved ? [moved] : [],
                3 => await Store.ExpireAsync(stored[5].Session.Id, Start) is { } expired ? [expired] : [],
                _ => (await Store.TerminateAsync(Everything with { Id = stored[2].Session.Id }, SignedOut(Minute(1)))).Ended,
            });

            Assert.That(Ids(ended.SelectMany(it => it)), Is.EquivalentTo(Ids(stored)), "each ends once");
            foreach (var creation in stored)
            {
                await AssertGoneAsync(creation);
            }

            Assert.That(await Store.ListAsync(Listing(SessionFilter.Of(user), SessionView.History), Minute(1)), Is.Empty);
        }
    }

    [Test, Description("U7 V4")]
    public async Task An_activity_does_not_save_a_session_from_being_forgotten()
    {
        for (var round = 0; round < 10; round++)
        {
            var creation = await AddAsync(TestSessions.Of(Alice));
            var (_, ended) = await AtOnceAsync(
                () => Store.TouchAsync(creation.Session.TouchAt(Minute(2))).AsTask(), () => Store.ForgetAsync(Alice, SignedOut(Minute(3))));

            Assert.That(ended, Is.EqualTo(new[] { Ended(creation, SignedOut(Minute(3))) }));
            await AssertGoneAsync(creation);
        }
    }

    [Test, Description("U7 T10")]
    public async Task A_rotation_does_not_save_a_session_from_being_forgotten()
    {
        for (var round = 0; round < 10; round++)
        {
            var creation = await AddAsync(TestSessions.Of(Alice));
            var next = TestSessions.NewTokenHash();
            var (rotated, ended) = await AtOnceAsync(
                () => Store.RotateAsync(new SessionRotation(creation.TokenHash, next, null, Minute(1))),
                () => Store.ForgetAsync(Alice, SignedOut(Minute(1))));

            Assert.That(ended, Is.EqualTo(new[] { Ended(rotated is null ? creation : creation with { TokenHash = next }, SignedOut(Minute(1))) }));
            await AssertGoneAsync(creation);
            await AssertGoneAsync(creation with { TokenHash = next });
        }
    }

    [Test, Description("U7")]
    public async Task A_user_who_is_forgotten_many_times_at_once_is_forgotten_once()
    {
        var stored = await AddAsync(Enumerable.Range(0, 5).Select(number => Adopted(Alice, Minute(number % 2 == 0 ? 0.5 : 500))));
        var ended = await AtOnceAsync(6, _ => Store.ForgetAsync(Alice, SignedOut(Minute(1))));

        Assert.That(Ids(ended.SelectMany(it => it)), Is.EquivalentTo(Ids(stored)));
    }

    [Test, Description("U7")]
    public async Task Forgetting_that_is_cancelled_has_done_everything_or_nothing()
    {
        var stored = await AddAsync(Enumerable.Range(0, 3).Select(_ => TestSessions.Of(Alice)));
        await EndAsync(stored[0], SignedOut(Minute(1)));
        var done = await CompletesAsync(() => Store.ForgetAsync(Alice, SignedOut(Minute(2)), Cancelled));

        Assert.That(await ActiveAsync(Minute(2)), Is.EquivalentTo(done ? [] : Ids(stored[1..])));
        Assert.That(await Store.CountAsync(Listing(view: SessionView.History), Minute(2), 10), Is.EqualTo(done ? 0 : 1));
    }

    /// <summary>A session of an old sign-in, whose id must not be created again before an instant.</summary>
    private static SessionCreation Adopted(SessionUser user, DateTimeOffset keepHistoryUntil) =>
        TestSessions.Of(user).With(session => session with { KeepHistoryUntil = keepHistoryUntil });

    private async Task AssertGoneAsync(SessionCreation creation)
    {
        Assert.That((await Store.FindAsync(creation.Session.Id)).Session, Is.Null);
        Assert.That((await Store.FindByTokenAsync(creation.TokenHash)).Session, Is.Null);
    }
}
