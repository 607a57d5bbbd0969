namespace Hanzo.Sessions.Tests;

public sealed class CurrentSessionTests
{
    [Test, Description("T4 the exact message")]
    public async Task The_message_names_the_session_to_the_letter()
    {
        var it = new Harness();
        var current = await it.SignIn();

        var refusal = await Assert.ThrowsAsync<CurrentSessionException>(
            () => it.Manager.TerminateAsync(Ada, App, current.Session.Id, Using(current)));

        Assert.That(refusal!.Message, Is.EqualTo($"session id {current.Session.Id} is the current session and cannot be deleted"));
        Assert.That(refusal.SessionId, Is.EqualTo(current.Session.Id));
    }

    [TestCaseSource(nameof(Selections)), Description("T4 alone or as part of more, and then nothing is ended")]
    public async Task The_current_session_is_protected_and_then_nothing_is_ended(
        string what, Func<SessionManager, SessionCaller, bool, Task> terminate)
    {
        var it = new Harness();
        var others = await it.SignIn(3);
        var current = await it.SignIn();
        var bens = await it.SignIn(Ben);

        await Assert.ThrowsAsync<CurrentSessionException>(() => terminate(it.Manager, Using(current), false));

        Assert.That(await it.ActiveIds(), Is.EquivalentTo(Ids([.. others, current])), what);
        Assert.That(await it.StatusOf(bens), Is.EqualTo(SessionStatus.Active));
        Assert.That(it.Observed.Ended, Is.Empty);
    }

    [TestCaseSource(nameof(Selections)), Description("T4 keepCurrent ends the others")]
    public async Task KeepCurrent_ends_the_others(string what, Func<SessionManager, SessionCaller, bool, Task> terminate)
    {
        var it = new Harness();
        var others = await it.SignIn(3);
        var current = await it.SignIn();

        await terminate(it.Manager, Using(current), true);

        Assert.That(await it.ActiveIds(), Is.EqualTo(Ids([current])), what);
        Assert.That(Ids(it.Observed.Ended), Is.EquivalentTo(Ids(others)));
    }

    [TestCaseSource(nameof(Selections)), Description("T4 a caller without a session has no current session")]
    public async Task A_service_has_no_current_session(string what, Func<SessionManager, SessionCaller, bool, Task> terminate)
    {
        var it = new Harness();
        await it.SignIn(3);

        await terminate(it.Manager, Service, false);

        Assert.That(await it.ActiveIds(), Is.Empty, what);
    }

    [Test, Description("T4 by id in a scope")]
    public async Task The_current_session_is_protected_when_it_is_ended_by_id()
    {
        var it = new Harness();
        var current = await it.SignIn();

        await Assert.ThrowsAsync<CurrentSessionException>(() => it.Manager.TerminateAsync(Scope, current.Session.Id, Using(current)));
        await Assert.ThrowsAsync<CurrentSessionException>(() => it.Manager.TerminateAsync(Ada, current.Session.Id, Using(current)));
        Assert.That(await it.StatusOf(current), Is.EqualTo(SessionStatus.Active));
    }

    [Test, Description("T4 protection is of the selected session only")]
    public async Task A_caller_whose_session_is_not_selected_ends_what_is_selected()
    {
        var it = new Harness();
        var current = await it.SignIn();
        var other = await it.SignIn(application: "other-app");
        var bens = await it.SignIn(Ben);

        await it.Manager.TerminateRecordAsync(Ada, "other-app", Using(current));
        await it.Manager.TerminateAllAsync(Ben, Using(current));
        await it.Manager.TerminateAsync(Ada, "other-app", current.Session.Id, Using(current));

        Assert.That(await it.StatusOf(other), Is.EqualTo(SessionStatus.Terminated));
        Assert.That(await it.StatusOf(bens), Is.EqualTo(SessionStatus.Terminated));
        Assert.That(await it.StatusOf(current), Is.EqualTo(SessionStatus.Active));
    }

    [Test, Description("T4 a current session that is over protects nothing")]
    public async Task A_current_session_that_is_over_does_not_keep_the_others_from_ending()
    {
        var it = new Harness();
        var current = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMinutes(30));
        var other = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMinutes(30));

        var ended = await it.Manager.TerminateAllAsync(Ada, Using(current));

        Assert.That(Ids(ended), Is.EqualTo(Ids([other])));
    }

    private static IEnumerable<object[]> Selections()
    {
        yield return Case("record", (manager, caller, keep) => manager.TerminateRecordAsync(Ada, App, caller, keep));
        yield return Case("user", (manager, caller, keep) => manager.TerminateAllAsync(Ada, caller, keep));
        yield return Case("organization", (manager, caller, keep) => manager.TerminateOrganizationAsync("hanzo", caller, keep));
        yield return Case("filter", (manager, caller, keep) => manager.TerminateMatchingAsync(
            new SessionFilter { Scope = Scope, Application = App }, caller, keep));
        yield return Case("everything", (manager, caller, keep) => manager.TerminateEverythingAsync(caller, keep));
    }

    private static object[] Case(string what, Func<SessionManager, SessionCaller, bool, Task> terminate) => [what, terminate];
}
