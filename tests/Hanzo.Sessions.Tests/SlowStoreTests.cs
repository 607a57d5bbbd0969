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

        Assert.That(await it.Manager.RecordActivityAsync(issued.Session), Is.Null);
        Assert.That((await it.Stored(issued)).LastActiveAt, Is.EqualTo(prolonged));
    }

    [Test, Description("V6 a store that contradicts itself is a failure, after ten looks")]
    public async Task A_store_that_contradicts_itself_is_a_failure()
    {
        var store = new Mock<ISessionStore>();
        var it = new Harness(wrap: _ => store.Object);
        var session = TestSessions.Of(Ada).Session;
        store.Setup(mock => mock.FindByTokenAsync(It.IsAny<SessionTokenHash>(), It.IsAny<CancellationToken>())).ReturnsAsync(session);
        it.Clock.Advance(TimeSpan.FromHours(2));

        await Assert.ThatAsync(
            async () => await it.Manager.ValidateAsync(SessionToken.New().Reveal()),
            Throws.InvalidOperationException.With.Message.Contains("contradicts itself"));
        store.Verify(mock => mock.ExpireAsync(session.Id, it.Now, It.IsAny<CancellationToken>()), Times.Exactly(10));
    }

    [Test, Description("V2 what the caller holds may be old: another request has prolonged the session meanwhile")]
    public async Task An_activity_counts_when_only_the_callers_copy_of_the_session_is_over([Values(0, 120)] int seconds)
    {
        var it = new Harness(wrap: store => new LateStore(store));
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMinutes(59));
        await it.StatusOf(issued);
        it.Clock.Advance(TimeSpan.FromMinutes(1) + TimeSpan.FromSeconds(seconds));

        Assert.That((await it.Manager.RecordActivityAsync(issued.Session))?.LastActiveAt, Is.EqualTo(it.Now));
        Assert.That((await it.Stored(issued)).LastActiveAt, Is.EqualTo(it.Now));
        it.Clock.Advance(TimeSpan.FromHours(1));
        Assert.That(await it.Manager.RecordActivityAsync(issued.Session), Is.Null);
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

    [Test, Description("A changed password is no activity of the session in which it was changed")]
    public async Task A_changed_password_is_no_activity()
    {
        var it = new Harness();
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMinutes(5));

        await it.Manager.PasswordChangedAsync(Ada, SessionActor.Of(Ada), issued.Token.Reveal());

        Assert.That((await it.Stored(issued)).LastActiveAt, Is.EqualTo(issued.Session.CreatedAt));
    }

    [Test, Description("C1 a store that says a fresh token exists is a failure, unless it is this very session")]
    public async Task A_fresh_token_that_exists_is_a_failure_unless_it_is_this_very_session([Values] bool same)
    {
        var other = TestSessions.Of(Ben).Session;
        var store = new Mock<ISessionStore>();
        store.Setup(mock => mock.CreateAsync(It.IsAny<SessionCreation>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((SessionCreation creation, CancellationToken _) => new SessionCreationResult
            {
                Outcome = SessionCreationOutcome.AlreadyExists,
                Existing = same ? creation.Session : other,
            });
        var it = new Harness(wrap: _ => store.Object);

        if (same)
        {
            Assert.That((await it.SignIn()).Session.User, Is.EqualTo(Ada));
        }
        else
        {
            await Assert.ThatAsync(() => it.SignIn(), Throws.InvalidOperationException.With.Message.Contains("a fresh token exists"));
        }
    }

    [Test, Description("V3 V8 activity that is counted later, for a host with a check of its own in between")]
    public async Task Activity_that_is_recorded_later_is_written_when_due([Values(59, 60)] int seconds)
    {
        var it = new Harness();
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromSeconds(seconds));

        var recorded = await it.Manager.RecordActivityAsync(issued.Session);

        Assert.That(recorded!.LastActiveAt, Is.EqualTo(seconds < 60 ? issued.Session.CreatedAt : it.Now));
        Assert.That((await it.Stored(issued)).LastActiveAt, Is.EqualTo(recorded.LastActiveAt));
    }

    [Test, Description("V2 activity that is recorded too late does not count")]
    public async Task Activity_that_is_recorded_when_the_session_is_over_does_not_count([Values] bool timedOut)
    {
        var it = new Harness();
        var issued = await it.SignIn();
        it.Clock.Advance(timedOut ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(30));
        if (!timedOut)
        {
            await it.Manager.SignOutAsync(issued.Session);
        }

        Assert.That(await it.Manager.RecordActivityAsync(issued.Session), Is.Null);
        Assert.That((await it.Stored(issued)).LastActiveAt, Is.EqualTo(issued.Session.CreatedAt));
    }

    [Test, Description("T9 a session of outdated credentials is ended once, with its reason")]
    public async Task A_session_of_outdated_credentials_is_ended_once()
    {
        var it = new Harness();
        var issued = await it.SignIn();

        Assert.That(await it.Manager.EndOutdatedAsync(issued.Token.Reveal()), Is.True);
        Assert.That(await it.Manager.EndOutdatedAsync(issued.Token.Reveal()), Is.False);
        Assert.That(await it.Manager.EndOutdatedAsync(null), Is.False);
        Assert.That((await it.EndOf(issued))!.Reason, Is.EqualTo(SessionEndReason.PasswordChanged));
    }

    [Test, Description("T4 the session in which the credentials were changed goes on")]
    public async Task A_session_with_a_new_token_does_not_end_by_its_old_one()
    {
        var it = new Harness();
        var issued = await it.SignIn();
        var renewed = await it.Manager.RotateAsync(issued.Token.Reveal());

        Assert.That(await it.Manager.EndOutdatedAsync(issued.Token.Reveal()), Is.False);
        Assert.That((await it.Manager.ValidateAsync(renewed!.Token.Reveal())).IsActive);
    }

    [Test, Description("L3 a page that is exactly full is the last")]
    public async Task A_page_that_is_exactly_full_has_no_next_one()
    {
        var it = new Harness();
        await it.SignIn(3);
        var full = await it.Manager.ListAsync(All() with { Limit = 3 });
        var more = await it.Manager.ListAsync(All() with { Limit = 2 });

        Assert.That((full.NextCursor is null, full.Items.Count, full.Total), Is.EqualTo((true, 3, 3L)));
        Assert.That((more.NextCursor is null, more.Items.Count, more.Total), Is.EqualTo((false, 2, 3L)));
    }

    [Test, Description("Equal tokens have equal hash codes, and no token has none")]
    public void Tokens_are_told_apart_by_their_hash_codes()
    {
        var token = SessionToken.New();
        Assert.That(SessionToken.TryParse(token.Reveal(), out var same), Is.True);
        Assert.That(same.GetHashCode(), Is.EqualTo(token.GetHashCode()));
        Assert.That(Enumerable.Range(0, 20).Select(_ => SessionToken.New().GetHashCode()).Distinct().Count(), Is.GreaterThan(10));
        Assert.That(default(SessionToken).GetHashCode(), Is.Zero);
    }

    [Test, Description("Ids are ordered")]
    public void An_id_is_neither_before_nor_after_itself()
    {
        var id = SessionId.New(TestSessions.Start);
        var same = new SessionId(id.Value);
        bool[] comparisons = [id < same, id > same, id <= same, id >= same];
        Assert.That(comparisons, Is.EqualTo(new[] { false, false, true, true }));
    }

    private sealed class LateStore(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        /// <summary>What happens while the next lookup waits.</summary>
        public Action? WhileFinding { get; set; }

        public override async ValueTask<Session?> FindByTokenAsync(SessionTokenHash tokenHash, CancellationToken cancellationToken = default)
        {
            await WaitAsync();
            return await Inner.FindByTokenAsync(tokenHash, cancellationToken);
        }

        public override async ValueTask<Session?> FindAsync(SessionId id, CancellationToken cancellationToken = default)
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
