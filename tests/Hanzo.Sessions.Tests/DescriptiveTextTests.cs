namespace Hanzo.Sessions.Tests;

public sealed class DescriptiveTextTests
{
    private const string Emoji = "\U0001F600";

    private static readonly object[] Cuts =
    [
        Cut(Letters(511), Letters(511)),
        Cut(Letters(512), Letters(512)),
        Cut(Letters(513), Letters(512)),
        Cut(Letters(100_000), Letters(512)),
        Cut(Letters(510) + Emoji, Letters(510) + Emoji),
        Cut(Letters(511) + Emoji, Letters(511)),
        Cut(Letters(512) + Emoji, Letters(512)),
        Cut(Letters(510) + Emoji + Emoji, Letters(510) + Emoji),
        Cut(Letters(511) + "\uD83D", Letters(511) + "\uFFFD"),
        Cut(Letters(511) + "\uD83Dxyz", Letters(511) + "\uFFFD"),
        Cut(Letters(511) + "\uDE00", Letters(511) + "\uFFFD"),
        Cut("a\uD800b", "a\uFFFDb"),
        Cut("\uDC00\uD800", "\uFFFD\uFFFD"),
        Cut("a\0b", "a\uFFFDb"),
        Cut(new string('\0', 600), new string('\uFFFD', 512)),
        Cut(" \r\n", " \r\n"),
    ];

    [TestCaseSource(nameof(Cuts)), Description("C1, I1 cut at 512 characters on a rune boundary, repaired, never refused")]
    public async Task A_user_agent_is_repaired_and_cut(string given, string kept)
    {
        var issued = await new Harness().Manager.CreateAsync(new NewSession { User = Ada, UserAgent = given });

        Assert.That(issued.Session.UserAgent, Is.EqualTo(kept));
    }

    [TestCase(null)]
    [TestCase("")]
    [Description("C1 no user agent")]
    public async Task An_empty_user_agent_is_none(string? given)
    {
        var issued = await new Harness().Manager.CreateAsync(
            new NewSession { User = Ada, UserAgent = given, AuthenticationMethods = given });

        Assert.That((issued.Session.UserAgent, issued.Session.AuthenticationMethods), Is.EqualTo(((string?)null, (string?)null)));
    }

    [Test, Description("C1 amr is cut at 256")]
    public async Task Authentication_methods_are_cut_at_256_characters()
    {
        var issued = await new Harness().Manager.CreateAsync(new NewSession { User = Ada, AuthenticationMethods = Letters(255) + Emoji });

        Assert.That(issued.Session.AuthenticationMethods, Is.EqualTo(Letters(255)));
    }

    [Test, Description("I1 ten thousand random texts are well-formed and at most 512 characters afterwards")]
    public void Whatever_comes_in_what_is_kept_is_well_formed()
    {
        var random = new Random(20260101);
        char[] pieces = ['a', '\0', '\uD83D', '\uDE00', '\uFFFD', '\u20AC'];
        var strict = new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true);
        for (var i = 0; i < 10_000; i++)
        {
            var given = new string([.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => pieces[random.Next(pieces.Length)])]);
            var kept = TextRules.Describe(given, 20)!;

            Assert.That(kept, Has.Length.EqualTo(Math.Min(given.Length, 20)).Or.Length.EqualTo(19));
            Assert.That(() => strict.GetByteCount(kept), Throws.Nothing);
            Assert.That(kept, Does.Not.Contain('\0'));
        }
    }

    private static object[] Cut(string given, string kept) => [given, kept];

    private static string Letters(int count) => new('a', count);
}
