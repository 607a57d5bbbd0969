namespace Hanzo.Sessions.Tests;

public sealed class FindTests
{
    [Test, Description("L5 an active session is found without its payload")]
    public async Task An_active_session_is_found_without_its_payload()
    {
        var it = new Harness();
        var issued = await it.Manager.CreateAsync(new NewSession { User = Ada, Application = App, Payload = new byte[] { 1 } });

        Assert.That(await it.Manager.FindAsync(Scope, issued.Session.Id), Is.EqualTo(issued.Session with { Payload = default }));
    }

    [Test, Description("L5 T9 why, when and by whom")]
    public async Task An_ended_session_says_why_when_and_by_whom()
    {
        var it = new Harness();
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMilliseconds(1_500));
        await it.Manager.TerminateAllAsync(Ada, Service);

        Assert.That((await it.Manager.FindAsync(Scope, issued.Session.Id))!.End, Is.EqualTo(
            new SessionEnd(it.Now, SessionEndReason.TerminatedByAdmin, SessionActor.Service("nightly"))));
    }

    [TestCase(3_599_999, true)]
    [TestCase(3_600_000, false)]
    [Description("V7 L5 a session has ended at the instant of its timeout, also when clean-up has not reached it")]
    public async Task A_timed_out_session_has_ended_before_clean_up_reaches_it(int milliseconds, bool isActive)
    {
        var it = new Harness();
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

        Assert.That((await it.Manager.FindAsync(Scope, issued.Session.Id))!.End, Is.EqualTo(
            isActive ? null : new SessionEnd(issued.Session.ActiveUntil, SessionEndReason.IdleTimeout, By: null)));
    }

    [Test, Description("L4 out of scope, unknown and purged look the same")]
    public async Task Nothing_is_found_out_of_scope_of_an_unknown_id_and_of_a_purged_session()
    {
        var it = new Harness(options => options.HistoryRetention = TimeSpan.Zero);
        var (foreign, purged) = (await it.SignIn(Zoe), await it.SignIn());
        await it.Manager.SignOutAsync(purged.Session);
        await it.Manager.CleanUpAsync();

        Assert.That(await it.Manager.FindAsync(Scope, foreign.Session.Id), Is.Null);
        Assert.That(await it.Manager.FindAsync(SessionScope.AllOrganizations, foreign.Session.Id), Is.Not.Null);
        Assert.That(await it.Manager.FindAsync(Scope, purged.Session.Id), Is.Null);
        Assert.That(await it.Manager.FindAsync(Scope, SessionId.New(it.Now)), Is.Null);
    }
}
