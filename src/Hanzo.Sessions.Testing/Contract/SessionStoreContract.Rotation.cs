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

    [TestCase(new byte[] { 9, 8, 7 }), TestCase(new byte[0]), Description("T10")]
    public async Task A_payload_that_is_as_read_can_be_replaced_and_nothing_else_changes(byte[] payload)
    {
        var creation = await AddAsync(TestSessions.Of(Alice).From("192.0.2.1").Carrying(1, 2));
        var other = await AddAsync(TestSessions.Of(Alice).Carrying(1, 2));
        await Store.TouchAsync(creation.Session.TouchAt(Minute(5)));

        Assert.That(await Store.ReplacePayloadAsync(new SessionPayloadChange(creation.TokenHash, new byte[] { 1, 2 }, payload, Minute(10))));
        var expected = creation.Session with { LastActiveAt = Minute(5), Payload = payload };
        AssertSame((await Store.FindByTokenAsync(creation.TokenHash)).Session, expected);
        AssertSame(await StoredAsync(creation), expected);
        AssertSame(await StoredAsync(other), other.Session);
    }

    [TestCase(new byte[] { 1, 2 }, new byte[] { 1 }), TestCase(new byte[] { 1, 2 }, new byte[0]), TestCase(new byte[0], new byte[] { 1 }), Description("T10")]
    public async Task A_payload_that_has_changed_since_it_was_read_is_not_replaced(byte[] stored, byte[] read)
    {
        var creation = await AddAsync(TestSessions.Of(Alice).Carrying(stored));

        Assert.That(await Store.ReplacePayloadAsync(new SessionPayloadChange(creation.TokenHash, read, new byte[] { 7 }, Minute(1))), Is.False);
        AssertSame(await StoredAsync(creation), creation.Session);
    }

    [Test, Description("T10 V2")]
    public async Task A_payload_can_be_replaced_up_to_the_last_millisecond_of_its_session()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).Carrying(1));
        var until = creation.Session.ActiveUntil;
        var change = new SessionPayloadChange(creation.TokenHash, new byte[] { 1 }, new byte[] { 2 }, until);

        Assert.That(await Store.ReplacePayloadAsync(change), Is.False);
        AssertSame(await StoredAsync(creation), creation.Session);
        Assert.That(await Store.ReplacePayloadAsync(change with { Now = until - Millisecond }));
    }

    [Test, Description("T10")]
    public async Task The_payload_of_an_ended_session_a_dead_token_and_an_unknown_one_is_not_replaced()
    {
        var ended = await AddAsync(TestSessions.Of(Alice));
        await EndAsync(ended, SignedOut(Minute(1)));
        var rotated = await AddAsync(TestSessions.Of(Alice));
        await Store.RotateAsync(new SessionRotation(rotated.TokenHash, TestSessions.NewTokenHash(), null, Minute(1)));

        foreach (var token in new[] { ended.TokenHash, rotated.TokenHash, TestSessions.NewTokenHash() })
        {
            Assert.That(await Store.ReplacePayloadAsync(new SessionPayloadChange(token, default, new byte[] { 1 }, Minute(2))), Is.False);
        }

        AssertSame(await StoredAsync(ended), ended.Session with { End = SignedOut(Minute(1)) });
        AssertSame(await StoredAsync(rotated), rotated.Session);
    }

    [Test, Description("T10")]
    public async Task Of_parallel_changes_of_one_payload_exactly_one_succeeds()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).Carrying(0));
        var answers = await AtOnceAsync(16, number => Store.ReplacePayloadAsync(
            new SessionPayloadChange(creation.TokenHash, new byte[] { 0 }, new[] { (byte)(number + 1) }, Minute(1))));

        Assert.That(answers.Count(isReplaced => isReplaced), Is.EqualTo(1));
        Assert.That((await StoredAsync(creation)).Payload.ToArray(), Is.EqualTo(new[] { (byte)(Array.IndexOf(answers, true) + 1) }));
    }

    [Test, Description("T10")]
    public async Task An_end_can_depend_on_the_token_and_on_the_payload()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).Carrying(1));
        var termination = new SessionTermination { Filter = Only(creation), End = SignedOut(Minute(1)) };

        foreach (var outdated in new[]
        {
            termination with { IfToken = TestSessions.NewTokenHash() },
            termination with { IfPayload = new byte[] { 2 } },
            termination with { IfPayload = default(ReadOnlyMemory<byte>) },
            termination with { IfToken = creation.TokenHash, IfPayload = new byte[] { 2 } },
        })
        {
            Assert.That((await Store.TerminateAsync(outdated)).Ended, Is.Empty);
            AssertSame(await StoredAsync(creation), creation.Session);
        }

        var ended = await Store.TerminateAsync(termination with { IfToken = creation.TokenHash, IfPayload = new byte[] { 1 } });
        Assert.That(ended.Ended, Is.EqualTo(new[] { Ended(creation, SignedOut(Minute(1))) }));
    }

    [Test, Description("T10")]
    public async Task An_end_that_depends_on_an_empty_payload_ends_a_session_without_one()
    {
        var creation = await AddAsync(TestSessions.Of(Alice));
        var ended = await Store.TerminateAsync(new SessionTermination
        {
            Filter = Only(creation),
            End = SignedOut(Minute(1)),
            IfPayload = default(ReadOnlyMemory<byte>),
        });

        Assert.That(ended.Ended, Has.Count.EqualTo(1));
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
