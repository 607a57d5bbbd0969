namespace Hanzo.Sessions.Tests;

public sealed class ValidationCostTests
{
    private readonly SessionToken _token = SessionToken.New();

    [Test, Description("V5 one lookup")]
    public async Task A_validation_costs_one_lookup()
    {
        var store = StoreWith(TestSessions.Of(Ada).Session);
        var it = new Harness(wrap: _ => store.Object);

        Assert.That((await it.Manager.ValidateAsync(_token.Reveal())).IsActive);

        store.Verify(mock => mock.FindByTokenAsync(_token.Hash(), It.IsAny<CancellationToken>()), Times.Once);
        store.VerifyNoOtherCalls();
    }

    [Test, Description("V5 and one conditional update when activity is due")]
    public async Task A_validation_with_activity_to_write_costs_one_lookup_and_one_update()
    {
        var session = TestSessions.Of(Ada).Session;
        var store = StoreWith(session);
        var it = new Harness(wrap: _ => store.Object);
        it.Clock.Advance(TimeSpan.FromMinutes(10));
        var expected = new SessionTouch(session.Id, it.Now, it.Now.AddHours(1), it.Now.AddSeconds(-60), it.Settings.ClockTolerance);
        store.Setup(mock => mock.TouchAsync(expected, It.IsAny<CancellationToken>()))
            .Returns(new ValueTask<SessionTouchResult>(new SessionTouchResult(IsActive: true)));

        Assert.That((await it.Manager.ValidateAsync(_token.Reveal())).IsActive);

        store.Verify(mock => mock.FindByTokenAsync(_token.Hash(), It.IsAny<CancellationToken>()), Times.Once);
        store.Verify(mock => mock.TouchAsync(It.IsAny<SessionTouch>(), It.IsAny<CancellationToken>()), Times.Once);
        store.VerifyNoOtherCalls();
    }

    [Test, Description("V5 an ended session costs one lookup")]
    public async Task The_validation_of_an_ended_session_costs_one_lookup()
    {
        var store = StoreWith(TestSessions.Of(Ada).Session with
        {
            End = new SessionEnd(TestSessions.Start, SessionEndReason.SignedOut, SessionActor.Of(Ada)),
        });
        var it = new Harness(wrap: _ => store.Object);

        Assert.That((await it.Manager.ValidateAsync(_token.Reveal())).Status, Is.EqualTo(SessionStatus.Terminated));

        store.Verify(mock => mock.FindByTokenAsync(_token.Hash(), It.IsAny<CancellationToken>()), Times.Once);
        store.VerifyNoOtherCalls();
    }

    [Test, Description("V4, V5 activity that is not due costs nothing")]
    public async Task Activity_that_is_not_due_does_not_reach_the_store()
    {
        var session = TestSessions.Of(Ada).Session;
        var store = StoreWith(session);
        var it = new Harness(wrap: _ => store.Object);
        it.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.That(await it.Manager.RecordUseAsync(session, default), Is.SameAs(session));
        store.VerifyNoOtherCalls();
    }

    [Test, Description("V5 in memory a validation allocates nothing")]
    public async Task A_validation_in_memory_allocates_nothing()
    {
        var options = Microsoft.Extensions.Options.Options.Create(new HanzoSessionsOptions());
        var manager = new SessionManager(new InMemorySessionStore(options), options, new TestClock(), []);
        var token = (await manager.CreateAsync(new NewSession { User = Ada, Payload = new byte[100] })).Token.Reveal();
        Validate(manager, token, times: 1_000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var active = Validate(manager, token, times: 10_000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(active, Is.EqualTo(10_000));
        Assert.That(allocated, Is.Zero);
    }

    private static int Validate(SessionManager manager, string token, int times)
    {
        var active = 0;
        for (var i = 0; i < times; i++)
        {
            active += IsActive(manager.ValidateAsync(token)) ? 1 : 0;
        }

        return active;
    }

    private static bool IsActive(ValueTask<SessionValidation> answer) => answer.IsCompletedSuccessfully && answer.Result.IsActive;

    private Mock<ISessionStore> StoreWith(Session session)
    {
        var store = new Mock<ISessionStore>(MockBehavior.Strict);
        store.Setup(mock => mock.FindByTokenAsync(_token.Hash(), It.IsAny<CancellationToken>()))
            .Returns(() => new ValueTask<FoundSession>(new FoundSession(session)));
        return store;
    }
}
