using NUnit.Framework.Constraints;

namespace Hanzo.Sessions.Tests;

public sealed class SelectorTests
{
    [Test, Description("T6 by application")]
    public async Task An_application_is_ended_for_one_organization()
    {
        var it = new Harness();
        var mine = await it.SignIn(Ada, application: "shop");
        var other = await it.SignIn(Ada, application: "portal");
        var foreign = await it.SignIn(Zoe, application: "shop");

        Assert.That(Ids(await it.Manager.TerminateMatchingAsync(new() { Scope = Scope, Application = "shop" }, Service)), Is.EqualTo(Ids([mine])));
        Assert.That(await it.StatusOf(other), Is.EqualTo(SessionStatus.Active));
        Assert.That(await it.StatusOf(foreign), Is.EqualTo(SessionStatus.Active));
    }

    [Test, Description("T6 by application, of all organizations when somebody writes so")]
    public async Task An_application_is_ended_for_all_organizations_only_when_asked_so()
    {
        var it = new Harness();
        await it.SignIn(Ada);
        await it.SignIn(Zoe);

        Assert.That(
            await it.Manager.TerminateMatchingAsync(new() { Scope = SessionScope.AllOrganizations, Application = App }, Service),
            Has.Count.EqualTo(2));
    }

    [Test, Description("T6 by organization")]
    public async Task An_organization_is_ended_and_the_others_stay()
    {
        var it = new Harness();
        await it.SignIn(Ada);
        await it.SignIn(Ben);
        var zoes = await it.SignIn(Zoe);

        Assert.That(await it.Manager.TerminateOrganizationAsync("hanzo", Service), Has.Count.EqualTo(2));
        Assert.That(await it.StatusOf(zoes), Is.EqualTo(SessionStatus.Active));
    }

    [Test, Description("T6 everything needs an explicitly named method")]
    public async Task Everything_is_ended_by_its_own_method()
    {
        var it = new Harness();
        await it.SignIn(Ada);
        await it.SignIn(Zoe);

        Assert.That(await it.Manager.TerminateEverythingAsync(Service), Has.Count.EqualTo(2));
    }

    [Test, Description("T6 a filter that names nobody is refused")]
    public async Task A_filter_that_names_nobody_is_refused()
    {
        var it = new Harness();
        var current = await it.SignIn();
        await it.SignIn();
        SessionFilter[] nobody =
        [
            new() { Scope = Scope },
            new() { Scope = SessionScope.AllOrganizations },
            new() { Scope = Scope, Except = current.Session.Id },
        ];

        foreach (var filter in nobody)
        {
            var refusal = await Assert.ThrowsAsync<ArgumentException>(() => it.Manager.TerminateMatchingAsync(filter, Using(current), keepCurrent: true));
            Assert.That(refusal!.Message, Does.StartWith(
                "The filter names no one. To end everything, call TerminateOrganizationAsync or TerminateEverythingAsync."));
        }

        Assert.That(await it.ActiveIds(), Has.Count.EqualTo(2));
    }

    [Test, Description("T6 T4 what the filter leaves out stays, with keepCurrent too")]
    public async Task A_session_that_a_filter_leaves_out_stays_when_the_caller_has_none()
    {
        var it = new Harness();
        var (kept, other) = (await it.SignIn(), await it.SignIn());
        var filter = SessionFilter.Of(Ada) with { Except = kept.Session.Id };
        var ended = await it.Manager.TerminateMatchingAsync(filter, Service, keepCurrent: true);

        Assert.That(ended.Select(one => one.Id), Is.EqualTo(new[] { other.Session.Id }));
    }

    [Test, Description("T6 T4 two exceptions are refused before anything ends")]
    public async Task A_filter_that_leaves_out_another_session_than_the_callers_is_refused_with_keepCurrent()
    {
        var it = new Harness();
        var (current, kept) = (await it.SignIn(), await it.SignIn());
        var filter = SessionFilter.Of(Ada) with { Except = kept.Session.Id };
        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => it.Manager.TerminateMatchingAsync(filter, Using(current), keepCurrent: true));

        Assert.That(refusal!.Message, Does.Contain(kept.Session.Id.ToString()).And.Contain(current.Session.Id.ToString()));
        Assert.That(await it.ActiveIds(), Has.Count.EqualTo(2));
        Assert.That(
            await it.Manager.TerminateMatchingAsync(filter with { Except = current.Session.Id }, Using(current), keepCurrent: true), Has.Count.EqualTo(1));
    }

    // A lone surrogate does not survive as the argument of an attribute.
    private static readonly string[] ImpossibleTexts = [string.Empty, "a\0b", "u\uD800"];

    [TestCaseSource(nameof(ImpossibleTexts)), Description("I1 refused, naming the parameter, before the store sees it")]
    public Task A_filter_with_impossible_text_is_refused_before_the_store_sees_it(string text) =>
        AssertRefusedAsync(
            (new() { Scope = Scope, User = text }, "User"),
            (new() { Scope = SessionScope.AllOrganizations, User = text }, "User"),
            (new() { Scope = Scope, Application = text }, "Application"),
            (new() { Scope = Scope, UserPrefix = text }, "UserPrefix"),
            (new() { Scope = Scope, Contains = new(SessionTextColumn.User, text) }, "Contains"));

    [Test, Description("I1 no slash in an application")]
    public Task A_filter_with_a_slash_in_its_application_is_refused_before_the_store_sees_it() =>
        AssertRefusedAsync((new() { Scope = Scope, Application = "a/b" }, "Application"));

    [Test, Description("L4 the organization is a required part, or all of them explicitly")]
    public async Task A_selector_without_a_scope_is_refused_before_the_store_sees_it()
    {
        var it = new Harness(wrap: _ => new Mock<ISessionStore>(MockBehavior.Strict).Object);
        var filter = new SessionFilter { Scope = null!, Application = App };

        await Assert.ThrowsAsync<ArgumentNullException>(() => it.Manager.TerminateMatchingAsync(filter, Service));
        await Assert.ThrowsAsync<ArgumentNullException>(() => it.Manager.TerminateAsync(scope: null!, SessionId.New(it.Now), Service));
        await Assert.ThrowsAsync<ArgumentNullException>(() => it.Manager.ListAsync(new SessionQuery { Filter = filter }));
    }

    private static async Task AssertRefusedAsync(params (SessionFilter Filter, string Parameter)[] filters)
    {
        var it = new Harness(wrap: _ => new Mock<ISessionStore>(MockBehavior.Strict).Object);
        foreach (var (filter, parameter) in filters)
        {
            await Assert.ThatAsync(() => it.Manager.TerminateMatchingAsync(filter, Service), Refused(parameter));
            await Assert.ThatAsync(() => it.Manager.ListAsync(new SessionQuery { Filter = filter }), Refused(parameter));
        }
    }

    private static EqualStringConstraint Refused(string parameter) =>
        Throws.ArgumentException.With.Property(nameof(ArgumentException.ParamName)).EqualTo(parameter);
}
