namespace Hanzo.Sessions.Tests;

public sealed class TerminationTests
{
    [Test, Description("T1, T8 the result carries what was ended")]
    public async Task The_result_says_which_session_ended_whose_when_why_by_whom_and_which_token_hash_died()
    {
        var it = new Harness();
        var issued = await it.SignIn();
        it.Clock.Advance(Ms);

        var ended = await it.Manager.TerminateAsync(Ada, App, issued.Session.Id, Service);

        Assert.That(ended, Is.EqualTo(new EndedSession(
            issued.Session.Id,
            Ada,
            App,
            new SessionEnd(it.Now, SessionEndReason.TerminatedByAdmin, SessionActor.Service("nightly")),
            issued.Token.Hash())));
    }

    [TestCase("hanzo", "ben", App, Description = "T1 only if the id belongs to that user")]
    [TestCase("other", "ada", App, Description = "T1 only if the id belongs to that organization")]
    [TestCase("hanzo", "Ada", App, Description = "T1, I1 names are not folded")]
    [TestCase("hanzo", "ada", "other-app", Description = "T1 only if the id belongs to that application")]
    public async Task An_id_of_another_record_ends_nothing(string organization, string name, string application)
    {
        var it = new Harness();
        var issued = await it.SignIn();

        var ended = await it.Manager.TerminateAsync(new SessionUser(organization, name), application, issued.Session.Id, Service);

        Assert.That(ended, Is.Null);
        Assert.That(await it.StatusOf(issued), Is.EqualTo(SessionStatus.Active));
        Assert.That(it.Observed.Ended, Is.Empty);
    }

    [Test, Description("T1 an unknown id ends nothing")]
    public async Task An_unknown_id_ends_nothing()
    {
        var it = new Harness();
        await it.SignIn();

        Assert.That(await it.Manager.TerminateAsync(Ada, App, SessionId.New(it.Now), Service), Is.Null);
        Assert.That(await it.Manager.TerminateAsync(SessionScope.AllOrganizations, SessionId.New(it.Now), Service), Is.Null);
        Assert.That(await it.ActiveIds(), Has.Count.EqualTo(1));
    }

    [Test, Description("T1, L4 out of scope looks like not found")]
    public async Task An_id_out_of_scope_ends_nothing()
    {
        var it = new Harness();
        var zoes = await it.SignIn(Zoe);

        Assert.That(await it.Manager.TerminateAsync(Scope, zoes.Session.Id, Service), Is.Null);
        Assert.That(await it.Manager.TerminateAsync(SessionScope.AllOrganizations, zoes.Session.Id, Service), Is.Not.Null);
    }

    [Test, Description("T3 a whole record")]
    public async Task A_whole_record_ends_and_the_users_other_records_stay()
    {
        var it = new Harness();
        var record = await it.SignIn(3);
        var elsewhere = await it.SignIn(application: "other-app");
        var bens = await it.SignIn(Ben);

        var ended = await it.Manager.TerminateRecordAsync(Ada, App, Service);

        Assert.That(Ids(ended), Is.EquivalentTo(Ids(record)));
        Assert.That(await it.ActiveIds(), Is.EqualTo(Ids([elsewhere])));
        Assert.That(await it.ActiveIds(Ben), Is.EqualTo(Ids([bens])));
    }

    [Test, Description("T3 one set-based operation")]
    public async Task A_whole_record_is_one_operation_of_the_store()
    {
        CountedStore? store = null;
        var it = new Harness(wrap: inner => store = new CountedStore(inner));
        await it.SignIn(10);
        var before = store!.Calls;

        await it.Manager.TerminateRecordAsync(Ada, App, Service);

        Assert.That(store.Calls - before, Is.EqualTo(1));
    }

    [Test, Description("T5 log out all devices, over all applications, returns how many")]
    public async Task All_sessions_of_a_user_end_in_one_operation()
    {
        CountedStore? store = null;
        var it = new Harness(wrap: inner => store = new CountedStore(inner));
        await it.SignIn(4, application: "a");
        await it.SignIn(5, application: "b");
        await it.SignIn(Ben);
        var before = store!.Calls;

        var ended = await it.Manager.TerminateAllAsync(Ada, Service);

        Assert.That(ended, Has.Count.EqualTo(9));
        Assert.That(store.Calls - before, Is.EqualTo(1));
        Assert.That(await it.ActiveIds(), Is.Empty);
        Assert.That(await it.ActiveIds(Ben), Has.Count.EqualTo(1));
    }

    [Test, Description("T5, V4 a terminated user signs in again at once")]
    public async Task A_terminated_user_signs_in_again_at_once()
    {
        var it = new Harness();
        await it.SignIn(10);
        await it.Manager.TerminateAllAsync(Ada, Service);

        var again = await it.SignIn();

        Assert.That(await it.StatusOf(again), Is.EqualTo(SessionStatus.Active));
    }

    [Test, Description("T5 an administrator who was terminated too")]
    public async Task A_terminated_administrator_signs_in_again_at_once()
    {
        var it = new Harness();
        var admin = new SessionUser("hanzo", "admin");
        var issued = await it.SignIn(admin);
        await it.Manager.TerminateOrganizationAsync("hanzo", Using(issued), keepCurrent: true);
        await it.Manager.TerminateOrganizationAsync("hanzo", Service);

        Assert.That(await it.StatusOf(await it.SignIn(admin)), Is.EqualTo(SessionStatus.Active));
    }

    [Test, Description("T7 sign-out ends the current session")]
    public async Task Signing_out_ends_the_current_session_and_no_other()
    {
        var it = new Harness();
        var current = await it.SignIn();
        var other = await it.SignIn();

        Assert.That(await it.Manager.SignOutAsync(current.Session), Is.True);

        Assert.That(await it.EndOf(current), Is.EqualTo(new SessionEnd(it.Now, SessionEndReason.SignedOut, SessionActor.Of(Ada))));
        Assert.That(await it.StatusOf(other), Is.EqualTo(SessionStatus.Active));
    }

    [Test, Description("T7, T8 signing out twice is not an error")]
    public async Task Signing_out_twice_says_that_it_had_ended_before()
    {
        var it = new Harness();
        var current = await it.SignIn();
        await it.Manager.SignOutAsync(current.Session);

        Assert.That(await it.Manager.SignOutAsync(current.Session), Is.False);
        Assert.That(it.Observed.Ended, Has.Count.EqualTo(1));
    }

    [Test, Description("T7, T10 a session that was rotated meanwhile is still signed out")]
    public async Task Signing_out_ends_a_session_whose_token_was_rotated()
    {
        var it = new Harness();
        var current = await it.SignIn();
        var rotated = await it.Manager.RotateAsync(current.Token.Reveal());

        await it.Manager.SignOutAsync(current.Session);

        Assert.That(await it.StatusOf(rotated!), Is.EqualTo(SessionStatus.Terminated));
    }

    [Test, Description("T8 ending twice is not an error and ends 0")]
    public async Task Ending_twice_ends_nothing_the_second_time()
    {
        var it = new Harness();
        var issued = await it.SignIn();
        await it.Manager.TerminateAsync(Ada, App, issued.Session.Id, Service);
        var end = await it.EndOf(issued);
        it.Clock.Advance(Ms);

        Assert.That(await it.Manager.TerminateAsync(Ada, App, issued.Session.Id, SessionCaller.Service("late")), Is.Null);
        Assert.That(await it.Manager.TerminateRecordAsync(Ada, App, Service), Is.Empty);
        Assert.That(await it.Manager.TerminateAllAsync(Ada, Service), Is.Empty);
        Assert.That(await it.Manager.TerminateUserAsync(Ada, SessionEndReason.UserDeleted, SessionActor.Of(Ben)), Is.Empty);
        Assert.That(await it.EndOf(issued), Is.EqualTo(end));
        Assert.That(it.Observed.Ended, Has.Count.EqualTo(1));
    }

    [Test, Description("T8 cancelled before: nothing is ended")]
    public async Task A_termination_that_was_cancelled_before_ends_nothing()
    {
        var it = new Harness();
        var issued = await it.SignIn();

        await Assert.ThatAsync(
            () => it.Manager.TerminateAllAsync(Ada, Service, cancellationToken: new CancellationToken(true)),
            Throws.InstanceOf<OperationCanceledException>());

        Assert.That(await it.StatusOf(issued), Is.EqualTo(SessionStatus.Active));
        Assert.That(it.Observed.Ended, Is.Empty);
    }

    [Test, Description("T8 once started it ignores cancellation")]
    public async Task A_termination_once_started_is_finished_and_announced_though_the_request_is_cancelled()
    {
        var inner = new Harness();
        var issued = await inner.SignIn();
        using var request = new CancellationTokenSource();
        var store = new Mock<ISessionStore>(MockBehavior.Strict);
        store.Setup(mock => mock.TerminateAsync(It.IsAny<SessionTermination>(), It.IsAny<CancellationToken>()))
            .Returns(async (SessionTermination termination, CancellationToken cancellation) =>
            {
                await request.CancelAsync();
                return await inner.Store.TerminateAsync(termination, cancellation);
            });
        var it = new Harness(wrap: _ => store.Object);

        var ended = await it.Manager.TerminateAllAsync(Ada, Service, cancellationToken: request.Token);

        Assert.That(Ids(ended), Is.EqualTo(Ids([issued])));
        Assert.That(it.Observed.Ended, Has.Count.EqualTo(1));
        Assert.That(await inner.StatusOf(issued), Is.EqualTo(SessionStatus.Terminated));
    }

    [Test, Description("T6 K1 only ends that name neither a session nor a user leave long timed-out sessions to clean-up")]
    public async Task Bulk_ends_leave_what_timed_out_ten_minutes_ago_to_clean_up()
    {
        List<SessionTermination> terminations = [];
        var store = new Mock<ISessionStore>(MockBehavior.Strict);
        store.Setup(mock => mock.TerminateAsync(Capture.In(terminations), It.IsAny<CancellationToken>()))
            .ReturnsAsync(new SessionTerminationResult([]));
        var it = new Harness(wrap: _ => store.Object);

        await it.Manager.TerminateEverythingAsync(Service);
        await it.Manager.TerminateMatchingAsync(new() { Scope = Scope, Application = App }, Service);
        await it.Manager.TerminateAllAsync(Ada, Service);
        await it.Manager.TerminateAsync(Scope, SessionId.New(it.Now), Service);

        var tenMinutesAgo = it.Now.AddMinutes(-10);
        Assert.That(
            terminations.Select(termination => termination.TimedOutSince),
            Is.EqualTo(new DateTimeOffset?[] { tenMinutesAgo, tenMinutesAgo, null, null }));
    }
}
