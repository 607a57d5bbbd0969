namespace Hanzo.Sessions.Tests;

public sealed class ExplanationTests
{
    [Test, Description("L5 an active session is explained by until when")]
    public async Task An_active_session_is_explained_by_until_when()
    {
        var it = new Harness();
        var issued = await it.Manager.CreateAsync(new NewSession { User = Ada, Application = App, Payload = new byte[] { 1 } });

        var explanation = await it.Manager.ExplainAsync(Scope, issued.Session.Id);

        Assert.That(explanation!.IsActive);
        Assert.That(explanation.Session, Is.EqualTo(issued.Session with { Payload = default }));
        Assert.That(explanation.Sentence, Is.EqualTo(
            "Active until 2026-01-01T01:00:00Z without further activity, and until 2026-01-02T00:00:00Z at the latest."));
    }

    [Test, Description("L5 T9 why, when and by whom")]
    public async Task An_ended_session_is_explained_by_why_when_and_by_whom()
    {
        var it = new Harness();
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMilliseconds(1_500));
        await it.Manager.TerminateAllAsync(Ada, Service);

        var explanation = await it.Manager.ExplainAsync(Scope, issued.Session.Id);

        Assert.That(explanation!.IsActive, Is.False);
        Assert.That(explanation.Session.End, Is.EqualTo(
            new SessionEnd(it.Now, SessionEndReason.TerminatedByAdmin, SessionActor.Service("nightly"))));
        Assert.That(explanation.Sentence, Is.EqualTo("Ended at 2026-01-01T00:00:01.5Z: an administrator or a service ended it."));
    }

    [TestCase(3_599_999, true)]
    [TestCase(3_600_000, false)]
    [Description("V7 L5 a timeout is explained at its instant, also when clean-up has not come by")]
    public async Task A_session_that_timed_out_is_explained_before_clean_up_has_come_by(int milliseconds, bool isActive)
    {
        var it = new Harness();
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

        var explanation = await it.Manager.ExplainAsync(Scope, issued.Session.Id);

        Assert.That(explanation!.IsActive, Is.EqualTo(isActive));
        Assert.That(explanation.Sentence, isActive
            ? Does.StartWith("Active until 2026-01-01T01:00:00Z")
            : Is.EqualTo("Ended at 2026-01-01T01:00:00Z: there was no activity for the idle timeout."));
    }

    [Test, Description("Every reason has a sentence of its own")]
    public void Every_reason_has_a_sentence_of_its_own()
    {
        var sentences = Enum.GetValues<SessionEndReason>().Select(reason => new SessionExplanation(
            TestSessions.Of(Ada).Session with { End = new SessionEnd(TestSessions.Start, reason, null) }).Sentence).ToList();

        Assert.That(sentences, Is.Unique.And.None.Contains("not known"));
        Assert.That(sentences, Has.All.Matches("^Ended at 2026-01-01T00:00:00Z: [a-z][a-z', ]+\\.$"));
    }

    [Test, Description("A reason that a newer version has written is not a failure")]
    public void A_reason_of_a_newer_version_is_not_known() => Assert.That(
        new SessionExplanation(TestSessions.Of(Ada).Session with { End = new SessionEnd(TestSessions.Start, (SessionEndReason)99, null) }).Sentence,
        Is.EqualTo("Ended at 2026-01-01T00:00:00Z: the reason is not known to this version."));

    [Test, Description("L4 out of scope, unknown and purged look the same")]
    public async Task Nothing_is_explained_out_of_scope_of_an_unknown_id_and_of_a_purged_session()
    {
        var it = new Harness(options => options.HistoryRetention = TimeSpan.Zero);
        var (foreign, purged) = (await it.SignIn(Zoe), await it.SignIn());
        await it.Manager.SignOutAsync(purged.Session);
        await it.Manager.CleanUpAsync();

        Assert.That(await it.Manager.ExplainAsync(Scope, foreign.Session.Id), Is.Null);
        Assert.That(await it.Manager.ExplainAsync(SessionScope.AllOrganizations, foreign.Session.Id), Is.Not.Null);
        Assert.That(await it.Manager.ExplainAsync(Scope, purged.Session.Id), Is.Null);
        Assert.That(await it.Manager.ExplainAsync(Scope, SessionId.New(it.Now)), Is.Null);
    }
}
