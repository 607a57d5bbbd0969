using Microsoft.Extensions.Primitives;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>Sec-Fetch-Site x Origin x X-Hanzo-Sessions x method x credential.</summary>
public sealed class SameOriginGuardTests
{
    private const string Route = "/api/account/sessions";
    private const string Known = "https://admin.example";

    private WebHarness _app = null!;

    [OneTimeSetUp]
    public async Task StartAsync() =>
        _app = await WebHarness.StartAsync(it => it.Endpoints = options => options.AllowedOrigins.Add(Known));

    [OneTimeTearDown]
    public async Task StopAsync() => await _app.DisposeAsync();

    [TestCase("same-origin", null, null, 200)]
    [TestCase("same-origin", "https://evil.example", null, 200, Description = "the browser itself says so")]
    [TestCase("same-origin", Known, "1", 200)]
    [TestCase("same-site", null, null, 403)]
    [TestCase("same-site", Known, "1", 403, Description = "a known origin does not outweigh it")]
    [TestCase("cross-site", null, null, 403)]
    [TestCase("cross-site", Known, null, 403)]
    [TestCase("cross-site", null, "1", 403, Description = "nor does the header of tools")]
    [TestCase("none", null, null, 403)]
    [TestCase("none", null, "1", 403)]
    [TestCase("Same-Origin", null, "1", 403)]
    [TestCase("same-origin, cross-site", null, "1", 403)]
    [TestCase(null, Known, null, 200)]
    [TestCase(null, "https://admin.example:8443", null, 403)]
    [TestCase(null, "http://admin.example", "1", 403)]
    [TestCase(null, "https://admin.example.evil.example", "1", 403)]
    [TestCase(null, "https://admin.example/", "1", 403)]
    [TestCase(null, "HTTPS://ADMIN.EXAMPLE", "1", 403)]
    [TestCase(null, "https://app.example", null, 403, Description = "not even the own one, unless it is listed")]
    [TestCase(null, "null", "1", 403)]
    [TestCase(null, null, "1", 200)]
    [TestCase(null, null, "true", 403)]
    [TestCase(null, null, "", 403)]
    [TestCase(null, null, null, 403)]
    [Description("HTTP a state-changing request that a cookie authenticates")]
    public async Task A_change_with_the_cookie_passes_only_from_a_known_place(string? site, string? origin, string? tool, int status)
    {
        using var visitor = await _app.SignedInAsync();
        var headers = Headers(site, origin, tool);

        Assert.That((await visitor.SendAsync(HttpMethod.Delete, Route, headers)).Status, Is.EqualTo(status));
        Assert.That((await visitor.SendAsync(HttpMethod.Get, Route, headers)).Status, Is.EqualTo(200), "reading changes nothing");
        visitor.Authorization = $"Bearer {visitor.Token}";
        Assert.That((await visitor.SendAsync(HttpMethod.Delete, Route, headers)).Status, Is.EqualTo(200), "no browser sends it by itself");
        await visitor.PostAsync("/logout");
    }

    [TestCase("Sec-Fetch-Site")]
    [TestCase("Origin")]
    [Description("HTTP there, but empty, is not absent")]
    public async Task An_empty_header_is_not_a_missing_one(string header)
    {
        await using var app = await WebHarness.StartAsync(it => it.InDevelopment());
        var visitor = await app.SignedInAsync();

        var answer = await app.SendAsync(http =>
        {
            http.Request.Method = "DELETE";
            http.Request.Path = Route;
            http.Request.Headers.Cookie = $"hanzo-session={visitor.Token}";
            http.Request.Headers["X-Hanzo-Sessions"] = "1";
            http.Request.Headers[header] = new StringValues(string.Empty);
        });

        Assert.That(answer.Response.StatusCode, Is.EqualTo(403));
    }

    [TestCase("cross-site", null, "Sec-Fetch-Site must be same-origin")]
    [TestCase(null, "https://evil.example", "Origin is not among the allowed origins, and the header Sec-Fetch-Site is missing")]
    [TestCase(null, null, "X-Hanzo-Sessions: 1 is missing")]
    [Description("HTTP the problem says which header is missing")]
    public async Task A_refusal_says_which_header_is_missing_and_ends_nothing(string? site, string? origin, string text)
    {
        await using var app = await WebHarness.StartAsync(it => it.WithAdministrators());
        var (admin, phone) = (await app.SignedInAsync("admin", more: WebHarness.Administrator), await app.SignedInAsync("admin"));
        var id = await phone.SessionIdAsync();

        foreach (var path in new[] { Route, $"{Route}/{id}", $"/api/admin/sessions/{id}", "/api/admin/sessions?userId=admin&keepCurrent=true" })
        {
            var answer = await admin.SendAsync(HttpMethod.Delete, path, Headers(site, origin, null));

            Assert.That((answer.Status, answer.ContentType), Is.EqualTo((403, "application/problem+json")));
            Assert.That(answer.Detail, Does.Contain(text));
        }

        Assert.That(await phone.MeAsync(), Is.EqualTo(200));
    }

    [TestCase("Development", "http://localhost:5080", "http://localhost:5080", 200)]
    [TestCase("Development", "http://127.0.0.1:5080", "http://127.0.0.1:5080", 200)]
    [TestCase("Development", "http://[::1]:5080", "http://[::1]:5080", 200)]
    [TestCase("Development", "http://localhost:5080", "http://localhost:5081", 403)]
    [TestCase("Development", "http://localhost:5080", "https://localhost:5080", 403)]
    [TestCase("Development", "http://localhost:5080", "http://127.0.0.1:5080", 403)]
    [TestCase("Development", "http://evil.example:5080", "http://evil.example:5080", 403, Description = "a name that leads to us")]
    [TestCase("Production", "http://localhost:5080", "http://localhost:5080", 403)]
    [Description("HTTP in Development also the server's own loopback address")]
    public async Task In_development_the_servers_own_loopback_address_is_known(string environment, string address, string origin, int status)
    {
        await using var app = await WebHarness.StartAsync(it => (it.Environment, it.Address) = (environment, address));
        var visitor = await app.SignedInAsync();

        Assert.That((await visitor.SendAsync(HttpMethod.Delete, Route, Headers(null, origin, null))).Status, Is.EqualTo(status));
    }

    [TestCase("https://admin.example/")]
    [TestCase("https://admin.example/path")]
    [TestCase("https://ADMIN.example")]
    [TestCase("admin.example")]
    [TestCase("*")]
    [TestCase("null")]
    [TestCase("")]
    [Description("HTTP the list of origins is checked")]
    public async Task An_origin_that_no_browser_would_send_is_refused_at_start(string origin)
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => WebHarness.StartAsync(it =>
            it.Endpoints = options => options.AllowedOrigins.Add(origin)));

        Assert.That(fault!.Message, Does.StartWith($"AllowedOrigins has '{origin}'"));
    }

    private static (string, string)[] Headers(string? site, string? origin, string? tool)
    {
        List<(string, string)> headers = [];
        Add("Sec-Fetch-Site", site);
        Add("Origin", origin);
        Add("X-Hanzo-Sessions", tool);
        return [.. headers];

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                headers.Add((name, value));
            }
        }
    }
}
