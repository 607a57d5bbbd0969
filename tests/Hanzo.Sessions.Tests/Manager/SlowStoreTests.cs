namespace Hanzo.Sessions.Tests;

/// <summary>A store that answers later, as every store but the one in memory does, and one that answers strangely.</summary>
public sealed class SlowStoreTests
{
    [Test, Description("V3 V8 the same over a store that answers later")]
    public async Task A_validation_counts_as_activity_only_when_it_is_due_and_not_passive([Values] bool passive, [Values(59, 60)] int seconds)
    {
        var it = new Harness(wrap: store => new LateStore(store));
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromSeconds(seconds));

        Assert.That(await it.StatusOf(issued, passive), Is.EqualTo(SessionStatus.Active));
        Assert.That(
            (await it.Stored(issued)).LastActiveAt,
            Is.EqualTo(passive || seconds < 60 ? issued.Session.CreatedAt : it.Now));
    }

    [Test, Description("V1 the same over a store that answers later")]
    public async Task An_unknown_token_is_unknown()
    {
        var it = new Harness(wrap: store => new LateStore(store));
        Assert.That((await it.Manager.ValidateAsync(SessionToken.New().Reveal())).Status, Is.EqualTo(SessionStatus.Unknown));
    }

    [Test, Description("V4 T5 a process that stood still must not prolong a session under an instant of long ago")]
    public async Task A_validation_that_had_to_wait_for_minutes_judges_by_the_time_it_has_become([Values(0, 30)] int unwrittenMinutes)
    {
        LateStore late = null!;
        var it = new Harness(wrap: store => late = new LateStore(store));
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMinutes(59 - unwrittenMinutes));
        late.WhileFinding = () => it.Clock.Advance(TimeSpan.FromMinutes(12 + unwrittenMinutes));

        Assert.That(await it.StatusOf(issued), Is.EqualTo(SessionStatus.IdleTimeout));
        Assert.That((await it.Stored(issued)).LastActiveAt, Is.EqualTo(issued.Session.CreatedAt));
    }

    [Test, Description("V4 T5 the same for an activity of a session that another request has prolonged")]
    public async Task An_activity_that_had_to_wait_for_minutes_is_none_of_long_ago()
    {
        LateStore late = null!;
        var it = new Harness(wrap: store => late = new LateStore(store));
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMinutes(59));
        await it.StatusOf(issued);
        var prolonged = (await it.Stored(issued)).LastActiveAt;
        it.Clock.Advance(TimeSpan.FromMinutes(55));
        late.WhileFinding = () => it.Clock.Advance(TimeSpan.FromMinutes(12));

        Assert.That(await it.Manager.RecordUseAsync(issued.Session, default), Is.Null);
        Assert.That((await it.Stored(issued)).LastActiveAt, Is.EqualTo(prolonged));
    }

    [Test, Description("V6 a store that contradicts itself is a failure, after ten looks")]
    public async Task A_store_that_contradicts_itself_is_a_failure()
    {
        var store = new Mock<ISessionStore>();
        var it = new Harness(wrap: _ => store.Object);
        var session = TestSessions.Of(Ada).Session;
        store.Setup(mock => mock.FindByTokenAsync(It.IsAny<SessionTokenHash>(), It.IsAny<CancellationToken>())).ReturnsAsync(new FoundSession(session));
        it.Clock.Advance(TimeSpan.FromHours(2));

        await Assert.ThatAsync(
            async () => await it.Manager.ValidateAsync(SessionToken.New().Reveal()),
            Throws.InvalidOperationException.With.Message.Contains("contradicts itself"));
        store.Verify(mock => mock.ExpireAsync(session.Id, new StoreInstant(it.Now, it.Settings.ClockTolerance), It.IsAny<CancellationToken>()), Times.Exactly(10));
    }

    [Test, Description("V2 what the caller holds may be old: another request has prolonged the session meanwhile")]
    public async Task An_activity_counts_when_only_the_callers_copy_of_the_session_is_over([Values(0, 120)] int seconds)
    {
        var it = new Harness(wrap: store => new LateStore(store));
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMinutes(59));
        await it.StatusOf(issued);
        it.Clock.Advance(TimeSpan.FromMinutes(1) + TimeSpan.FromSeconds(seconds));

        Assert.That((await it.Manager.RecordUseAsync(issued.Session, default))?.LastActiveAt, Is.EqualTo(it.Now));
        Assert.That((await it.Stored(issued)).LastActiveAt, Is.EqualTo(it.Now));
        it.Clock.Advance(TimeSpan.FromHours(1));
        Assert.That(await it.Manager.RecordUseAsync(issued.Session, default), Is.Null);
    }

    [Test, Description("T10 a rotation that was lost to another is no activity")]
    public async Task A_rotation_that_has_not_won_is_no_activity()
    {
        var it = new Harness(wrap: store => new LosingStore(store));
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.That(await it.Manager.RotateAsync(issued.Token.Reveal()), Is.Null);
        Assert.That((await it.Stored(issued)).LastActiveAt, Is.EqualTo(issued.Session.CreatedAt));
    }

    private sealed class LateStore(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        /// <summary>What happens while the next lookup waits.</summary>
        public Action? WhileFinding { get; set; }

        public override async ValueTask<FoundSession> FindByTokenAsync(SessionTokenHash tokenHash, CancellationToken cancellationToken = default)
        {
            await WaitAsync();
            return await Inner.FindByTokenAsync(tokenHash, cancellationToken);
        }

        public override async ValueTask<FoundSession> FindAsync(SessionId id, CancellationToken cancellationToken = default)
        {
            await WaitAsync();
            return await Inner.FindAsync(id, cancellationToken);
        }

        private async Task WaitAsync()
        {
            await Task.Yield();
            WhileFinding?.Invoke();
            WhileFinding = null;
        }
    }

    private sealed class LosingStore(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        public override Task<Session?> RotateAsync(SessionRotation rotation, CancellationToken cancellationToken = default) =>
            Task.FromResult<Session?>(null);
    }
}
