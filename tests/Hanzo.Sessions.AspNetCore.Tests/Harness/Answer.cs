using System.Net.Http.Headers;
using System.Text.Json;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>What a client got, as it came.</summary>
internal sealed record Answer(int Status, ILookup<string, string> Headers, string Body)
{
    public IReadOnlyList<string> SetCookies => [.. Headers["Set-Cookie"]];

    public string? Location => Header("Location");

    public string? ContentType => Header("Content-Type");

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public IReadOnlyList<JsonElement> Items => [.. Json.GetProperty("items").EnumerateArray()];

    public string? Detail => Json.GetProperty("detail").GetString();

    /// <summary>Everything that a client can see: status, headers, body.</summary>
    public string Whole =>
        string.Join('\n', Headers.OrderBy(it => it.Key, StringComparer.Ordinal).Select(it => $"{it.Key}: {string.Join('|', it)}"))
        + $"\n{Status}\n{Body}";

    public static async Task<Answer> OfAsync(HttpResponseMessage response)
    {
        var headers = ((IEnumerable<KeyValuePair<string, IEnumerable<string>>>)response.Headers)
            .Concat((HttpContentHeaders)response.Content.Headers)
            .SelectMany(header => header.Value, (header, value) => (header.Key, Value: value))
            .ToLookup(it => it.Key, it => it.Value, StringComparer.OrdinalIgnoreCase);
        return new Answer((int)response.StatusCode, headers, await response.Content.ReadAsStringAsync());
    }

    public string? Header(string name) => Headers[name].SingleOrDefault();

    /// <summary>The value of the only cookie that was set.</summary>
    public string SetCookieValue() => SetCookies.Single().Split('=', 2)[1].Split(';')[0];
}
