using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Hanzo.Sessions.Tests;

public sealed class TokenTests
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    [Test, Description("C1, I2 the form of a token")]
    public void A_token_is_a_prefix_and_43_characters_of_base64url()
    {
        for (var i = 0; i < 1_000; i++)
        {
            var text = SessionToken.New().Reveal();
            Assert.That(text, Does.Match("^hs1_[A-Za-z0-9_-]{43}$"));
            Assert.That(Base64Url.DecodeFromChars(text.AsSpan(4)), Has.Length.EqualTo(32));
            Assert.That(SessionToken.TryParse(text, out var read));
            Assert.That(read.Reveal(), Is.EqualTo(text));
        }
    }

    [Test, Description("C1 tokens are random")]
    public void No_two_tokens_are_alike()
    {
        var tokens = Enumerable.Range(0, 10_000).Select(_ => SessionToken.New().Reveal()).ToList();

        Assert.That(tokens.Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(10_000));
        for (var position = 4; position < 46; position++)
        {
            Assert.That(tokens.Select(token => token[position]).Distinct().Count(), Is.EqualTo(64), $"position {position}");
        }
    }

    [Test, Description("I2 one text for one token: of the last character's 64 values 16 are canonical")]
    public void Only_a_canonical_last_character_is_accepted()
    {
        var token = SessionToken.New().Reveal();

        var accepted = Alphabet.Count(last => SessionToken.TryParse(token[..^1] + last, out _));

        Assert.That(accepted, Is.EqualTo(16));
    }

    [Test, Description("I2 ten thousand malformed tokens never reach the store")]
    public async Task Ten_thousand_malformed_tokens_never_reach_the_store()
    {
        var store = new Mock<ISessionStore>(MockBehavior.Strict);
        var it = new Harness(wrap: _ => store.Object);
        var random = new Random(20260101);
        Func<string, string>[] damages =
        [
            token => token[..random.Next(token.Length)],
            token => token[random.Next(1, token.Length)..],
            token => token + token,
            token => token + "=",
            token => token + Alphabet[random.Next(64)],
            token => Alphabet[random.Next(64)] + token,
            token => token.ToUpperInvariant(),
            token => "HS1_" + token[4..],
            token => "hs2_" + token[4..],
            token => "hs1-" + token[4..],
            token => token[4..],
            token => " " + token,
            token => token + "\n",
            token => token + "\0",
            token => token.Insert(random.Next(token.Length), " "),
            token => Replace(token, random.Next(4, 46), '+'),
            token => Replace(token, random.Next(4, 46), '/'),
            token => Replace(token, random.Next(4, 46), '='),
            token => Replace(token, random.Next(4, 46), '%'),
            token => Replace(token, random.Next(4, 46), '\u0410'),
            token => Replace(token, random.Next(4, 46), '\uFF21'),
            token => Replace(token, random.Next(4, 46), '\u0131'),
            token => Replace(token, random.Next(4, 46), '\u200B'),
            token => Replace(token, random.Next(4, 46), (char)(token[20] + 256)),
            token => token[..^1] + "BCDFGHJKLNOPRSTVWXZabdefhijlmnpqrtuvxyz1235679-_"[random.Next(48)],
            token => Convert.ToHexString(Hash(token)),
            token => Convert.ToHexStringLower(Hash(token)),
            token => Base64Url.EncodeToString(Hash(token)),
            token => Convert.ToBase64String(Hash(token)),
            token => "hs1_" + Convert.ToHexString(Hash(token)),
            token => "hs1_" + Convert.ToBase64String(Hash(token)),
            token => Uri.EscapeDataString(token[..3] + "_" + token[4..]).Replace("_", "%5F", StringComparison.Ordinal),
            token => "Bearer " + token,
            token => $"\"{token}\"",
        ];

        for (var i = 0; i < 10_000; i++)
        {
            var text = damages[i % damages.Length](SessionToken.New().Reveal());
            var answer = await it.Manager.ValidateAsync(text);
            Assert.That(answer, Is.EqualTo(new SessionValidation(SessionStatus.Malformed, null)), text);
            Assert.That(await it.Manager.RotateAsync(text), Is.Null, text);
        }

        store.VerifyNoOtherCalls();
    }

    [Test, Description("I2 a hash dressed up as a token opens nothing")]
    public async Task A_stored_hash_in_the_form_of_a_token_opens_nothing()
    {
        var it = new Harness();
        var issued = await it.SignIn();
        var dressed = "hs1_" + Base64Url.EncodeToString(issued.Token.Hash().ToArray());

        Assert.That((await it.Manager.ValidateAsync(dressed)).Status, Is.EqualTo(SessionStatus.Unknown));
    }

    [Test, Description("C1 only the hash of a token is stored")]
    public void The_hash_is_the_sha256_of_the_tokens_text()
    {
        var token = SessionToken.New();

        Assert.That(token.Hash().ToArray(), Is.EqualTo(Hash(token.Reveal())));
        Assert.That(new SessionTokenHash(Hash(token.Reveal())), Is.EqualTo(token.Hash()));
    }

    [TestCase(0)]
    [TestCase(31)]
    [TestCase(33)]
    [Description("C1 a hash has 32 bytes")]
    public void A_hash_of_another_size_is_refused(int bytes) =>
        Assert.Throws<ArgumentException>(() => _ = new SessionTokenHash(new byte[bytes]));

    [Test, Description("C1 tokens are compared by value")]
    public void Tokens_are_equal_when_their_text_is()
    {
        var token = SessionToken.New();
        Assert.That(SessionToken.TryParse(token.Reveal(), out var same));

        Assert.That(token == same);
        Assert.That(token != SessionToken.New());
        Assert.That(token != default);
        Assert.That(default(SessionToken) == default);
        Assert.That(token.GetHashCode(), Is.EqualTo(same.GetHashCode()));
    }

    [Test, Description("Equal tokens have equal hash codes, and no token has none")]
    public void Tokens_are_told_apart_by_their_hash_codes()
    {
        var token = SessionToken.New();
        Assert.That(SessionToken.TryParse(token.Reveal(), out var same), Is.True);
        Assert.That(same.GetHashCode(), Is.EqualTo(token.GetHashCode()));
        Assert.That(Enumerable.Range(0, 20).Select(_ => SessionToken.New().GetHashCode()).Distinct().Count(), Is.GreaterThan(10));
        Assert.That(default(SessionToken).GetHashCode(), Is.Zero);
    }

    [Test, Description("C1 no token is no secret")]
    public void The_default_token_reveals_nothing()
    {
        Assert.Throws<InvalidOperationException>(() => default(SessionToken).Reveal());
        Assert.Throws<InvalidOperationException>(() => default(SessionToken).Hash());
    }

    private static string Replace(string token, int position, char character) => token[..position] + character + token[(position + 1)..];

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.ASCII.GetBytes(token));
}
