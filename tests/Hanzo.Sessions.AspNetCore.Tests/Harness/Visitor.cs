namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>A client that keeps its cookies by hand, so that a test sees and says exactly what goes over the wire.</summary>
internal sealed class Visitor(HttpClient http) : IDisposable
{
    public Dictionary<string, string> Jar { get; } = new(StringComparer.Ordinal);

    /// <summary>The whole Cookie header, in place of what is in the jar.</summary>
    public string? RawCookie { get; set; }

    /// <summary>The whole Authorization header.</summary>
    public string? Authorization { get; set; }

    public string UserAgent { get; set; } = "curl/8.0";

    /// <summary>The token in the jar.</summary>
    public string Token => Jar.Values.Single();

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, headers);

    public Task<Answer> PostAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, headers);

    /// <summary>Posts a name and a password, as the form of a sign-in page does.</summary>
    public async Task<Answer> PostFormAsync(
        string path, string user, string password, string? returnUrl = null, params (string Name, string Value)[] headers)
    {
        Dictionary<string, string> fields = new(StringComparer.Ordinal) { ["username"] = user, ["password"] = password };
        if (returnUrl is not null)
        {
            fields["returnUrl"] = returnUrl;
        }

        using var form = new FormUrlEncodedContent(fields);
        return await SendAsync(HttpMethod.Post, path, headers, form);
    }

    /// <summary>Deletes as a tool does: with the header that a page of another origin cannot send.</summary>
    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, [("X-Hanzo-Sessions", "1")]);

    public async Task<Answer> SendAsync(HttpMethod method, string path, (string Name, string Value)[] headers, HttpContent? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (Authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", Authorization);
        }

        var cookie = RawCookie ?? string.Join("; ", Jar.Select(it => $"{it.Key}={it.Value}"));
        if (cookie.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("Cookie", cookie);
        }

        using var response = await http.SendAsync(request);
        var answer = await Answer.OfAsync(response);
        Keep(answer.SetCookies);
        return answer;
    }

    /// <summary>Signs in at the harness's own endpoint.</summary>
    public Task<Answer> SignInAsync(string user = "ada", string organization = "hanzo", string more = "") =>
        PostAsync($"/login?user={user}&organization={organization}{more}");

    /// <summary>The id of the session that this visitor has.</summary>
    public async Task<string> SessionIdAsync() => (await GetAsync("/me")).Json.GetProperty("session").GetString()!;

    public async Task<int> MeAsync() => (await GetAsync("/me")).Status;

    public void Dispose() => http.Dispose();

    private void Keep(IReadOnlyList<string> cookies)
    {
        foreach (var pair in cookies.Select(cookie => cookie.Split(';')[0].Split('=', 2)))
        {
            if (pair[1].Length == 0)
            {
                Jar.Remove(pair[0]);
            }
            else
            {
                Jar[pair[0]] = pair[1];
            }
        }
    }
}
