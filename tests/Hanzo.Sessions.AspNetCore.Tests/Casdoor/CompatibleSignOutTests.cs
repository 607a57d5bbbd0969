using System.Net.Http.Headers;
using Hanzo.Sessions.AspNetCore.Tests.Pages;
using Microsoft.AspNetCore.Builder;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>The prefixes of the compatible verbs, and signing out by sso-logout.</summary>
public sealed class CompatibleSignOutTests
{
    private const string Route = "/api/sso-logout";

    private static readonly (string Name, string Value) Tool = ("X-Hanzo-Sessions", "1");

    [Test, Description("O6 every verb answers under /api and under /v1/iam")]
    public async Task The_verbs_answer_under_both_prefixes()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        await app.AddAsync("hanzo", "ada");
        var client = app.Client(ServiceClients.Hanzo);

        foreach (var (method, path) in CompatibleRequests.Verbs.Append((HttpMethod.Get, Route)).Append((HttpMethod.Post, Route)))
        {
            List<string> bodies = [];
            foreach (var prefix in new[] { "/api/", "/v1/iam/" })
            {
                using var body = new StringContent(CompatibleRequests.Body("hanzo", "nobody", "shop"));
                var answer = await client.SendAsync(
                    method, path.Replace("/api/", prefix, StringComparison.Ordinal), [Tool], method == HttpMethod.Post ? body : null);
                Assert.That(answer.Status, Is.EqualTo(200), $"{method} {path}");
                bodies.Add(answer.Body);
            }

            Assert.That(bodies[1], Is.EqualTo(bodies[0]));
        }
    }

    [Test, Description("O6 the prefixes are an option")]
    public async Task The_prefixes_are_the_hosts_to_choose()
    {
        await using var app = await WebHarness.StartAsync(it => it.App = web => web.MapCasdoorSessions(options =>
        {
            options.Clients.Add(ServiceClients.Hanzo);
            options.CasdoorPrefixes.Remove("/api");
            options.CasdoorPrefixes.Add("/casdoor/api");
        }));
        var client = app.Client(ServiceClients.Hanzo);

        Assert.That((await client.GetAsync("/casdoor/api/get-sessions")).Status(), Is.EqualTo("ok"));
        Assert.That((await client.GetAsync("/v1/iam/get-sessions")).Status(), Is.EqualTo("ok"));
        Assert.That((await client.GetAsync("/api/get-sessions")).Status, Is.EqualTo(404));
    }

    [TestCase("api")]
    [TestCase("/api/")]
    [TestCase("//api")]
    [TestCase("/")]
    [TestCase("")]
    [TestCase("/{x}")]
    [TestCase("/a/../b")]
    [TestCase("/API", "CasdoorPrefixes has 3 entries; it must have at least one, and none twice.")]
    [TestCase(null, "CasdoorPrefixes has 0 entries; it must have at least one, and none twice.")]
    [Description("O6 a prefix that cannot be one is refused at start")]
    public async Task A_prefix_that_cannot_be_one_is_refused(string? prefix, string? message = null)
    {
        await Assert.ThatAsync(
            () => WebHarness.StartAsync(it => it.App = web => web.MapCasdoorSessions(options =>
            {
                if (prefix is null)
                {
                    options.CasdoorPrefixes.Clear();
                }
                else
                {
                    options.CasdoorPrefixes.Add(prefix);
                }
            })),
            Throws.InvalidOperationException.With.Message.Contains(message ?? $"CasdoorPrefixes has '{prefix}'; a prefix is a path such as /api"));
    }

    [TestCase("GET", "", true)]
    [TestCase("POST", "", true)]
    [TestCase("GET", "?logoutAll=true", true)]
    [TestCase("POST", "?logoutAll=true", true)]
    [TestCase("GET", "?logoutAll=1", true)]
    [TestCase("GET", "?logoutAll=", true)]
    [TestCase("GET", "?logoutAll=false", false)]
    [TestCase("POST", "?logoutAll=false", false)]
    [TestCase("GET", "?logoutAll=0", false)]
    [TestCase("POST", "?logoutAll=TRUE", false)]
    [Description("O6 T7 T9 without logoutAll, or with true or 1, all of the caller's sessions; else the current one")]
    public async Task It_signs_out_of_all_sessions_or_of_this_one(string method, string query, bool all)
    {
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.WithEverything();
            it.RealServer = true;
            it.InDevelopment();
        });
        var (ada, phone) = (await app.SignedInAsync(), await app.SignedInAsync(more: "&application=mail"));
        var (mine, other) = (await ada.SessionIdAsync(), await phone.SessionIdAsync());
        Session[] strangers = [await app.AddAsync("hanzo", "ben"), await app.AddAsync("other", "ada")];

        var answer = await ada.SendAsync(new HttpMethod(method), "/v1/iam/sso-logout" + query, [Tool]);

        Assert.That((answer.Status, answer.Body), Is.EqualTo((200, CompatibleRequests.Ok("null"))));
        Assert.That(answer.Header("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(ada.Jar, Is.Empty, "the cookie is gone");
        var end = await app.EndOfAsync(mine);
        Assert.That((end?.Reason, end?.By?.ToString()), Is.EqualTo((SessionEndReason.SignedOut, "user:hanzo/ada")));
        Assert.That((await app.EndOfAsync(other))?.Reason, Is.EqualTo(all ? SessionEndReason.TerminatedByUser : (SessionEndReason?)null));
        foreach (var stranger in strangers)
        {
            Assert.That(await app.IsActiveAsync(stranger), Is.True);
        }
    }

    [TestCase("false", false)]
    [TestCase("true", true)]
    [Description("O6 a form may say logoutAll, as there")]
    public async Task A_form_may_say_which(string value, bool all)
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var (ada, phone) = (await app.SignedInAsync(), await app.SignedInAsync());

        using var form = new FormUrlEncodedContent([new("logoutAll", value)]);
        var answer = await ada.SendAsync(HttpMethod.Post, Route, [Tool], form);

        Assert.That(answer.Status(), Is.EqualTo("ok"));
        Assert.That((await ada.MeAsync(), await phone.MeAsync()), Is.EqualTo((401, all ? 401 : 200)));
    }

    [TestCase("logoutAll=false&logoutAll=true", "")]
    [TestCase("logoutAll=false", "?logoutAll=true")]
    [Description("O6 two values are no answer to the question which, and nothing ends")]
    public async Task Two_answers_end_nothing(string form, string query)
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var ada = await app.SignedInAsync();

        using var content = new StringContent(form, new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        var answer = await ada.SendAsync(HttpMethod.Post, Route + query, [Tool], content);

        Assert.That(answer.Body, Is.EqualTo(CompatibleRequests.Error("logoutAll is given 2 times; it must be given once.")));
        Assert.That(await ada.MeAsync(), Is.EqualTo(200));
    }

    [TestCase("cross-site", null, null)]
    [TestCase("same-site", null, null)]
    [TestCase("none", null, null)]
    [TestCase("cross-site", null, "1")]
    [TestCase(null, "https://evil.example", null)]
    [TestCase(null, null, null)]
    [Description("O6 both methods pass the same-origin guard: a link on another site signs nobody out")]
    public async Task A_request_from_another_site_ends_nothing(string? site, string? origin, string? tool)
    {
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.WithEverything();
            it.RealServer = true;
            it.InDevelopment();
        });
        var ada = await app.SignedInAsync();
        List<(string, string)> headers = [("Sec-Fetch-Mode", "navigate"), ("Accept", "text/html")];
        headers.AddRange(site is null ? [] : [("Sec-Fetch-Site", site)]);
        headers.AddRange(origin is null ? [] : [("Origin", origin)]);
        headers.AddRange(tool is null ? [] : [("X-Hanzo-Sessions", tool)]);

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
        {
            var answer = await ada.SendAsync(method, Route, [.. headers]);

            Assert.That((answer.Status, answer.Status()), Is.EqualTo((200, "error")));
            Assert.That(answer.Message(), Does.StartWith("The header "));
            Assert.That(answer.SetCookies, Is.Empty);
        }

        Assert.That(await ada.MeAsync(), Is.EqualTo(200));
        Assert.That((await ada.GetAsync(Route, ("Sec-Fetch-Site", "same-origin"))).Status(), Is.EqualTo("ok"), "one's own page may");
        Assert.That(await ada.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("O6 a browser that fetches a link of one's own page ahead signs nobody out")]
    public async Task A_link_that_is_fetched_ahead_ends_nothing()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var ada = await app.SignedInAsync();

        var answer = await ada.GetAsync(Route, ("Sec-Fetch-Site", "same-origin"), ("Sec-Purpose", "prefetch"));

        Assert.That((answer.Status(), answer.SetCookies.Count), Is.EqualTo(("error", 0)));
        Assert.That(await ada.MeAsync(), Is.EqualTo(200));
    }

    [Test, Description("O6 a real browser: neither a link nor a picture of another site signs out, a script of one's own page does")]
    public async Task A_real_browser_signs_out_from_its_own_pages_only()
    {
        await using var elsewhere = await WebHarness.StartAsync(it => it.RealServer = true);
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.WithEverything();
            it.RealServer = true;
            it.InDevelopment();
        });
        var (home, evil) = (app.App.Urls.Single(), elsewhere.App.Urls.Single().Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        await using var browser = await (await Chromium.StartedAsync()).NewContextAsync();
        Assert.That((await browser.APIRequest.PostAsync($"{home}/login?user=ada&organization=hanzo")).Status, Is.EqualTo(200));
        var tab = await browser.NewPageAsync();

        await tab.GotoAsync($"{evil}/open");
        await tab.EvaluateAsync("address => new Promise(done => { const it = new Image(); it.onload = it.onerror = done; it.src = address; })", home + Route);
        await tab.SetContentAsync($"<a href='{home}{Route}'>win a prize</a>");
        await tab.ClickAsync("a");
        await tab.WaitForURLAsync(home + Route);
        var refused = await tab.TextContentAsync("body");
        var still = (await tab.GotoAsync($"{home}/me"))!.Status;
        var said = await tab.EvaluateAsync<string>("route => fetch(route).then(it => it.text())", Route);

        Assert.That(refused, Does.Contain("Sec-Fetch-Site must be same-origin"));
        Assert.That(still, Is.EqualTo(200));
        Assert.That(said, Is.EqualTo(CompatibleRequests.Ok("null")));
        Assert.That((await tab.GotoAsync($"{home}/me"))!.Status, Is.EqualTo(401));
    }

    [Test, Description("O6 a program's bearer token needs no header, and without a session there is nothing to sign out")]
    public async Task Who_else_may_call_it()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var (ada, phone) = (await app.SignedInAsync(), await app.SignedInAsync());
        var program = app.Visitor();
        program.Authorization = $"Bearer {ada.Token}";

        Assert.That((await program.GetAsync(Route)).Body, Is.EqualTo(CompatibleRequests.Ok("null")));
        Assert.That((await program.MeAsync(), await phone.MeAsync()), Is.EqualTo((401, 401)));
        Assert.That((await program.GetAsync(Route)).Body, Is.EqualTo(CompatibleRequests.Ok("null")), "an ended one");
        Assert.That((await app.Visitor().GetAsync(Route)).Body, Is.EqualTo(CompatibleRequests.Ok("null")), "none");
        Assert.That(
            (await app.Client(ServiceClients.All).GetAsync(Route)).Body,
            Is.EqualTo(CompatibleRequests.Error("A client has no sessions of its own.")));
    }

    [Test, Description("O6 T8 a store that fails signs nobody out, and the cookie stays")]
    public async Task A_store_that_fails_is_503_and_the_cookie_stays()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var ada = await app.SignedInAsync();
        app.Store.BeforeChange = () => throw new TimeoutException();

        var answer = await ada.PostAsync(Route, Tool);

        Assert.That((answer.Status, answer.Header("Retry-After"), answer.SetCookies.Count), Is.EqualTo((503, "5", 0)));
        app.Store.BeforeChange = null;
        Assert.That(await ada.MeAsync(), Is.EqualTo(200));
    }

    [Test, Description("O6 the framework's cookie goes as well, and of two schemes only the presented one")]
    public async Task A_protected_cookie_is_signed_out_too()
    {
        await using var app = await CookieApp.StartAsync(settings: it => it.WithEverything());
        var (ada, phone) = (await app.SignedInAsync(), await app.SignedInAsync());
        var kept = new Dictionary<string, string>(ada.Jar, StringComparer.Ordinal);

        Assert.That((await ada.PostAsync(Route, Tool)).Status(), Is.EqualTo("ok"));

        Assert.That(ada.Jar, Is.Empty);
        ada.RawCookie = string.Join("; ", kept.Select(it => $"{it.Key}={it.Value}"));
        Assert.That((await ada.MeAsync(), await phone.MeAsync()), Is.EqualTo((401, 401)));
    }
}
