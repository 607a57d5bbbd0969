namespace Hanzo.Sessions.Tests;

public sealed class ExpiryIsFinalTests
{
    [TestCase(60, SessionEndReason.IdleTimeout, Description = "V7 a clock set back does not revive a timed-out session")]
    [TestCase(24 * 60, SessionEndReason.Expired, Description = "V7 a clock set back does not revive an expired session")]
    public async Task Once_answered_as_over_a_session_stays_over_when_the_clock_goes_back(int minutes, SessionEndReason reason)
    {
        var it = new Harness(options => options.IdleTimeout = TimeSpan.FromMinutes(minutes));
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMinutes(minutes));
        await it.Validate(issued);

        it.Clock.SetWallClock(issued.Session.CreatedAt.AddMinutes(1));

        Assert.That((await it.Validate(issued)).Session!.End!.Reason, Is.EqualTo(reason));
        Assert.That(await it.ActiveIds(), Is.Empty);
    }

    [Test, Description("V7 ended at ActiveUntil, by nobody, announced once")]
    public async Task A_validation_writes_the_end_down_before_it_answers()
    {
        var it = new Harness();
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromHours(5));

        var answer = await it.Validate(issued);
        await it.Validate(issued);

        Assert.That((await it.Stored(issued)).End, Is.EqualTo(answer.Session!.End));
        Assert.That(answer.Session.End!.At, Is.EqualTo(issued.Session.CreatedAt.AddHours(1)));
        Assert.That(it.Observed.Ended.Select(ended => (ended.Id, ended.End)), Is.EqualTo(new[] { (issued.Session.Id, answer.Session.End) }));
    }

    [Test, Description("V7 T8 a termination that finds a session timed out")]
    public async Task A_session_that_could_not_be_ended_because_its_time_was_up_stays_over_when_the_clock_goes_back([Values] bool signOut)
    {
        var it = new Harness();
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromHours(1));

        Assert.That(signOut
            ? await it.Manager.SignOutAsync(issued.Session)
            : await it.Manager.TerminateAsync(Ada, issued.Session.Id, Service) is not null, Is.False);
        it.Clock.SetWallClock(issued.Session.CreatedAt);

        Assert.That(await it.StatusOf(issued), Is.EqualTo(SessionStatus.IdleTimeout));
        Assert.That((await it.Stored(issued)).End, Is.EqualTo(new SessionEnd(issued.Session.CreatedAt.AddHours(1), SessionEndReason.IdleTimeout, null)));
        await it.Manager.FlushObserversAsync();
        Assert.That(Ids(it.Observed.Ended), Is.EqualTo(Ids([issued])));
    }

    [Test, Description("V7 cancellation does not stop the writing down")]
    public async Task An_expiry_is_written_down_without_the_requests_cancellation()
    {
        var inner = new Harness();
        var issued = await inner.SignIn();
        CancellationToken? used = null;
        var store = new Mock<ISessionStore>(MockBehavior.Strict);
        store.Setup(mock => mock.FindByTokenAsync(It.IsAny<SessionTokenHash>(), It.IsAny<CancellationToken>()))
            .Returns(inner.Store.FindByTokenAsync);
        store.Setup(mock => mock.ExpireAsync(It.IsAny<SessionId>(), It.IsAny<StoreInstant>(), It.IsAny<CancellationToken>()))
            .Callback((SessionId _, StoreInstant _, CancellationToken cancellation) => used = cancellation)
            .Returns(inner.Store.ExpireAsync);
        var it = new Harness(wrap: _ => store.Object);
        it.Clock.Advance(TimeSpan.FromHours(1));
        using var request = new CancellationTokenSource();

        await it.Manager.ValidateAsync(issued.Token.Reveal(), cancellationToken: request.Token);

        Assert.That(used, Is.EqualTo(CancellationToken.None));
    }

    [Test, Description("V7 an expiry that another server has written is answered the same")]
    public async Task An_expiry_that_somebody_else_has_just_written_is_answered_and_not_announced_again()
    {
        var inner = new Harness();
        var issued = await inner.SignIn();
        var store = new Mock<ISessionStore>(MockBehavior.Strict);
        store.Setup(mock => mock.FindByTokenAsync(It.IsAny<SessionTokenHash>(), It.IsAny<CancellationToken>()))
            .Returns(inner.Store.FindByTokenAsync);
        store.Setup(mock => mock.ExpireAsync(It.IsAny<SessionId>(), It.IsAny<StoreInstant>(), It.IsAny<CancellationToken>()))
            .Returns(async (SessionId id, StoreInstant now, CancellationToken cancellation) =>
            {
                await inner.Store.ExpireAsync(id, now, cancellation);
                return null;
            });
        var it = new Harness(wrap: _ => store.Object);
        it.Clock.Advance(TimeSpan.FromHours(1));

        Assert.That(await it.StatusOf(issued), Is.EqualTo(SessionStatus.IdleTimeout));
        Assert.That(it.Observed.Ended, Is.Empty);
    }

    [Test, Description("V7 history shows an expired session in the same way before clean-up and after")]
    public async Task History_shows_an_expired_session_alike_before_and_after_clean_up()
    {
        var it = new Harness();
        await it.SignIn(ip: "203.0.113.7");
        it.Clock.Advance(TimeSpan.FromHours(3));

        var before = (await it.Manager.ListHistoryAsync(All())).Items;
        await it.Manager.CleanUpAsync();
        var after = (await it.Manager.ListHistoryAsync(All())).Items;

        Assert.That(before, Has.Count.EqualTo(1));
        Assert.That(before[0].End!.Reason, Is.EqualTo(SessionEndReason.IdleTimeout));
        Assert.That(after, Is.EqualTo(before));
    }

    [Test, Description("V7 by id too")]
    public async Task By_id_an_expired_session_looks_alike_before_and_after_clean_up()
    {
        var it = new Harness();
        var issued = await it.Manager.CreateAsync(new NewSession { User = Ada, Payload = new byte[] { 1 } });
        it.Clock.Advance(TimeSpan.FromHours(3));

        var before = await it.Manager.FindAsync(Scope, issued.Session.Id);
        await it.Manager.CleanUpAsync();
        var after = await it.Manager.FindAsync(Scope, issued.Session.Id);

        Assert.That(before!.End!.Reason, Is.EqualTo(SessionEndReason.IdleTimeout));
        Assert.That(before.Payload.IsEmpty);
        Assert.That(after, Is.EqualTo(before));
    }

    [Test, Description("V7 termination does not overwrite an expiry")]
    public async Task A_session_that_is_over_is_not_terminated_any_more()
    {
        var it = new Harness();
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromHours(1));

        Assert.That(await it.Manager.TerminateAllAsync(Ada, Service), Is.Empty);
        Assert.That((await it.EndOf(issued))!.Reason, Is.EqualTo(SessionEndReason.IdleTimeout));
    }
}
