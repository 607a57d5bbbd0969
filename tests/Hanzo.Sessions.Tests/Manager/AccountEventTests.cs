namespace Hanzo.Sessions.Tests;

public sealed class AccountEventTests
{
    private static readonly SessionActor Admin = SessionActor.Of(Ben);

    [Test, Description("T4 password changed: ends the others, rotates the current one")]
    public async Task A_changed_password_ends_the_other_sessions_and_gives_the_current_one_a_new_token()
    {
        var it = new Harness();
        var others = await it.SignIn(3, application: "other-app");
        var current = await it.Manager.CreateAsync(new NewSession { User = Ada, Payload = new byte[] { 7 } });

        var change = await it.Manager.RenewAsync(Ada, current.Token.Reveal(), SessionActor.Of(Ada));

        Assert.That(Ids(change.Ended), Is.EquivalentTo(Ids(others)));
        Assert.That(change.Ended, Has.All.Property(nameof(EndedSession.End)).EqualTo(
            new SessionEnd(it.Now, SessionEndReason.PasswordChanged, SessionActor.Of(Ada))));
        Assert.That(change.Current!.Session.Id, Is.EqualTo(current.Session.Id));
        Assert.That(await it.StatusOf(current), Is.EqualTo(SessionStatus.Unknown));
        Assert.That((await it.Validate(change.Current)).Session!.Payload.ToArray(), Is.EqualTo(new byte[] { 7 }));
    }

    [Test, Description("T4 password changed, with new claims")]
    public async Task A_changed_password_can_bring_new_claims()
    {
        var it = new Harness();
        var current = await it.SignIn();

        var change = await it.Manager.RenewAsync(Ada, current.Token.Reveal(), SessionActor.Of(Ada), new byte[] { 9 });

        Assert.That((await it.Validate(change.Current!)).Session!.Payload.ToArray(), Is.EqualTo(new byte[] { 9 }));
    }

    [Test, Description("A changed password is no activity of the session in which it was changed")]
    public async Task A_changed_password_is_no_activity()
    {
        var it = new Harness();
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMinutes(5));

        await it.Manager.RenewAsync(Ada, issued.Token.Reveal(), SessionActor.Of(Ada));

        Assert.That((await it.Stored(issued)).LastActiveAt, Is.EqualTo(issued.Session.CreatedAt));
    }

    [Test, Description("T4 password reset by somebody else")]
    public async Task A_password_reset_ends_all_sessions()
    {
        var it = new Harness();
        var issued = await it.SignIn(3);

        var ended = await it.Manager.TerminateUserAsync(Ada, SessionEndReason.PasswordChanged, Admin);

        Assert.That(Ids(ended), Is.EquivalentTo(Ids(issued)));
        Assert.That(await it.ActiveIds(), Is.Empty);
    }

    [Test, Description("T4 the token of somebody else's session counts as none")]
    public async Task An_administrators_own_session_is_not_touched_by_a_users_new_password()
    {
        var it = new Harness();
        var admins = await it.SignIn(Ben);
        await it.SignIn(Ada);

        var change = await it.Manager.RenewAsync(Ada, admins.Token.Reveal(), Admin);

        Assert.That(change.Current, Is.Null);
        Assert.That(await it.StatusOf(admins), Is.EqualTo(SessionStatus.Active));
        Assert.That(await it.ActiveIds(), Is.Empty);
    }

    [Test, Description("T4 a session whose token somebody else has just rotated does not survive a new password")]
    public async Task A_new_password_ends_a_current_session_whose_token_was_rotated_away_meanwhile()
    {
        var inner = new Harness();
        var current = await inner.SignIn();
        IssuedSession? thief = null;
        var store = Wrapping(inner.Store);
        store.Setup(mock => mock.TerminateAsync(It.IsAny<SessionTermination>(), It.IsAny<CancellationToken>()))
            .Returns(async (SessionTermination termination, CancellationToken cancellation) =>
            {
                thief ??= await inner.Manager.RotateAsync(current.Token.Reveal(), cancellationToken: cancellation);
                return await inner.Store.TerminateAsync(termination, cancellation);
            });
        var it = new Harness(wrap: _ => store.Object);

        var change = await it.Manager.RenewAsync(Ada, current.Token.Reveal(), SessionActor.Of(Ada));

        Assert.That(change.Current, Is.Null);
        Assert.That(await inner.StatusOf(thief!), Is.EqualTo(SessionStatus.Terminated));
        Assert.That(Ids(change.Ended), Is.EqualTo(Ids([current])));
    }

    [Test, Description("T4, C8 a payload that is too large ends nothing")]
    public async Task A_new_password_with_a_payload_that_is_too_large_changes_nothing()
    {
        var it = new Harness();
        var current = await it.SignIn();
        await it.SignIn();

        await Assert.ThrowsAsync<SessionPayloadTooLargeException>(() => it.Manager.RenewAsync(
            Ada, current.Token.Reveal(), SessionActor.Of(Ada), new byte[SessionManager.MaxPayloadBytes + 1]));

        Assert.That(await it.ActiveIds(), Has.Count.EqualTo(2));
    }

    [Test, Description("T4, T9 user disabled, without protection")]
    public async Task A_disabled_user_loses_all_sessions()
    {
        var it = new Harness();
        var issued = await it.SignIn(3);

        var ended = await it.Manager.TerminateUserAsync(Ada, SessionEndReason.UserDisabled, Admin);

        Assert.That(Ids(ended), Is.EquivalentTo(Ids(issued)));
        Assert.That(ended, Has.All.Property(nameof(EndedSession.End)).EqualTo(
            new SessionEnd(it.Now, SessionEndReason.UserDisabled, Admin)));
    }

    [Test, Description("T4, T9 user deleted, without protection")]
    public async Task A_user_who_deletes_the_own_account_loses_all_sessions_the_current_one_too()
    {
        var it = new Harness();
        await it.SignIn(3);

        var ended = await it.Manager.TerminateUserAsync(Ada, SessionEndReason.UserDeleted, SessionActor.Of(Ada));

        Assert.That(ended, Has.Count.EqualTo(3).And.All.Property(nameof(EndedSession.End)).EqualTo(
            new SessionEnd(it.Now, SessionEndReason.UserDeleted, SessionActor.Of(Ada))));
        Assert.That(await it.ActiveIds(), Is.Empty);
    }

    [Test, Description("T9 a session of outdated credentials is ended once, with its reason")]
    public async Task A_session_of_outdated_credentials_is_ended_once()
    {
        var it = new Harness();
        var issued = await it.SignIn();

        Assert.That(await it.Manager.EndOutdatedAsync(issued.Session, null), Is.False);
        Assert.That(await it.Manager.EndOutdatedAsync(issued.Session, issued.Token.Reveal()), Is.True);
        Assert.That(await it.Manager.EndOutdatedAsync(issued.Session, issued.Token.Reveal()), Is.False);
        Assert.That((await it.EndOf(issued))!.Reason, Is.EqualTo(SessionEndReason.PasswordChanged));
    }

    [Test, Description("T4 the session in which the credentials were changed goes on")]
    public async Task A_session_with_a_new_token_does_not_end_by_its_old_one()
    {
        var it = new Harness();
        var issued = await it.SignIn();
        var renewed = await it.Manager.RotateAsync(issued.Token.Reveal());

        Assert.That(await it.Manager.EndOutdatedAsync(issued.Session, issued.Token.Reveal()), Is.False);
        Assert.That((await it.Manager.ValidateAsync(renewed!.Token.Reveal())).IsActive);
    }

    [Test, Description("T10 the session whose claims were refreshed since they were judged goes on")]
    public async Task A_session_with_new_claims_does_not_end_by_its_old_ones()
    {
        var it = new Harness();
        var issued = await it.SignIn();
        var token = issued.Token.Reveal();
        Assert.That(await it.Manager.ReplacePayloadAsync(token, issued.Session.Payload, new byte[] { 7 }));

        Assert.That(await it.Manager.EndOutdatedAsync(issued.Session, token), Is.False);
        var validation = await it.Manager.ValidateAsync(token);
        Assert.That(validation.IsActive);
        Assert.That(await it.Manager.EndOutdatedAsync(validation.Session!, token));
    }

    [Test, Description("T10 a sign-out that follows from what was presented depends on it")]
    public async Task A_sign_out_of_a_token_leaves_a_session_that_has_a_new_one()
    {
        var it = new Harness();
        var issued = await it.SignIn();
        var renewed = (await it.Manager.RotateAsync(issued.Token.Reveal()))!;

        Assert.That(await it.Manager.SignOutOfTokenAsync(issued.Session, issued.Token.Reveal()), Is.False);
        Assert.That(await it.Manager.SignOutOfTokenAsync(issued.Session, null), Is.False);
        Assert.That((await it.Manager.ValidateAsync(renewed.Token.Reveal())).IsActive);
        Assert.That(await it.Manager.SignOutOfTokenAsync(issued.Session, renewed.Token.Reveal()));
        Assert.That((await it.EndOf(issued))!.Reason, Is.EqualTo(SessionEndReason.SignedOut));
    }

    [Test, Description("T10 T4 a credential change whose token another request has rotated ends the session")]
    public async Task Rotating_for_changed_credentials_ends_the_session_whose_token_another_request_has_rotated()
    {
        var it = new Harness();
        var issued = await it.SignIn();
        var rotated = await it.Manager.RotateOrEndAsync(issued.Session, issued.Token.Reveal(), SessionActor.Of(Ada), new byte[] { 1 });
        Assert.That((rotated.Ended.Count, rotated.Current!.Session.Payload.ToArray()), Is.EqualTo((0, new byte[] { 1 })));

        var lost = await it.Manager.RotateOrEndAsync(issued.Session, issued.Token.Reveal(), SessionActor.Of(Ada));

        Assert.That((lost.Ended.Count, lost.Current), Is.EqualTo((1, (IssuedSession?)null)));
        Assert.That((await it.EndOf(issued))!.Reason, Is.EqualTo(SessionEndReason.PasswordChanged));
    }

    [Test, Description("C9 T9 a session that was not delivered ends with that reason")]
    public async Task A_session_that_was_not_delivered_says_so()
    {
        var it = new Harness();
        var issued = await it.SignIn();

        await it.Manager.EndUndeliveredAsync(issued.Session);

        Assert.That(await it.EndOf(issued), Is.EqualTo(new SessionEnd(it.Now, SessionEndReason.NotDelivered, SessionActor.Of(Ada))));
    }

    private static Mock<ISessionStore> Wrapping(ISessionStore inner)
    {
        var store = new Mock<ISessionStore>(MockBehavior.Strict);
        store.Setup(mock => mock.FindByTokenAsync(It.IsAny<SessionTokenHash>(), It.IsAny<CancellationToken>()))
            .Returns(inner.FindByTokenAsync);
        store.Setup(mock => mock.RotateAsync(It.IsAny<SessionRotation>(), It.IsAny<CancellationToken>()))
            .Returns(inner.RotateAsync);
        return store;
    }

    private static IEnumerable<SessionEndReason> OtherReasons => Enum.GetValues<SessionEndReason>()
        .Except([SessionEndReason.PasswordChanged, SessionEndReason.UserDisabled, SessionEndReason.UserDeleted]);

    [Test, Description("T4 T9 only an account event ends all of a user's sessions without protection")]
    public async Task Another_reason_is_refused_before_anything_ends([ValueSource(nameof(OtherReasons))] SessionEndReason reason)
    {
        var it = new Harness();
        await it.SignIn(Ada);

        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => it.Manager.TerminateUserAsync(Ada, reason, Admin));

        Assert.That(refusal!.Message, Does.StartWith($"The reason is {reason}; it must be PasswordChanged, UserDisabled or UserDeleted."));
        Assert.That(await it.ActiveIds(), Has.Count.EqualTo(1));
    }
}
