using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore.Tests.Pages;

/// <summary>The pages without a browser: who gets them, and with which headers.</summary>
internal sealed class PageHttpTests
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly (string, string) AsBrowser = ("Accept", "text/html");

    [Test]
    [Description("Pages, HTTP")]
    public async Task Who_is_not_signed_in_is_sent_to_the_sign_in_page([Values("/admin/sessions", "/account/sessions")] string path)
    {
        await using var web = await StartAsync();
        var answer = await web.Visitor().GetAsync(path + "?search=x", AsBrowser);
        Assert.That(answer.Status, Is.EqualTo(302));
        Assert.That(answer.Location, Is.EqualTo("/login?returnUrl=" + Uri.EscapeDataString(path + "?search=x")));
    }

    [Test]
    [Description("Pages, HTTP: where the app names no scheme to ask, a person is told in a page")]
    public async Task Who_is_not_signed_in_where_no_scheme_asks_gets_a_page([Values("/admin/sessions", "/account/sessions")] string path)
    {
        await using var web = await WebHarness.StartAsync(settings =>
        {
            settings.RealServer = true;
            settings.Authentication = services => services.AddAuthentication()
                .AddHanzoSessionToken("one").AddHanzoSessionToken("two", options => options.CookieName = "__Host-two");
        });
        var answer = await web.Visitor().GetAsync(path, AsBrowser);
        Assert.That((answer.Status, answer.ContentType), Is.EqualTo((401, "text/html; charset=utf-8")));
        Assert.That(answer.Body, Does.Contain("<h1>Not signed in</h1>"));
        Assert.That(answer.Header("Content-Security-Policy"), Is.EqualTo(Policy));
        Assert.That((await web.Visitor().GetAsync(path)).ContentType, Is.EqualTo("application/problem+json"));
    }

    [Test]
    [Description("Pages, HTTP")]
    public async Task Who_is_no_administrator_gets_403_and_a_page()
    {
        await using var web = await StartAsync();
        using var ada = await web.SignedInAsync();
        var answer = await ada.GetAsync("/admin/sessions", AsBrowser);
        Assert.That(answer.Status, Is.EqualTo(403));
        Assert.That(answer.Body, Does.Contain("/forbidden.js").And.Contain("data-admin-page=\"\""));
        Assert.That((await ada.GetAsync("/account/sessions", AsBrowser)).Status, Is.EqualTo(200));
    }

    [Test]
    [Description("Pages")]
    public async Task Pages_are_not_kept_and_assets_are_kept_for_good()
    {
        await using var web = await StartAsync();
        using var admin = await web.SignedInAsync("admin", more: WebHarness.Administrator);
        var page = await admin.GetAsync("/admin/sessions", AsBrowser);
        Assert.That(page.Header("Content-Security-Policy"), Is.EqualTo(Policy));
        Assert.That(page.Header("X-Content-Type-Options"), Is.EqualTo("nosniff"));
        Assert.That(page.Header("Referrer-Policy"), Is.EqualTo("no-referrer"));
        Assert.That(page.Header("Cache-Control"), Is.EqualTo("no-store"));

        var addresses = page.Body.Split('"').Where(it => it.StartsWith("/_hanzo-sessions/", StringComparison.Ordinal)).ToList();
        Assert.That(addresses, Has.Count.GreaterThan(20));
        foreach (var address in addresses)
        {
            var asset = await web.Visitor().GetAsync(address);
            Assert.That(asset.Status, Is.EqualTo(200), address);
            Assert.That(asset.Header("Cache-Control"), Is.EqualTo("public, max-age=31536000, immutable"));
            Assert.That(asset.Header("X-Content-Type-Options"), Is.EqualTo("nosniff"));
            var again = await web.Visitor().GetAsync(address, ("If-None-Match", asset.Header("ETag")!));
            Assert.That(again.Status, Is.EqualTo(304), address);
        }

        var older = await web.Visitor().GetAsync("/_hanzo-sessions/0123456789abcdef/admin.js");
        Assert.That(older.Header("Cache-Control"), Is.EqualTo("no-cache"));
        Assert.That((await web.Visitor().GetAsync("/_hanzo-sessions/x/shell.html")).Status, Is.EqualTo(404));
        Assert.That((await web.Visitor().GetAsync("/_hanzo-sessions/x/..%2fshell.html")).Status, Is.EqualTo(404));
    }

    [Test]
    [Description("Pages")]
    public async Task A_page_names_no_inline_script_or_style_and_nothing_from_elsewhere()
    {
        await using var web = await StartAsync();
        using var admin = await web.SignedInAsync("admin", more: WebHarness.Administrator);
        foreach (var path in new[] { "/admin/sessions", "/account/sessions" })
        {
            var body = (await admin.GetAsync(path, AsBrowser)).Body;
            Assert.That(body, Does.Not.Contain("style=").And.Not.Contain("<style").And.Not.Contain("http:").And.Not.Contain("https:").And.Not.Match("<script[^>]*>[^<]"));
        }
    }

    [Test]
    [Description("Pages")]
    public async Task A_path_base_and_a_group_stand_before_every_address()
    {
        await using var web = await StartAsync(settings =>
        {
            settings.App = app =>
            {
                app.UsePathBase("/app");
                app.UseRouting();
                app.MapGroup("/iam").MapHanzoSessions();
            };
        });
        using var admin = await web.SignedInAsync("admin", more: WebHarness.Administrator);
        var page = await admin.GetAsync("/app/iam/admin/sessions/", AsBrowser);
        Assert.That(page.Body, Does.Contain("data-api=\"/app/iam/api\"").And.Contain("data-account-page=\"/app/iam/account/sessions\""));
        Assert.That(page.Body, Does.Contain("data-back-link=\"/app/\""));
        var script = page.Body.Split('"').First(it => it.EndsWith("/admin.js", StringComparison.Ordinal));
        Assert.That((await admin.GetAsync(script)).Status, Is.EqualTo(200));
        Assert.That((await admin.GetAsync("/app/iam/api/admin/sessions")).Status, Is.EqualTo(200));
    }

    [Test]
    [Description("Pages")]
    public async Task Paths_title_color_and_the_way_back_are_settings()
    {
        await using var web = await StartAsync(settings => settings.Endpoints += options =>
        {
            options.AdminPagePath = "/staff/who-is-here";
            options.AccountPagePath = null;
            options.PageTitle = "R&D \"Ops\" {{api}}";
            options.AccentColor = "#ff00aa";
            options.BackLink = "/home?x=1&y=2";
            options.BackLinkText = "<Home>";
        });
        using var admin = await web.SignedInAsync("admin", more: WebHarness.Administrator);
        var page = await admin.GetAsync("/staff/who-is-here", AsBrowser);
        Assert.That(page.Body, Does.Contain("<title>R&amp;D &quot;Ops&quot; {{api}}</title>"));
        Assert.That(page.Body, Does.Contain("data-back-link=\"/home?x=1&amp;y=2\"").And.Contain("data-back-link-text=\"&lt;Home&gt;\""));
        Assert.That((await admin.GetAsync("/account/sessions", AsBrowser)).Status, Is.EqualTo(404));
        Assert.That((await admin.GetAsync("/admin/sessions", AsBrowser)).Status, Is.EqualTo(404));
        var theme = page.Body.Split('"').First(it => it.EndsWith("/theme.css", StringComparison.Ordinal));
        Assert.That((await admin.GetAsync(theme)).Body, Does.Contain("--accent: #"));
    }

    [Test]
    [Description("Pages")]
    public async Task Wrong_settings_are_refused_at_start_all_at_once()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(settings => settings.Endpoints += options =>
        {
            options.AdminPagePath = "/admin/{x}";
            options.AccountPagePath = "account";
            options.PageTitle = "";
            options.AccentColor = "red;}body{display:none";
            options.BackLink = "//evil.example";
            options.BackLinkText = new string('x', 101);
        }));
        foreach (var setting in new[] { "AdminPagePath is '/admin/{x}'", "AccountPagePath is 'account'", "PageTitle is ''", "AccentColor is 'red;", "BackLink is '//evil.example'", "BackLinkText is 'xxx" })
        {
            Assert.That(fault!.Message, Does.Contain(setting));
        }

        Assert.That(fault!.Message, Does.Contain("it must be a color written as #rrggbb"));
    }

    [TestCase("/api/admin/sessions")]
    [TestCase("/_hanzo-sessions/x")]
    [TestCase("/a//b")]
    [TestCase("/a/../b")]
    [TestCase("/a/")]
    [TestCase("/")]
    [Description("Pages")]
    public async Task A_page_is_where_nothing_else_is(string path)
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(settings => settings.Endpoints += options => options.AdminPagePath = path));
        Assert.That(fault!.Message, Does.Contain("AdminPagePath is"));
    }

    [TestCase("/\\evil.example")]
    [TestCase("https://evil.example")]
    [TestCase("javascript:alert(1)")]
    [TestCase("/a\tb")]
    [Description("Pages")]
    public async Task The_way_back_leads_to_no_other_place(string link)
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(settings => settings.Endpoints += options => options.BackLink = link));
        Assert.That(fault!.Message, Does.Contain("BackLink is"));
    }

    private static Task<WebHarness> StartAsync(Action<WebSettings>? configure = null) => WebHarness.StartAsync(settings =>
    {
        settings.WithAdministrators();
        configure?.Invoke(settings);
    });
}
