using System.Buffers.Text;
using System.Text.Json;

namespace Hanzo.Sessions.Tests;

public sealed class SessionIdTests
{
    private static readonly DateTimeOffset Instant = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    [Test, Description("C1 an id is a UUID version 7")]
    public void An_id_is_a_uuid_of_version_7_and_the_usual_variant()
    {
        var id = SessionId.New(Instant);

        Assert.That(id.Value.Version, Is.EqualTo(7));
        Assert.That(id.Value.Variant, Is.InRange(8, 11));
        Assert.That(id.ToString(), Does.Match("^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$"));
    }

    [Test, Description("C1 its first 48 bits are the instant")]
    public void An_id_begins_with_its_instant() =>
        Assert.That(
            Convert.ToInt64(SessionId.New(Instant).ToString()[..12], 16), Is.EqualTo(Instant.ToUnixTimeMilliseconds()));

    [Test, Description("C1 ids order by their instant, as values and as text")]
    public void Ids_order_by_their_instant()
    {
        var ids = Enumerable.Range(0, 1_000).Select(i => SessionId.New(Instant.AddMilliseconds(i * 7))).ToList();

        Assert.That(ids, Is.Ordered);
        Assert.That(ids.Select(id => id.ToString()), Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
    }

    [Test, Description("C1 ids of one instant differ")]
    public void Ids_of_one_instant_differ() =>
        Assert.That(Enumerable.Range(0, 10_000).Select(_ => SessionId.New(Instant)).Distinct().Count(), Is.EqualTo(10_000));

    [Test, Description("C1 the id of a sign-in is a UUID version 7 too, of its instant, and tells nothing of the token made with it")]
    public void An_id_that_is_made_with_a_token_is_like_any_other_and_shares_nothing_with_it()
    {
        var made = Enumerable.Range(0, 10_000).Select(_ => SessionToken.NewWithId(Instant)).ToList();

        Assert.That(made.Select(it => it.Id.ToString()), Is.All.Match("^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$"));
        Assert.That(made.Select(it => Convert.ToInt64(it.Id.ToString()[..12], 16)), Is.All.EqualTo(Instant.ToUnixTimeMilliseconds()));
        Assert.That(made.Select(it => it.Id), Is.Unique);
        Assert.That(made.Select(it => it.Token.Reveal()), Is.Unique);
        foreach (var (token, id) in made)
        {
            var secret = Convert.ToHexStringLower(Base64Url.DecodeFromChars(token.Reveal().AsSpan(4)));
            Assert.That(secret, Does.Not.Contain(id.ToString()[^8..]));
        }
    }

    [Test, Description("C1 an id is read in either case")]
    public void An_id_is_read_as_it_was_written_in_either_case()
    {
        var id = SessionId.New(Instant);

        Assert.That(SessionId.Parse(id.ToString()), Is.EqualTo(id));
        Assert.That(SessionId.Parse(id.ToString().ToUpperInvariant()), Is.EqualTo(id));
        Assert.That(JsonSerializer.Deserialize<SessionId>(JsonSerializer.Serialize(id)), Is.EqualTo(id));
        Assert.That(JsonSerializer.Serialize(id), Is.EqualTo($"\"{id}\""));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("019b79d5f3d57000800000000000000")]
    [TestCase("019b79d5f3d5700080000000000000000")]
    [TestCase("019b79d5-f3d5-7000-8000-000000000000")]
    [TestCase("{019b79d5f3d570008000000000000000}")]
    [TestCase(" 019b79d5f3d57000800000000000000")]
    [TestCase("019b79d5f3d57000800000000000000 ")]
    [TestCase(" 019b79d5f3d570008000000000000000")]
    [TestCase("019b79d5f3d57000800000000000000g")]
    [TestCase("+19b79d5f3d570008000000000000000")]
    [TestCase("0x9b79d5f3d570008000000000000000")]
    [TestCase("\uFF1019b79d5f3d57000800000000000000")]
    [Description("C1 an id is 32 hexadecimal digits and nothing else")]
    public void Other_text_is_no_id(string? text)
    {
        Assert.That(SessionId.TryParse(text, out _), Is.False);
        Assert.Throws<FormatException>(() => SessionId.Parse(text!));
    }
}
