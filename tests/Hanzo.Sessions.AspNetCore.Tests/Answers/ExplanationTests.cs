using Hanzo.Sessions.Testing;

namespace Hanzo.Sessions.AspNetCore.Tests;

public sealed class ExplanationTests
{
    [Test, Description("L5 every reason has a sentence of its own")]
    public void Every_reason_has_a_sentence_of_its_own()
    {
        var sentences = Enum.GetValues<SessionEndReason>().Select(Explanation).ToList();

        Assert.That(sentences, Is.Unique.And.None.Contains("not known"));
        Assert.That(sentences, Has.All.Matches("^Ended at 2026-01-01T00:00:00Z: [a-z][a-z', ]+\\.$"));
    }

    [Test, Description("L5 a reason that a newer version has written is not a failure")]
    public void A_reason_of_a_newer_version_is_not_known() => Assert.That(
        Explanation((SessionEndReason)99), Is.EqualTo("Ended at 2026-01-01T00:00:00Z: the reason is not known to this version."));

    private static string Explanation(SessionEndReason reason) => new SessionExplanationItem(
        TestSessions.Of(new SessionUser("hanzo", "ada")).Session with { End = new SessionEnd(TestSessions.Start, reason, null) },
        PlaceNames.None).Explanation;
}
