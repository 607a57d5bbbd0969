namespace Hanzo.Sessions.Tests;

public sealed class RotationTests
{
    [Test, Description("T10 a new token, the old one is dead")]
    public async Task Rotating_gives_a_new_token_and_kills_the_old_one()
    {
        var it = new Harness();
        var old = await it.SignIn();

        var rotated = (await it.Manager.RotateAsync(old.Token.Reveal()))!;

        Assert.That(rotated.Token, Is.Not.EqualTo(old.Token));
        Assert.That(rotated.Ended, Is.Empty);
        Assert.That(await it.StatusOf(old), Is.EqualTo(SessionStatus.Unknown));
        Assert.That(await it.StatusOf(rotated), Is.EqualTo(SessionStatus.Active));
    }

    [Test, Description("T10 without new claims the old ones stay")]
    public async Task Rotating_without_a_payload_keeps_the_old_one()
    {
        var it = new Harness();
        var old = await it.Manager.CreateAsync(new NewSession { User = Ada, Payload = new byte[] { 1, 2, 3 } });

        var rotated = (await it.Manager.RotateAsync(old.Token.Reveal()))!;

        Assert.That(rotated.Session.Payload.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That((await it.Validate(rotated)).Session!.Payload.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [TestCase(new byte[] { 4 }, Description = "T10 where given, new claims")]
    [TestCase(new byte[0], Description = "T10 empty claims are claims")]
    public async Task Rotating_with_a_payload_replaces_the_old_one(byte[] payload)
    {
        var it = new Harness();
        var old = await it.Manager.CreateAsync(new NewSession { User = Ada, Payload = new byte[] { 1, 2, 3 } });

        var rotated = (await it.Manager.RotateAsync(old.Token.Reveal(), payload))!;

        Assert.That((await it.Validate(rotated)).Session!.Payload.ToArray(), Is.EqualTo(payload));
    }

    [Test, Description("T10, C8 a payload that is too large changes nothing")]
    public async Task Rotating_with_a_payload_that_is_too_large_changes_nothing()
    {
        var it = new Harness();
        var issued = await it.SignIn();

        await Assert.ThrowsAsync<SessionPayloadTooLargeException>(
            () => it.Manager.RotateAsync(issued.Token.Reveal(), new byte[SessionManager.MaxPayloadBytes + 1]));

        Assert.That(await it.StatusOf(issued), Is.EqualTo(SessionStatus.Active));
    }

    [TestCase(null, Description = "T10 no token")]
    [TestCase("nonsense", Description = "T10 malformed")]
    [TestCase("hs1_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", Description = "T10 unknown")]
    public async Task A_token_of_no_session_is_not_rotated(string? token) =>
        Assert.That(await new Harness().Manager.RotateAsync(token), Is.Null);

    [Test, Description("T10, C2 needs no free place")]
    public async Task A_full_user_can_rotate()
    {
        var it = new Harness();
        var issued = await it.SignIn(10);

        Assert.That(await it.Manager.RotateAsync(issued[0].Token.Reveal()), Is.Not.Null);
    }

    [Test, Description("V7 T10 once answered as over, it stays over")]
    public async Task A_session_that_was_too_old_to_rotate_stays_over_when_the_clock_goes_back()
    {
        var it = new Harness();
        var old = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMinutes(60));

        var rotated = await it.Manager.RotateAsync(old.Token.Reveal());
        it.Clock.SetWallClock(it.Clock.GetUtcNow() - TimeSpan.FromMinutes(30));

        Assert.That(rotated, Is.Null);
        Assert.That(await it.StatusOf(old), Is.EqualTo(SessionStatus.IdleTimeout));
    }
}
