namespace Hanzo.Sessions.Tests;

public sealed class ObserverTests
{
    [Test, Description("A2 created")]
    public async Task Observers_hear_of_each_session_that_was_created_without_its_payload()
    {
        var it = new Harness();
        var issued = await it.Manager.CreateAsync(new NewSession { User = Ada, Payload = new byte[] { 1 } });

        Assert.That(it.Observed.Created, Is.EqualTo(new[] { issued.Session with { Payload = default } }));
    }

    [Test, Description("A2 each ended session, with reason")]
    public async Task Observers_hear_of_each_session_that_ended()
    {
        var it = new Harness();
        await it.SignIn(3);

        var ended = await it.Manager.TerminateAllAsync(Ada, Service);

        Assert.That(it.Observed.Ended, Is.EqualTo(ended));
    }

    [Test, Description("A2 after the commit")]
    public async Task Observers_are_called_after_the_store_has_committed()
    {
        List<string> seen = [];
        Harness? it = null;
        var observer = new Mock<ISessionObserver>();
        observer.Setup(mock => mock.OnCreatedAsync(It.IsAny<Session>(), It.IsAny<CancellationToken>()))
            .Returns(async (Session session, CancellationToken cancellation) =>
                seen.Add($"created, active: {(await it!.Store.FindAsync(session.Id, cancellation)).Session!.IsActive(it.Now)}"));
        observer.Setup(mock => mock.OnEndedAsync(It.IsAny<EndedSession>(), It.IsAny<CancellationToken>()))
            .Returns(async (EndedSession ended, CancellationToken cancellation) =>
                seen.Add($"ended, active: {(await it!.Store.FindAsync(ended.Id, cancellation)).Session!.IsActive(it.Now)}"));
        it = new Harness(observer: observer.Object);

        var issued = await it.SignIn();
        await it.Manager.FlushObserversAsync();
        await it.Manager.SignOutAsync(issued.Session);
        await it.Manager.FlushObserversAsync();

        Assert.That(seen, Is.EqualTo(new[] { "created, active: True", "ended, active: False" }));
    }

    [TestCase(true, Description = "A2 throws before it returns")]
    [TestCase(false, Description = "A2 throws later")]
    public async Task An_observer_that_throws_changes_no_outcome_and_keeps_no_other_observer_from_hearing(bool atOnce)
    {
        var it = new Harness(
            options => (options.MaxSessions, options.IpSpreadThreshold) = (2, 2), observer: new Throwing(atOnce));

        var first = await it.SignIn(ip: "203.0.113.1");
        var second = await it.SignIn(ip: "203.0.113.2");
        await Assert.ThrowsAsync<SessionLimitExceededException>(() => it.SignIn());
        var ended = await it.Manager.TerminateAllAsync(Ada, Service);

        Assert.That(Ids(ended), Is.EquivalentTo(Ids([first, second])));
        Assert.That(
            (it.Observed.Created.Count, it.Observed.Refused.Count, it.Observed.Ended.Count, it.Observed.IpSpreads.Count),
            Is.EqualTo((2, 1, 2, 1)));
        Assert.That(it.Log.Lines.Where(line => line.Id.Id == 10), Has.Exactly(6).Items);
    }

    [Test, Description("A2, V7 a throwing observer does not turn a sign-out into a failure")]
    public async Task A_validation_is_answered_though_an_observer_throws()
    {
        var it = new Harness(observer: new Throwing(atOnce: true));
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromHours(1));

        Assert.That(await it.StatusOf(issued), Is.EqualTo(SessionStatus.IdleTimeout));
    }

    [Test, Description("A2 an observer implements only what it needs")]
    public async Task An_observer_may_implement_nothing() =>
        await Assert.ThatAsync(() => new Harness(observer: new Idle()).SignIn(), Throws.Nothing);

    [Test, Description("A2, C5, C3 what ended is announced before what was created")]
    public async Task A_replaced_session_is_announced_before_the_new_one()
    {
        var it = new Harness();
        var old = await it.SignIn();
        it.Log.Lines.Clear();

        var fresh = await it.SignIn(over: old.Token.Reveal());

        Assert.That(it.Log.Texts, Is.EqualTo(new[]
        {
            $"Session {old.Session.Id} of hanzo/ada ended: Replaced, by user:hanzo/ada.",
            $"Session {fresh.Session.Id} of hanzo/ada in app-hanzo was created.",
        }));
    }

    private sealed class Idle : ISessionObserver;

    private sealed class Throwing(bool atOnce) : ISessionObserver
    {
        public ValueTask OnCreatedAsync(Session session, CancellationToken cancellationToken) => Fail();

        public ValueTask OnRefusedAsync(SessionLimitExceededException refusal, CancellationToken cancellationToken) => Fail();

        public ValueTask OnEndedAsync(EndedSession session, CancellationToken cancellationToken) => Fail();

        public ValueTask OnIpSpreadAsync(Session session, int networks, CancellationToken cancellationToken) => Fail();

        private ValueTask Fail()
        {
            var fault = new InvalidOperationException("observer");
            return atOnce ? throw fault : ValueTask.FromException(fault);
        }
    }
}
