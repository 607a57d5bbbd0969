using System.Text;

namespace Hanzo.Sessions.Tests;

public sealed class CodePointOrderTests
{
    private static readonly string[] Texts =
    [
        "", "\u0001", "A", "AA", "AB", "B", "a", "a\u0000", "ab", "\u00E9", "\uD7FF", "\uE000", "\uFFFD", "\uFFFDa",
        "\U00010000", "\U00010000a", "\U0001F600", "\U0001F601", "\U0010FFFF", "a\uFFFD", "a\U00010000", "a\U0001F600b",
    ];

    [Test, Description("L3 text sorts as databases sort its bytes")]
    public void Text_sorts_as_its_bytes_in_UTF_8()
    {
        foreach (var left in Texts)
        {
            foreach (var right in Texts)
            {
                var ofBytes = Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));
                Assert.That(Math.Sign(CodePointOrder.Compare(left, right)), Is.EqualTo(Math.Sign(ofBytes)), $"{Escaped(left)} {Escaped(right)}");
            }
        }
    }

    [Test, Description("L3 what is not there sorts as empty text")]
    public void Missing_text_sorts_first()
    {
        Assert.That(CodePointOrder.Compare(null, ""), Is.Zero);
        Assert.That(CodePointOrder.Compare(null, "a"), Is.Negative);
        Assert.That(CodePointOrder.Compare("a", null), Is.Positive);
    }

    private static string Escaped(string text) => string.Concat(text.Select(character => $"\\u{(int)character:X4}"));
}
