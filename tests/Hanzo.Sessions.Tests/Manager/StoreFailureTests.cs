namespace Hanzo.Sessions.Tests;

public sealed class StoreFailureTests
{
    private static readonly TimeoutException Fault = new("the database is away");

    [TestCase(true, Description = "V6 fails before it answers")]
    [TestCase(false, Description = "V6 fails later")]
    public async Task A_validation_throws_the_stores_own_exception_when_the_lookup_fails(bool atOnce)
    {
        var store = new Mock<ISessionStore>(MockBehavior.Strict);
        store.Setup(mock => mock.FindByTokenAsync(It.IsAny<SessionTokenHash>(), It.IsAny<CancellationToken>()))
            .Returns(async () =>
            {
                if (!atOnce)
                {
                    await Task.Yield();
                }

                throw Fault;
            });
        var it = new Harness(wrap: _ => store.Object);

        await Assert.ThatAsync(
            async () => await it.Manager.ValidateAsync(SessionToken.New().Reveal()), Throws.Exception.SameAs(Fault));
    }

    [Test, Description("V6 a failed touch is not a sign-out")]
    public async Task A_validation_throws_when_activity_cannot_be_written()
    {
        var it = new Harness(wrap: inner => new CountedStore(inner, _ => throw Fault));
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMinutes(5));

        await Assert.ThatAsync(() => it.Validate(issued), Throws.Exception.SameAs(Fault));
        Assert.That(await it.StatusOf(issued, passive: true), Is.EqualTo(SessionStatus.Active));
    }

    [Test, Description("V6, V7 an expiry that cannot be written down is not answered")]
    public async Task A_validation_throws_when_an_expiry_cannot_be_written()
    {
        var inner = new Harness();
        var issued = await inner.SignIn();
        var store = new Mock<ISessionStore>(MockBehavior.Strict);
        store.Setup(mock => mock.FindByTokenAsync(It.IsAny<SessionTokenHash>(), It.IsAny<CancellationToken>()))
            .Returns(inner.Store.FindByTokenAsync);
        store.Setup(mock => mock.ExpireAsync(It.IsAny<SessionId>(), It.IsAny<StoreInstant>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(Fault);
        var it = new Harness(wrap: _ => store.Object);
        it.Clock.Advance(TimeSpan.FromHours(1));

        await Assert.ThatAsync(() => it.Validate(issued), Throws.Exception.SameAs(Fault));
        Assert.That(it.Observed.Ended, Is.Empty);
    }

    [Test, Description("V6 cancelled is cancelled")]
    public async Task A_cancelled_validation_is_cancelled_and_no_answer()
    {
        var store = new Mock<ISessionStore>(MockBehavior.Strict);
        store.Setup(mock => mock.FindByTokenAsync(It.IsAny<SessionTokenHash>(), It.IsAny<CancellationToken>()))
            .Returns((SessionTokenHash _, CancellationToken cancellation) => ValueTask.FromCanceled<FoundSession>(cancellation));
        var it = new Harness(wrap: _ => store.Object);

        await Assert.ThatAsync(
            async () => await it.Manager.ValidateAsync(SessionToken.New().Reveal(), cancellationToken: new CancellationToken(true)),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test, Description("C2, A2 a create that the store failed is no session and no event")]
    public async Task A_create_throws_the_stores_own_exception_and_announces_nothing()
    {
        var store = new Mock<ISessionStore>(MockBehavior.Strict);
        store.Setup(mock => mock.CreateAsync(It.IsAny<SessionCreation>(), It.IsAny<CancellationToken>())).ThrowsAsync(Fault);
        var it = new Harness(wrap: _ => store.Object);

        await Assert.ThatAsync(() => it.SignIn(), Throws.Exception.SameAs(Fault));
        Assert.That(it.Observed.Created, Is.Empty);
        Assert.That(it.Log.Lines, Is.Empty);
    }

    [Test, Description("T8 a store failure is an exception, never a silent success")]
    public async Task A_termination_throws_the_stores_own_exception_and_announces_nothing()
    {
        var store = new Mock<ISessionStore>(MockBehavior.Strict);
        store.Setup(mock => mock.TerminateAsync(It.IsAny<SessionTermination>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(Fault);
        var it = new Harness(wrap: _ => store.Object);
        var session = (await new Harness().SignIn()).Session;
        Func<Task>[] terminations =
        [
            () => it.Manager.SignOutAsync(session),
            () => it.Manager.TerminateAsync(Scope, session.Id, Service),
            () => it.Manager.TerminateAsync(Ada, session.Id, Service),
            () => it.Manager.TerminateAsync(Ada, App, session.Id, Service),
            () => it.Manager.TerminateRecordAsync(Ada, App, Service),
            () => it.Manager.TerminateAllAsync(Ada, Service),
            () => it.Manager.TerminateOrganizationAsync("hanzo", Service),
            () => it.Manager.TerminateMatchingAsync(SessionFilter.Of(Ada), Service),
            () => it.Manager.TerminateEverythingAsync(Service),
            () => it.Manager.RenewAsync(Ada, null, SessionActor.Of(Ada)),
            () => it.Manager.TerminateUserAsync(Ada, SessionEndReason.UserDisabled, SessionActor.Of(Ada)),
            () => it.Manager.TerminateUserAsync(Ada, SessionEndReason.UserDeleted, SessionActor.Of(Ada)),
        ];

        foreach (var termination in terminations)
        {
            await Assert.ThatAsync(() => termination(), Throws.Exception.SameAs(Fault));
        }

        Assert.That(it.Observed.Ended, Is.Empty);
        Assert.That(it.Log.Lines.Where(line => line.Id.Id == 3), Is.Empty);
    }

    [Test, Description("T10 a rotation that the store failed gives no token")]
    public async Task A_rotation_throws_the_stores_own_exception()
    {
        var store = new Mock<ISessionStore>(MockBehavior.Strict);
        store.Setup(mock => mock.RotateAsync(It.IsAny<SessionRotation>(), It.IsAny<CancellationToken>())).ThrowsAsync(Fault);
        var it = new Harness(wrap: _ => store.Object);

        await Assert.ThatAsync(() => it.Manager.RotateAsync(SessionToken.New().Reveal()), Throws.Exception.SameAs(Fault));
    }
}
