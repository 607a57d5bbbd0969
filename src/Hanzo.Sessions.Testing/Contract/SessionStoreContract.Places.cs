using System.Net;
using NUnit.Framework;

namespace Hanzo.Sessions.Testing;

public abstract partial class SessionStoreContract
{
    [Test, Description("U1 U2")]
    public async Task A_move_is_written_down_with_every_field_and_nothing_else_changes()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).From("192.0.2.1").Carrying(1, 2));
        var use = new SessionUse
        {
            IpAddress = "2001:db8:1:2:3:4:5:6",
            IpNetwork = "2001:db8:1:2::/64",
            UserAgent = new string('é', 480) + "😀😀 %_\\ \uE000",
            OtherFamilyIpAddress = "192.0.2.1",
            MovedAt = Minute(5) + Millisecond,
        };
        var result = await Store.MoveAsync(creation.Session.MoveTo(null, Minute(5)) with { Use = use });

        var expected = creation.Session with { LastUse = use, LastActiveAt = Minute(5) };
        Assert.That((result.IsWritten, result.Ended), Is.EqualTo((true, (EndedSession?)null)));
        AssertSame((await Store.FindByTokenAsync(creation.TokenHash)).Session, expected);
        AssertSame(await StoredAsync(creation), expected);
        AssertSame((await Store.ListAsync(Listing(), Minute(6)))[0], expected with { Payload = default });
        AssertSame((await Store.ListRecordsAsync(Listing(view: SessionView.Records), Minute(6)))[0].Sessions[0], expected with { Payload = default });
    }

    [Test, Description("U1")]
    public async Task A_use_at_an_unknown_place_comes_back_as_it_was_given()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).From("192.0.2.1").With(session => session with { UserAgent = "agent" }));
        SessionUse[] uses =
        [
            new() { MovedAt = Minute(1) },
            new() { UserAgent = "agent", MovedAt = Minute(2) },
            new() { IpAddress = "192.0.2.7", MovedAt = Minute(3) },
            new() { IpNetwork = "192.0.2.7", OtherFamilyIpAddress = "::1", MovedAt = Minute(4) },
        ];
        foreach (var use in uses)
        {
            var move = (await StoredAsync(creation)).MoveTo(null, use.MovedAt!.Value) with { Use = use };
            Assert.That((await Store.MoveAsync(move)).IsWritten);
            Assert.That((await StoredAsync(creation)).LastUse, Is.EqualTo(use));
        }
    }

    [Test, Description("U1")]
    public async Task A_session_that_was_used_only_from_where_it_was_signed_in_has_no_last_use()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).From("192.0.2.1"));
        await Store.TouchAsync(creation.Session.TouchAt(Minute(5)));

        Assert.That((await StoredAsync(creation)).LastUse, Is.Null);
        Assert.That((await Store.FindByTokenAsync(creation.TokenHash)).Session?.LastUse, Is.Null);
    }

    [Test, Description("U3")]
    public async Task A_move_that_is_no_activity_prolongs_nothing()
    {
        var creation = await AddAsync(TestSessions.Of(Alice));
        var move = creation.Session.MoveTo("192.0.2.7", Minute(59)) with { ActiveUntil = null };

        Assert.That((await Store.MoveAsync(move)).IsWritten);
        AssertSame(await StoredAsync(creation), creation.Session with { LastUse = move.Use });
        Assert.That(await ActiveAsync(Minute(60)), Is.Empty);
        Assert.That(
            await Store.ExpireAsync(creation.Session.Id, Minute(60)),
            Is.EqualTo(Ended(creation, new SessionEnd(Minute(60), SessionEndReason.IdleTimeout, By: null))));
    }

    [Test, Description("U2 V3")]
    public async Task A_move_that_is_an_activity_prolongs_the_session_and_never_shortens_it()
    {
        var creation = await AddAsync(TestSessions.Of(Alice));
        await Store.MoveAsync(creation.Session.MoveTo("192.0.2.7", Minute(30)));
        Assert.That((await StoredAsync(creation)).LastActiveAt, Is.EqualTo(Minute(30)));
        Assert.That((await Store.MoveAsync((await StoredAsync(creation)).MoveTo("192.0.2.8", Minute(10)))).IsWritten, "it was active");

        Assert.That((await StoredAsync(creation)).LastActiveAt, Is.EqualTo(Minute(30)));
        Assert.That((await StoredAsync(creation)).LastIpAddress, Is.EqualTo("192.0.2.8"));
        Assert.That(await Store.ExpireAsync(creation.Session.Id, Minute(90) - Millisecond), Is.Null);
        Assert.That(await Store.ExpireAsync(creation.Session.Id, Minute(90)), Is.Not.Null);
    }

    [Test, Description("U2 V2")]
    public async Task No_move_moves_the_expiry()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).Lasting(TimeSpan.FromHours(1), TimeSpan.FromMinutes(90)));
        await Store.MoveAsync(creation.Session.MoveTo("192.0.2.7", Minute(50)));

        Assert.That(await ActiveAsync(Minute(90) - Millisecond), Is.EqualTo(Ids([creation])));
        Assert.That((await Store.ExpireAsync(creation.Session.Id, Minute(90)))?.End.Reason, Is.EqualTo(SessionEndReason.Expired));
    }

    [TestCase(true), TestCase(false), Description("U2 V7")]
    public async Task A_session_can_move_up_to_its_last_millisecond(bool ends)
    {
        var late = await AddAsync(TestSessions.Of(Alice));
        var inTime = await AddAsync(TestSessions.Of(Alice));
        var until = late.Session.ActiveUntil;

        Assert.That(await Store.MoveAsync(late.Session.MoveTo("192.0.2.7", until) with { Ends = ends }), Is.EqualTo(new SessionMoveResult(false)));
        AssertSame(await StoredAsync(late), late.Session);
        Assert.That((await Store.MoveAsync(inTime.Session.MoveTo("192.0.2.7", until - Millisecond) with { Ends = ends })).IsWritten);
    }

    [TestCase(true), TestCase(false), Description("U2")]
    public async Task A_move_is_written_only_if_the_session_has_not_moved_since_it_was_read(bool ends)
    {
        var creation = await AddAsync(TestSessions.Of(Alice).From("192.0.2.1"));
        Assert.That(
            await Store.MoveAsync(creation.Session.MoveTo("192.0.2.9", Minute(4)) with { IfMovedAt = Minute(1), Ends = ends }),
            Is.EqualTo(new SessionMoveResult(false)),
            "it has never moved");
        AssertSame(await StoredAsync(creation), creation.Session);

        var first = creation.Session.MoveTo("192.0.2.7", Minute(5));
        await Store.MoveAsync(first);
        var moved = creation.Session with { LastUse = first.Use, LastActiveAt = Minute(5) };
        foreach (var read in new DateTimeOffset?[] { null, Minute(4), Minute(5) - Millisecond, Minute(5) + Millisecond })
        {
            Assert.That(
                await Store.MoveAsync(moved.MoveTo("192.0.2.8", Minute(6)) with { IfMovedAt = read, Ends = ends }),
                Is.EqualTo(new SessionMoveResult(false)));
            AssertSame(await StoredAsync(creation), moved);
        }

        Assert.That((await Store.MoveAsync(moved.MoveTo("192.0.2.8", Minute(6)) with { Ends = ends })).IsWritten);
    }

    [Test, Description("U1 U2 the same place in other words, such as another address of its network")]
    public async Task A_use_that_is_no_move_is_written_and_leaves_the_instant_of_the_last_move()
    {
        foreach (var movedAt in new DateTimeOffset?[] { null, Minute(5) })
        {
            var creation = await AddAsync(TestSessions.Of(Alice).From("192.0.2.1"));
            var move = creation.Session.MoveTo("192.0.2.7", Minute(5));
            Assert.That((await Store.MoveAsync(move with { Use = move.Use with { MovedAt = movedAt } })).IsWritten);
            var session = await StoredAsync(creation);
            foreach (var minute in new[] { 6, 7 })
            {
                var use = session.LastUse! with { IpAddress = $"192.0.2.{minute}", IpNetwork = $"192.0.2.{minute}" };
                Assert.That((await Store.MoveAsync(session.MoveTo(null, Minute(minute)) with { Use = use })).IsWritten);
                AssertSame(await StoredAsync(creation), session with { LastUse = use, LastActiveAt = Minute(minute) });
            }
        }
    }

    [Test, Description("U2 V4")]
    public async Task A_move_of_an_unknown_session_or_of_another_users_changes_nothing()
    {
        var creation = await AddAsync(TestSessions.Of(Alice));
        var unknown = TestSessions.Of(Alice);
        SessionMove[] moves =
        [
            unknown.Session.MoveTo("192.0.2.7", Minute(1)),
            creation.Session.MoveTo("192.0.2.7", Minute(1)) with { User = Bob },
            creation.Session.MoveTo("192.0.2.7", Minute(1)) with { User = AliceElsewhere, Ends = true },
        ];
        foreach (var move in moves)
        {
            Assert.That(await Store.MoveAsync(move), Is.EqualTo(new SessionMoveResult(false)));
        }

        AssertSame(await StoredAsync(creation), creation.Session);
        Assert.That((await Store.FindAsync(unknown.Session.Id)).Session, Is.Null);
    }

    [TestCase(true), TestCase(false), Description("U2 V4")]
    public async Task A_move_revives_no_ended_session(bool ends)
    {
        var creation = await AddAsync(TestSessions.Of(Alice).Carrying(1));
        await EndAsync(creation, SignedOut(Minute(10)));
        foreach (var minute in new[] { 5, 10, 20, 59 })
        {
            Assert.That(
                await Store.MoveAsync(creation.Session.MoveTo("192.0.2.7", Minute(minute)) with { Ends = ends }),
                Is.EqualTo(new SessionMoveResult(false)));
        }

        AssertSame(await StoredAsync(creation), creation.Session with { End = SignedOut(Minute(10)), Payload = default });
        Assert.That(await ActiveAsync(Minute(20)), Is.Empty);
    }

    [TestCase(true), TestCase(false), Description("U5 U4 T9")]
    public async Task A_move_can_end_its_session_and_history_keeps_where_it_was_used(bool isActivity)
    {
        var other = await AddAsync(TestSessions.Of(Alice));
        var creation = await AddAsync(TestSessions.Of(Alice).From("192.0.2.1").Carrying(1));
        var next = TestSessions.NewTokenHash();
        await Store.RotateAsync(new SessionRotation(creation.TokenHash, next, null, Minute(1)));
        var move = creation.Session.MoveTo("192.0.2.7", Minute(5)) with { Ends = true };
        var result = await Store.MoveAsync(isActivity ? move : move with { ActiveUntil = null });

        var end = new SessionEnd(Minute(5), SessionEndReason.Moved, By: null);
        var expected = creation.Session with
        {
            LastUse = move.Use,
            LastActiveAt = isActivity ? Minute(5) : Start,
            End = end,
            Payload = default,
        };
        Assert.That((result.IsWritten, result.Ended), Is.EqualTo((true, Ended(creation with { TokenHash = next }, end))));
        AssertSame((await Store.FindByTokenAsync(next)).Session, expected);
        AssertSame((await Store.ListAsync(Listing(view: SessionView.History), Minute(5)))[0], expected);
        Assert.That(await ActiveAsync(Minute(5)), Is.EqualTo(Ids([other])));
        Assert.That((await Store.TouchAsync(creation.Session.TouchAt(Minute(6)))).IsActive, Is.False);
        Assert.That(await Store.ExpireBatchAsync(Minute(59), 100), Is.Empty);
        Assert.That(await Store.PurgeAsync(Minute(5), Minute(60), 100), Is.EqualTo(1));
    }

    [Test, Description("U1 U4")]
    public async Task Where_a_session_was_used_stays_whatever_else_happens_to_it()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).From("192.0.2.1").Carrying(1));
        var timedOut = await AddAsync(TestSessions.Of(Alice).From("192.0.2.2"));
        var (use, otherUse) = (creation.Session.MoveTo("192.0.2.7", Minute(1)), timedOut.Session.MoveTo("192.0.2.8", Minute(1)));
        await Store.MoveAsync(use);
        await Store.MoveAsync(otherUse);
        await Store.TouchAsync(creation.Session.TouchAt(Minute(2)));
        await Store.ReplacePayloadAsync(new SessionPayloadChange(creation.TokenHash, new byte[] { 1 }, new byte[] { 2 }, Minute(3)));
        var rotated = await Store.RotateAsync(new SessionRotation(creation.TokenHash, TestSessions.NewTokenHash(), null, Minute(4)));
        AssertSame(rotated, creation.Session with { LastUse = use.Use, LastActiveAt = Minute(2), Payload = new byte[] { 2 } });

        await Store.TerminateAsync(Only(creation), SignedOut(Minute(5)));
        await Store.ExpireAsync(timedOut.Session.Id, Minute(61));
        Assert.That((await StoredAsync(creation)).LastUse, Is.EqualTo(use.Use));
        var history = await Store.ListAsync(Listing(view: SessionView.History), Minute(61));
        Assert.That(history.Select(session => session.LastUse), Is.EquivalentTo(new[] { use.Use, otherUse.Use }));
    }

    [Test, Description("U1 L1 L5 T6")]
    public async Task A_filter_by_address_selects_sessions_that_were_signed_in_there_or_used_there_last()
    {
        var signedIn = await AddAsync(TestSessions.Of(Alice).From("192.0.2.1"));
        var usedLast = await AddAsync(TestSessions.Of(Bob).From("192.0.2.2"));
        var usedBefore = await AddAsync(TestSessions.Of(Alice).From("192.0.2.3"));
        await Store.MoveAsync(signedIn.Session.MoveTo("192.0.2.9", Minute(1)));
        await Store.MoveAsync(usedLast.Session.MoveTo("192.0.2.1", Minute(1)));
        await Store.MoveAsync(usedBefore.Session.MoveTo("192.0.2.1", Minute(1)));
        await Store.MoveAsync((await StoredAsync(usedBefore)).MoveTo("192.0.2.8", Minute(2)));
        var filter = Everything with { IpAddress = IPAddress.Parse("192.0.2.1") };
        var expected = Ids([signedIn, usedLast]);

        Assert.That(await ActiveAsync(Minute(3), filter), Is.EquivalentTo(expected));
        Assert.That(await Store.CountAsync(Listing(filter), Minute(3), 100), Is.EqualTo(2));
        var records = await Store.ListRecordsAsync(Listing(filter, SessionView.Records), Minute(3));
        Assert.That(records.SelectMany(record => Ids(record.Sessions)), Is.EquivalentTo(expected));
        Assert.That(await ActiveAsync(Minute(3), filter with { User = "bob" }), Is.EqualTo(Ids([usedLast])));
        Assert.That(Ids((await Store.TerminateAsync(filter, SignedOut(Minute(3)))).Ended), Is.EquivalentTo(expected));
        Assert.That(Ids(await Store.ListAsync(Listing(filter, SessionView.History), Minute(3))), Is.EquivalentTo(expected));
    }

    [Test, Description("U6 A1")]
    public async Task A_move_tells_how_many_networks_the_user_had_and_has()
    {
        var first = await AddAsync(TestSessions.Of(Alice).From("192.0.2.1"));
        var second = await AddAsync(TestSessions.Of(Alice).From("192.0.2.2").In("mail"));
        await AddAsync(TestSessions.Of(Bob).From("192.0.2.9"));
        var over = await AddAsync(TestSessions.Of(Alice).From("192.0.2.8"));
        await EndAsync(over, SignedOut(Minute(1)));
        await AddAsync(TestSessions.Of(Alice).From("192.0.2.7").Lasting(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)));
        (SessionCreation Session, string? To, bool Ends, (int, int) Networks)[] steps =
        [
            (first, "198.51.100.1", false, (2, 3)),
            (second, "198.51.100.1", false, (3, 3)),
            (second, "192.0.2.1", false, (3, 3)),
            (first, "192.0.2.2", false, (3, 2)),
            (first, null, false, (2, 2)),
            (second, "198.51.100.2", false, (2, 3)),
            (second, "198.51.100.3", true, (3, 1)),
            (first, "198.51.100.4", true, (1, 0)),
        ];
        foreach (var (step, number) in steps.Select((step, number) => (step, number)))
        {
            var session = await StoredAsync(step.Session);
            var result = await Store.MoveAsync(session.MoveTo(step.To, Minute(2 + number)) with { Ends = step.Ends });
            Assert.That((result.NetworksBefore, result.Networks), Is.EqualTo(step.Networks), step.ToString());
        }
    }

    [Test, Description("U6 A1")]
    public async Task A_create_counts_the_networks_from_which_sessions_were_used_last()
    {
        var first = await AddAsync(TestSessions.Of(Alice).From("192.0.2.1"));
        await Store.MoveAsync(first.Session.MoveTo("198.51.100.1", Minute(1)));
        var known = await Store.CreateAsync(TestSessions.Of(Alice).From("198.51.100.1").At(Minute(2)));
        var fresh = await Store.CreateAsync(TestSessions.Of(Alice).From("192.0.2.3").At(Minute(3)).LimitedTo(9));
        var replacing = await Store.CreateAsync(TestSessions.Of(Alice).From("192.0.2.4").At(Minute(4)).Over(first.TokenHash));
        var evicting = await Store.CreateAsync(
            TestSessions.Of(Alice).From("192.0.2.4").At(Minute(5)).LimitedTo(1, action: SessionLimitAction.EndOldest));

        Assert.That((known.NetworksBefore, known.Networks), Is.EqualTo((2, 2)));
        Assert.That((fresh.NetworksBefore, fresh.Networks), Is.EqualTo((2, 3)));
        Assert.That((replacing.NetworksBefore, replacing.Networks), Is.EqualTo((3, 3)));
        Assert.That((evicting.NetworksBefore, evicting.Networks), Is.EqualTo((3, 1)));
    }

    [Test, Description("U6 A1 two networks of a session do not make it two for the limit")]
    public async Task A_session_that_has_moved_counts_once_to_the_limit()
    {
        var first = await AddAsync(TestSessions.Of(Alice).From("192.0.2.1").LimitedTo(2));
        await Store.MoveAsync(first.Session.MoveTo("198.51.100.1", Minute(1)));

        Assert.That(
            (await Store.CreateAsync(TestSessions.Of(Alice).At(Minute(2)).LimitedTo(2))).Outcome, Is.EqualTo(SessionCreationOutcome.Created));
        var refused = await Store.CreateAsync(TestSessions.Of(Alice).At(Minute(3)).LimitedTo(2));
        Assert.That((refused.Outcome, refused.ActiveSessions.Count), Is.EqualTo((SessionCreationOutcome.LimitReached, 2)));
    }

    [Test, Description("U6 A1")]
    public async Task Users_are_listed_by_the_networks_of_the_sign_ins_and_of_the_last_uses()
    {
        var creations = await AddSpreadAsync(Alice, "192.0.2.20", "192.0.2.3", null);
        await AddSpreadAsync(Bob, "192.0.2.1", "192.0.2.2");
        var elsewhere = await AddSpreadAsync(AliceElsewhere, "192.0.2.1");
        await Store.MoveAsync(creations[0].Session.MoveTo("198.51.100.1", Minute(1)));
        await Store.MoveAsync(creations[1].Session.MoveTo("192.0.2.20", Minute(1)));
        await Store.MoveAsync(creations[2].Session.MoveTo("198.51.100.1", Minute(1)));
        await Store.MoveAsync(elsewhere[0].Session.MoveTo("198.51.100.1", Minute(1)));
        var two = await Store.ListIpSpreadAsync(SessionScope.AllOrganizations, 2, 50, 0, Minute(10));
        var three = await Store.ListIpSpreadAsync(SessionScope.Of("acme"), 3, 50, 0, Minute(10));
        var page = await Store.ListIpSpreadAsync(SessionScope.AllOrganizations, 2, 1, 1, Minute(10));

        Assert.That(
            two.Select(spread => (spread.User, spread.SessionCount)), Is.EqualTo(new[] { (Alice, 3), (Bob, 2), (AliceElsewhere, 1) }));
        Assert.That(two[0].Networks, Is.EqualTo(new[] { "192.0.2.20", "192.0.2.3", "198.51.100.1" }));
        Assert.That(two[2].Networks, Is.EqualTo(new[] { "192.0.2.1", "198.51.100.1" }));
        Assert.That(three.Select(spread => spread.User), Is.EqualTo(new[] { Alice }));
        Assert.That(page.Select(spread => spread.User), Is.EqualTo(new[] { Bob }));

        await Store.TerminateAsync(Only(elsewhere[0]), SignedOut(Minute(11)));
        Assert.That(await Store.ListIpSpreadAsync(SessionScope.Of("globex"), 1, 50, 0, Minute(11)), Is.Empty);
    }

    [Test, Description("U2")]
    public async Task Of_moves_that_saw_one_place_one_is_written()
    {
        for (var round = 0; round < 10; round++)
        {
            var creation = await AddAsync(TestSessions.Of(Alice).From("192.0.2.1"));
            var results = await AtOnceAsync(8, number => Store.MoveAsync(creation.Session.MoveTo($"198.51.100.{number}", Minute(1 + number))));

            Assert.That(results.Count(result => result.IsWritten), Is.EqualTo(1));
            var winner = Array.FindIndex(results, result => result.IsWritten);
            Assert.That((await StoredAsync(creation)).LastIpAddress, Is.EqualTo($"198.51.100.{winner}"));
        }
    }

    [Test, Description("U5 U2")]
    public async Task Of_moves_at_once_that_end_their_session_one_ends_it()
    {
        for (var round = 0; round < 10; round++)
        {
            var creation = await AddAsync(TestSessions.Of(Alice).From("192.0.2.1"));
            var results = await AtOnceAsync(8, number => Store.MoveAsync(
                creation.Session.MoveTo($"198.51.100.{number}", Minute(1)) with { Ends = true }));

            Assert.That(results.Select(result => result.Ended?.Id).OfType<SessionId>(), Is.EqualTo(Ids([creation])));
            Assert.That(results.Count(result => result.IsWritten), Is.EqualTo(1));
        }
    }

    [TestCase(true), TestCase(false), Description("U2 V4")]
    public async Task A_move_does_not_save_a_session_from_being_terminated(bool byId)
    {
        for (var round = 0; round < 10; round++)
        {
            var creation = await AddAsync(TestSessions.Of(Alice));
            var move = creation.Session.MoveTo("192.0.2.7", Minute(2));
            var (moved, termination) = await AtOnceAsync(
                () => Store.MoveAsync(move),
                () => Store.TerminateAsync(byId ? Only(creation) : SessionFilter.Of(Alice), SignedOut(Minute(3))));
            var expected = creation.Session with { End = SignedOut(Minute(3)) };

            Assert.That(termination.Ended, Is.EqualTo(new[] { Ended(creation, SignedOut(Minute(3))) }));
            AssertSame(await StoredAsync(creation), moved.IsWritten ? expected with { LastUse = move.Use, LastActiveAt = Minute(2) } : expected);
        }
    }

    [Test, Description("U5 T8")]
    public async Task A_move_that_ends_its_session_and_a_termination_do_not_both_end_it()
    {
        for (var round = 0; round < 10; round++)
        {
            var creation = await AddAsync(TestSessions.Of(Alice));
            var (moved, termination) = await AtOnceAsync(
                () => Store.MoveAsync(creation.Session.MoveTo("192.0.2.7", Minute(2)) with { Ends = true }),
                () => Store.TerminateAsync(Only(creation), SignedOut(Minute(3))));

            Assert.That(termination.Ended.Count, Is.EqualTo(moved.IsWritten ? 0 : 1));
            Assert.That(moved.Ended is not null, Is.EqualTo(moved.IsWritten));
            Assert.That((await StoredAsync(creation)).End, Is.EqualTo((moved.Ended ?? termination.Ended[0]).End));
        }
    }

    [TestCase(true), TestCase(false), Description("U2 T10")]
    public async Task A_move_and_a_rotation_at_once_are_both_done_unless_the_move_ends_the_session_first(bool ends)
    {
        for (var round = 0; round < 10; round++)
        {
            var creation = await AddAsync(TestSessions.Of(Alice).Carrying(1));
            var move = creation.Session.MoveTo("192.0.2.7", Minute(1)) with { Ends = ends };
            var next = TestSessions.NewTokenHash();
            var (moved, rotated) = await AtOnceAsync(
                () => Store.MoveAsync(move), () => Store.RotateAsync(new SessionRotation(creation.TokenHash, next, null, Minute(1))));
            var stored = await StoredAsync(creation);

            Assert.That(moved.IsWritten);
            Assert.That(rotated is not null || ends);
            Assert.That(stored.LastUse, Is.EqualTo(move.Use));
            Assert.That(stored.End is not null, Is.EqualTo(ends));
            var token = rotated is null ? creation.TokenHash : next;
            Assert.That((await Store.FindByTokenAsync(token)).Session?.Id, Is.EqualTo(creation.Session.Id));
            Assert.That(moved.Ended?.TokenHash ?? token, Is.EqualTo(token), "the token that died");
        }
    }

    [Test, Description("U2 K1")]
    public async Task A_move_in_the_last_millisecond_and_a_clean_up_do_not_both_win()
    {
        for (var round = 0; round < 10; round++)
        {
            var creation = await AddAsync(TestSessions.Of(Alice));
            var until = creation.Session.ActiveUntil;
            var (moved, expired) = await AtOnceAsync(
                () => Store.MoveAsync(creation.Session.MoveTo("192.0.2.7", until - Millisecond)),
                () => Store.ExpireAsync(creation.Session.Id, until));

            Assert.That(expired is null, Is.EqualTo(moved.IsWritten));
            Assert.That((await StoredAsync(creation)).End is null, Is.EqualTo(moved.IsWritten));
        }
    }

    [Test, Description("U5 V4")]
    public async Task An_activity_does_not_save_a_session_that_a_move_ends()
    {
        for (var round = 0; round < 10; round++)
        {
            var creation = await AddAsync(TestSessions.Of(Alice));
            var (touched, moved) = await AtOnceAsync(
                () => Store.TouchAsync(creation.Session.TouchAt(Minute(2))).AsTask(),
                () => Store.MoveAsync(creation.Session.MoveTo("192.0.2.7", Minute(3)) with { Ends = true, ActiveUntil = null }));
            var stored = await StoredAsync(creation);

            Assert.That(moved.Ended?.End, Is.EqualTo(new SessionEnd(Minute(3), SessionEndReason.Moved, By: null)));
            Assert.That(stored.End, Is.EqualTo(moved.Ended!.End));
            Assert.That(stored.LastActiveAt, Is.EqualTo(touched.IsActive ? Minute(2) : Start));
        }
    }

    [Test, Description("U2 V3")]
    public async Task An_activity_and_a_move_at_once_are_both_written()
    {
        for (var round = 0; round < 10; round++)
        {
            var creation = await AddAsync(TestSessions.Of(Alice));
            var move = creation.Session.MoveTo("192.0.2.7", Minute(1)) with { ActiveUntil = null };
            var (touched, moved) = await AtOnceAsync(
                () => Store.TouchAsync(creation.Session.TouchAt(Minute(2))).AsTask(), () => Store.MoveAsync(move));

            Assert.That((touched.IsActive, moved.IsWritten), Is.EqualTo((true, true)));
            AssertSame(await StoredAsync(creation), creation.Session with { LastUse = move.Use, LastActiveAt = Minute(2) });
        }
    }

    [Test, Description("U6 A1")]
    public async Task Moves_and_creates_at_once_cross_the_threshold_of_the_alarm_once()
    {
        for (var round = 0; round < 10; round++)
        {
            await AssertCrossedOnceAsync(new SessionUser("acme", $"user{round}"), Store, Store);
        }
    }

    [Test, Description("U2 V4")]
    public async Task A_session_terminated_while_its_move_is_in_flight_is_not_revived()
    {
        var clock = new StoppedClock(Start);
        var gate = new GatedStore.Gate();
        var manager = Manager(new GatedStore(Store) { BeforeMove = gate }, clock);
        var issued = await manager.CreateAsync(new NewSession { User = Alice, IpAddress = IPAddress.Parse("192.0.2.1") });
        clock.Advance(TimeSpan.FromMinutes(5));
        var validating = manager.ValidateAsync(
            issued.Token.Reveal(), new SessionPlace(IPAddress.Parse("198.51.100.1"), null), passive: true).AsTask();
        await gate.ReachedAsync();
        await manager.TerminateAllAsync(Alice, SessionCaller.Service("admin"));
        gate.Open();
        var answer = await validating;

        Assert.That(answer.Status, Is.EqualTo(SessionStatus.Terminated));
        Assert.That((await Store.FindAsync(issued.Session.Id)).Session?.LastUse, Is.Null);
        Assert.That(await ActiveAsync(Minute(5)), Is.Empty);
    }

    [Test]
    public async Task A_cancelled_move_has_done_everything_or_nothing()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).Carrying(1));
        var move = creation.Session.MoveTo("192.0.2.7", Minute(1)) with { Ends = true };
        var done = await CompletesAsync(() => Store.MoveAsync(move, Cancelled));
        var stored = await StoredAsync(creation);

        Assert.That(stored.LastUse, Is.EqualTo(done ? move.Use : null));
        Assert.That(stored.End is not null, Is.EqualTo(done));
    }

    /// <summary>Four sessions of a user in one network move to four others, and two more are created in two more: 4 are an alarm.</summary>
    private protected async Task AssertCrossedOnceAsync(SessionUser user, ISessionStore one, ISessionStore other)
    {
        const int threshold = 4;
        var creations = await AddAsync(Enumerable.Range(0, 4).Select(_ => TestSessions.Of(user).From("192.0.2.1")));
        var counts = await AtOnceAsync(6, async number =>
        {
            var store = number % 2 == 0 ? one : other;
            if (number < creations.Length)
            {
                var moved = await store.MoveAsync(creations[number].Session.MoveTo($"198.51.100.{number}", Minute(1)));
                return (moved.NetworksBefore, moved.Networks);
            }

            var created = await store.CreateAsync(TestSessions.Of(user).From($"198.51.100.{number}").At(Minute(1)));
            return (created.NetworksBefore, created.Networks);
        });

        Assert.That(counts.Order(), Is.EqualTo(Enumerable.Range(1, 6).Select(before => (before, before + 1))));
        Assert.That(counts.Count(it => it.Item1 < threshold && it.Item2 >= threshold), Is.EqualTo(1), "one announces the alarm");
        Assert.That((await Store.ListIpSpreadAsync(SessionScope.Of(user.Organization), 7, 100, 0, Minute(2))).Select(spread => spread.User), Does.Contain(user));
    }
}
