using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text;

namespace Hanzo.Sessions.AspNetCore.Tests.Secrets;

/// <summary>Everything that came out of a run, by place, and the secrets that must be nowhere in it.</summary>
internal sealed class Evidence
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _texts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SessionToken> _tokens = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Places => [.. _texts.Keys.Order(StringComparer.Ordinal)];

    public int Texts => _texts.Values.Sum(texts => texts.Count);

    public int Tokens => _tokens.Count;

    /// <summary>A text that somebody can see.</summary>
    public void Add(string place, string text) => _texts.GetOrAdd(place, _ => []).Enqueue(text);

    /// <summary>The texts of one place.</summary>
    public IReadOnlyCollection<string> Of(string place) => _texts.GetValueOrDefault(place) ?? [];

    /// <summary>A token that was issued, or that a client made up.</summary>
    public void Issued(string text)
    {
        if (SessionToken.TryParse(text, out var token))
        {
            _tokens[text] = token;
        }
    }

    /// <summary>Where a token or its hash was found, in whatever form: <c>log: hash in hex</c>.</summary>
    public IReadOnlyList<string> Hits()
    {
        HashSet<string> hits = new(StringComparer.Ordinal);
        foreach (var (place, texts) in _texts)
        {
            var text = string.Join('\n', texts);
            var lower = text.ToLowerInvariant();
            foreach (var token in _tokens.Values)
            {
                foreach (var (form, secret, ignoresCase) in Forms(token))
                {
                    if ((ignoresCase ? lower : text).Contains(secret, StringComparison.Ordinal))
                    {
                        hits.Add($"{place}: {form}");
                    }
                }
            }
        }

        return [.. hits.Order(StringComparer.Ordinal)];
    }

    /// <summary>Bytes as they are found in each of the forms that are searched for.</summary>
    public static string TextOf(byte[] bytes) => $"{Convert.ToHexStringLower(bytes)} {Encoding.Latin1.GetString(bytes)}";

    private static IEnumerable<(string Form, string Secret, bool IgnoresCase)> Forms(SessionToken token)
    {
        var text = token.Reveal();
        var hash = token.Hash().ToArray();
        yield return ("token", text[4..], false);
        yield return ("token in hex", Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text[4..])), true);
        yield return ("hash in hex", Convert.ToHexStringLower(hash), true);
        yield return ("hash in hex with dashes", BitConverter.ToString(hash).ToLowerInvariant(), true);
        yield return ("hash in base64", Convert.ToBase64String(hash), false);
        yield return ("hash in base64url", Base64Url.EncodeToString(hash), false);
    }
}
