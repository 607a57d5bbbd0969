using Hanzo.Sessions.Postgres;

namespace Hanzo.Sessions.StoreTests.Postgres;

public sealed class ConditionsTests
{
    [Test, Description("L3")]
    public void A_prefix_ends_before_the_next_text_by_code_point()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Conditions.EndOfPrefix("al"), Is.EqualTo("am"));
            Assert.That(Conditions.EndOfPrefix("a\u007f"), Is.EqualTo("a\u0080"));
            Assert.That(Conditions.EndOfPrefix("\ud7ff"), Is.EqualTo("\ue000"));
            Assert.That(Conditions.EndOfPrefix("\uffff"), Is.EqualTo("\U00010000"));
            Assert.That(Conditions.EndOfPrefix("a\U0010ffff"), Is.EqualTo("b"));
            Assert.That(Conditions.EndOfPrefix("\U0010ffff\U0010ffff"), Is.Null);
        });
    }
}
