using System.Text;
using NUnit.Framework;

namespace Hanzo.Sessions.Testing;

public abstract partial class SessionStoreContract
{
    [Test, Description("C1")]
    public async Task A_created_session_is_found_by_its_token_and_by_its_id()
    {
        var creation = TestSessions.Of(Alice).Carrying(1, 2, 3);
        var result = await Store.CreateAsync(creation);

        Assert.That(result.Outcome, Is.EqualTo(SessionCreationOutcome.Created));
        Assert.That(result.Ended, Is.Empty);
        Assert.That(result.ActiveSessions, Is.Empty);
        Assert.That(result.Existing, Is.Null);
        AssertSame((await Store.FindByTokenAsync(creation.TokenHash)).Session, creation.Session);
        AssertSame((await Store.FindAsync(creation.Session.Id)).Session, creation.Session);
    }

    [Test, Description("C1")]
    public async Task Every_field_comes_back_as_it_was_given()
    {
        var creation = TestSessions.Of(new SessionUser("acme ünï", "al/ice 😀")).With(session => session with
        {
            Application = "shop 'n' \"mail\"; --",
            IpAddress = "2001:db8:1:2:3:4:5:6",
            IpNetwork = "2001:db8:1:2::/64",
            UserAgent = new string('é', 480) + "😀😀 %_\\ \uE000",
            AuthenticationMethods = "pwd otp mfa",
            CreatedAt = Start.AddMilliseconds(1),
            LastActiveAt = Start.AddMilliseconds(999),
            IdleTimeout = TimeSpan.FromMilliseconds(3_600_001),
            ExpiresAt = Start.AddDays(3650).AddMilliseconds(123),
            KeepHistoryUntil = Start.AddDays(7300).AddMilliseconds(7),
        });
        await AddAsync(creation);

        AssertSame((await Store.FindByTokenAsync(creation.TokenHash)).Session, creation.Session);
        AssertSame((await Store.FindAsync(creation.Session.Id)).Session, creation.Session);
        AssertSame((await Store.ListAsync(Listing(), Minute(1)))[0], creation.Session);
    }

    [Test, Description("C1")]
    public async Task Fields_that_were_not_given_come_back_as_null()
    {
        var creation = await AddAsync(TestSessions.Of(Alice));
        var session = await StoredAsync(creation);

        Assert.That(
            new object?[] { session.IpAddress, session.IpNetwork, session.UserAgent, session.AuthenticationMethods, session.KeepHistoryUntil, session.End },
            Is.All.Null);
        Assert.That(session.Payload.IsEmpty);
    }

    [Test]
    public async Task Instants_come_back_in_UTC()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).With(session => session with { KeepHistoryUntil = Minute(7) }));
        await EndAsync(creation, SignedOut(Minute(1)));
        var session = await StoredAsync(creation);

        Assert.That(
            new[] { session.CreatedAt, session.LastActiveAt, session.ExpiresAt, session.KeepHistoryUntil!.Value, session.End!.At }
                .Select(instant => instant.Offset),
            Is.All.EqualTo(TimeSpan.Zero));
    }

    [TestCase(0), TestCase(1), TestCase(256), TestCase(SessionManager.MaxPayloadBytes), Description("C8")]
    public async Task A_payload_comes_back_byte_for_byte(int length)
    {
        var payload = Enumerable.Range(0, length).Select(number => (byte)number).ToArray();
        var creation = await AddAsync(TestSessions.Of(Alice).Carrying(payload));

        Assert.That((await Store.FindByTokenAsync(creation.TokenHash)).Session!.Payload.ToArray(), Is.EqualTo(payload));
        Assert.That((await Store.FindAsync(creation.Session.Id)).Session!.Payload.ToArray(), Is.EqualTo(payload));
    }

    [Test]
    public async Task A_token_or_an_id_that_nobody_has_finds_nothing()
    {
        var creation = await AddAsync(TestSessions.Of(Alice));
        var almost = creation.TokenHash.ToArray();
        almost[^1] ^= 1;

        Assert.That((await Store.FindByTokenAsync(new SessionTokenHash(almost))).Session, Is.Null);
        Assert.That((await Store.FindByTokenAsync(TestSessions.NewTokenHash())).Session, Is.Null);
        Assert.That((await Store.FindAsync(SessionId.New(Start))).Session, Is.Null);
    }

    [Test]
    public async Task Token_hashes_and_ids_are_bytes_and_every_byte_counts()
    {
        var hashes = new[]
        {
            new SessionTokenHash(new byte[SessionTokenHash.Size]),
            new SessionTokenHash(Encoding.ASCII.GetBytes(new string('a', SessionTokenHash.Size))),
            new SessionTokenHash(Encoding.ASCII.GetBytes(new string('A', SessionTokenHash.Size))),
            new SessionTokenHash([.. Enumerable.Repeat((byte)0xFF, SessionTokenHash.Size)]),
        };
        var creations = hashes.Zip(OddIds, (hash, id) => TestSessions.Of(Alice).WithId(id) with { TokenHash = hash }).ToList();
        await AddAsync(creations);

        foreach (var creation in creations)
        {
            Assert.That((await Store.FindByTokenAsync(creation.TokenHash)).Session?.Id, Is.EqualTo(creation.Session.Id));
            Assert.That((await Store.FindAsync(creation.Session.Id)).Session?.Id, Is.EqualTo(creation.Session.Id));
        }
    }

    [TestCase(true), TestCase(false)]
    public async Task What_is_stored_already_is_answered_and_nothing_changes(bool sameId)
    {
        var stored = await AddAsync(TestSessions.Of(Alice).From("192.0.2.1"));
        var presented = await AddAsync(TestSessions.Of(Alice).From("192.0.2.2"));
        var again = TestSessions.Of(Bob).Over(presented.TokenHash).LimitedTo(1);
        again = sameId ? again.WithId(stored.Session.Id) : again with { TokenHash = stored.TokenHash };
        var result = await Store.CreateAsync(again);

        Assert.That(result.Outcome, Is.EqualTo(SessionCreationOutcome.AlreadyExists));
        Assert.That(WithoutPayload(result.Existing!), Is.EqualTo(stored.Session));
        Assert.That(result.Ended, Is.Empty);
        Assert.That(await ActiveAsync(Minute(1)), Is.EquivalentTo(Ids([stored, presented])));
        AssertSame((await Store.FindByTokenAsync(stored.TokenHash)).Session, stored.Session);
    }

    [TestCase(true), TestCase(false)]
    public async Task What_is_stored_already_is_answered_also_when_it_has_ended(bool sameId)
    {
        var stored = await AddAsync(TestSessions.Of(Alice));
        await EndAsync(stored, SignedOut(Minute(1)));
        var again = TestSessions.Of(Alice).At(Minute(2));
        again = sameId ? again.WithId(stored.Session.Id) : again with { TokenHash = stored.TokenHash };
        var result = await Store.CreateAsync(again);

        Assert.That(result.Outcome, Is.EqualTo(SessionCreationOutcome.AlreadyExists));
        AssertSame(result.Existing, stored.Session with { End = SignedOut(Minute(1)) });
        Assert.That(await ActiveAsync(Minute(3)), Is.Empty);
    }

    [Test]
    public async Task What_is_stored_already_is_answered_also_when_the_limit_is_reached()
    {
        var stored = await AddAsync(TestSessions.Of(Alice).LimitedTo(1));
        var result = await Store.CreateAsync(stored);

        Assert.That(result.Outcome, Is.EqualTo(SessionCreationOutcome.AlreadyExists));
        Assert.That(result.Existing?.Id, Is.EqualTo(stored.Session.Id));
    }

    [Test, Description("C5")]
    public async Task A_sign_in_over_a_session_ends_it_in_the_same_step()
    {
        var presented = await AddAsync(TestSessions.Of(Alice).Carrying(1));
        var next = TestSessions.Of(Alice).At(Minute(5)).Over(presented.TokenHash);
        var result = await Store.CreateAsync(next);

        var end = new SessionEnd(Minute(5), SessionEndReason.Replaced, SessionActor.Of(Alice));
        Assert.That(result.Outcome, Is.EqualTo(SessionCreationOutcome.Created));
        Assert.That(result.Ended, Is.EqualTo(new[] { Ended(presented, end) }));
        AssertSame(await StoredAsync(presented), presented.Session with { End = end, Payload = default });
        Assert.That(await ActiveAsync(Minute(6)), Is.EqualTo(Ids([next])));
    }

    [Test, Description("C5")]
    public async Task A_sign_in_over_somebody_elses_session_ends_that_one()
    {
        var presented = await AddAsync(TestSessions.Of(AliceElsewhere).In("mail"));
        var result = await Store.CreateAsync(TestSessions.Of(Bob).At(Minute(5)).Over(presented.TokenHash));

        Assert.That(
            result.Ended,
            Is.EqualTo(new[] { Ended(presented, new SessionEnd(Minute(5), SessionEndReason.Replaced, SessionActor.Of(Bob))) }));
    }

    [Test, Description("C5")]
    public async Task A_presented_session_that_has_timed_out_ends_by_that_whoever_it_belongs_to()
    {
        var end = new SessionEnd(Minute(60), SessionEndReason.IdleTimeout, By: null);
        SessionLimit?[] limits = [null, new SessionLimit(10, SessionLimitScope.User, SessionLimitAction.Refuse)];
        foreach (var limit in limits)
        {
            foreach (var user in new[] { Alice, Bob })
            {
                var presented = await AddAsync(TestSessions.Of(user).Carrying(1));
                var result = await Store.CreateAsync(TestSessions.Of(Alice).At(Minute(61)).Over(presented.TokenHash) with { Limit = limit });

                Assert.That(result.Ended, Is.EqualTo(new[] { Ended(presented, end) }));
                AssertSame(await StoredAsync(presented), presented.Session with { End = end, Payload = default });
                Assert.That(await Store.TouchAsync(presented.Session.TouchAt(Minute(60) - Millisecond)), Is.EqualTo(new SessionTouchResult(false)));
            }
        }
    }

    [Test, Description("C5")]
    public async Task A_sign_in_over_a_session_that_has_ended_or_is_unknown_ends_nothing()
    {
        var ended = await AddAsync(TestSessions.Of(Alice).At(Minute(50)));
        await EndAsync(ended, SignedOut(Minute(51)));

        foreach (var presented in new[] { ended.TokenHash, TestSessions.NewTokenHash() })
        {
            var result = await Store.CreateAsync(TestSessions.Of(Alice).At(Minute(60)).Over(presented));
            Assert.That(result.Outcome, Is.EqualTo(SessionCreationOutcome.Created));
            Assert.That(result.Ended, Is.Empty);
        }

        Assert.That((await StoredAsync(ended)).End, Is.EqualTo(SignedOut(Minute(51))));
    }

    /// <summary>Ids that sort wrong if a store compares signed bytes, or bytes in another order than the text's.</summary>
    private static SessionId[] OddIds { get; } =
    [
        new(new Guid("80000000000070008000000000000000")),
        new(new Guid("00000001000070008000000000000000")),
        new(new Guid("ffffffffffff7fffbfffffffffffffff")),
        new(new Guid("01000000000070008000000000000000")),
        new(new Guid("7fffffffffff7fffbfffffffffffffff")),
        new(new Guid("00000000000170008000000000000000")),
        new(new Guid("0000000000007000800000000000000a")),
        new(new Guid("00000000010070008000000000000000")),
        new(new Guid("80000000000070008000000000000001")),
        new(new Guid("00000000000070ff8000000000000000")),
        new(new Guid("00000000000070008100000000000000")),
        new(new Guid("0000000000007000800000000000000b")),
    ];

    [Test]
    public async Task Preparing_again_does_no_harm()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).Carrying(1));
        await AtOnceAsync(4, async _ =>
        {
            await Store.PrepareAsync();
            return true;
        });

        AssertSame(await StoredAsync(creation), creation.Session);
    }
}
