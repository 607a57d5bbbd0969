using NUnit.Framework;

namespace Hanzo.Sessions.Testing;

public abstract partial class SessionStoreContract
{
    [Test, Description("T10")]
    public async Task A_rotated_session_has_the_new_token_and_the_old_one_is_dead()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).From("192.0.2.1").Carrying(1, 2));
        await Store.TouchAsync(creation.Session.TouchAt(Minute(5)));
        var next = TestSessions.NewTokenHash();
        var rotated = await Store.RotateAsync(new SessionRotation(creation.TokenHash, next, Payload: null, Minute(10)));

        var expected = creation.Session with { LastActiveAt = Minute(5) };
        AssertSame(rotated, expected, "the answer");
        AssertSame((await Store.FindByTokenAsync(next)).Session, expected);
        AssertSame(await StoredAsync(creation), expected);
        Assert.That((await Store.FindByTokenAsync(creation.TokenHash)).Session, Is.Null);
    }

    [TestCase(new byte[] { 9, 8, 7 }), TestCase(new byte[0]), Description("T10")]
    public async Task A_rotation_can_bring_another_payload(byte[] payload)
    {
        var creation = await AddAsync(TestSessions.Of(Alice).Carrying(1, 2));
        var next = TestSessions.NewTokenHash();
        var rotated = await Store.RotateAsync(new SessionRotation(creation.TokenHash, next, payload, Minute(10)));

        AssertSame(rotated, creation.Session with { Payload = payload }, "the answer");
        AssertSame((await Store.FindByTokenAsync(next)).Session, creation.Session with { Payload = payload });
    }

    [Test, Description("T10 V2")]
    public async Task A_session_can_be_rotated_up_to_its_last_millisecond()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).Carrying(1));
        var until = creation.Session.ActiveUntil;
        var late = TestSessions.NewTokenHash();

        Assert.That(await Store.RotateAsync(new SessionRotation(creation.TokenHash, late, new byte[] { 2 }, until)), Is.Null);
        Assert.That((await Store.FindByTokenAsync(late)).Session, Is.Null);
        AssertSame((await Store.FindByTokenAsync(creation.TokenHash)).Session, creation.Session);
        Assert.That(
            await Store.RotateAsync(new SessionRotation(creation.TokenHash, TestSessions.NewTokenHash(), null, until - Millisecond)),
            Is.Not.Null);
    }

    [Test, Description("T10")]
    public async Task An_ended_session_and_an_unknown_token_cannot_be_rotated()
    {
        var creation = await AddAsync(TestSessions.Of(Alice));
        await EndAsync(creation, SignedOut(Minute(1)));
        var next = TestSessions.NewTokenHash();

        foreach (var current in new[] { creation.TokenHash, TestSessions.NewTokenHash() })
        {
            Assert.That(await Store.RotateAsync(new SessionRotation(current, next, new byte[] { 1 }, Minute(2))), Is.Null);
        }

        Assert.That((await Store.FindByTokenAsync(next)).Session, Is.Null);
        AssertSame((await Store.FindByTokenAsync(creation.TokenHash)).Session, creation.Session with { End = SignedOut(Minute(1)) });
    }

    [Test, Description("T10")]
    public async Task A_rotated_session_ends_with_the_token_that_it_has_then()
    {
        var creation = await AddAsync(TestSessions.Of(Alice));
        var next = TestSessions.NewTokenHash();
        await Store.RotateAsync(new SessionRotation(creation.TokenHash, next, null, Minute(1)));
        var end = SignedOut(Minute(2));
        var termination = await Store.TerminateAsync(Only(creation), end);

        Assert.That(termination.Ended, Is.EqualTo(new[] { Ended(creation with { TokenHash = next }, end) }));
        Assert.That((await Store.FindByTokenAsync(next)).Session?.End, Is.EqualTo(end));
        Assert.That((await Store.FindByTokenAsync(creation.TokenHash)).Session, Is.Null);
    }

    [Test, Description("T10 C5")]
    public async Task A_token_from_before_a_rotation_proves_nothing()
    {
        var creation = await AddAsync(TestSessions.Of(Alice));
        await Store.RotateAsync(new SessionRotation(creation.TokenHash, TestSessions.NewTokenHash(), null, Minute(1)));

        Assert.That(
            await Store.RotateAsync(new SessionRotation(creation.TokenHash, TestSessions.NewTokenHash(), null, Minute(2))), Is.Null);
        Assert.That((await Store.CreateAsync(TestSessions.Of(Bob).Over(creation.TokenHash))).Ended, Is.Empty);
        Assert.That((await StoredAsync(creation)).End, Is.Null);
    }

    [Test, Description("T10")]
    public async Task Of_parallel_rotations_of_one_token_exactly_one_succeeds()
    {
        var creation = await AddAsync(TestSessions.Of(Alice));
        var hashes = Enumerable.Range(0, 32).Select(_ => TestSessions.NewTokenHash()).ToArray();
        var answers = await AtOnceAsync(hashes.Length, number => Store.RotateAsync(
            new SessionRotation(creation.TokenHash, hashes[number], new[] { (byte)number }, Minute(1))));

        Assert.That(answers.Count(session => session is not null), Is.EqualTo(1));
        for (var number = 0; number < hashes.Length; number++)
        {
            var found = (await Store.FindByTokenAsync(hashes[number])).Session;
            Assert.That(found?.Payload.ToArray(), Is.EqualTo(answers[number] is null ? null : new[] { (byte)number }));
        }

        Assert.That((await Store.FindByTokenAsync(creation.TokenHash)).Session, Is.Null);
    }
}
