using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore.Tests;

public sealed class ChallengeTests
{
    [Test, Description("HTTP no session: 401 for programs")]
    public async Task A_program_is_told_401_and_not_redirected()
    {
        await using var app = await WebHarness.StartAsync();

        var answer = await app.Visitor().GetAsync("/page", ("Accept", "application/json"));

        Assert.That(answer.Status, Is.EqualTo(401));
        Assert.That(answer.Location, Is.Null);
        Assert.That(answer.Header("WWW-Authenticate"), Is.EqualTo("Bearer"));
        Assert.That(answer.ContentType, Is.EqualTo("application/problem+json"));
        Assert.That(answer.Header("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(answer.Body, Is.EqualTo("""{"type":"about:blank","title":"Not signed in","status":401}"""));
    }

    [TestCase("text/html,application/xhtml+xml,*/*;q=0.8", null, 302)]
    [TestCase("*/*", "navigate", 302)]
    [TestCase("text/html", "navigate", 302)]
    [TestCase("text/html", "cors", 401)]
    [TestCase("text/html", "same-origin", 401)]
    [TestCase("*/*", null, 401)]
    [TestCase("application/json", null, 401)]
    [TestCase(null, null, 401)]
    [Description("HTTP pages redirect to the login page")]
    public async Task Whoever_looks_at_a_page_is_sent_to_the_login_page(string? accept, string? mode, int status)
    {
        await using var app = await WebHarness.StartAsync();
        List<(string, string)> headers = [];
        if (accept is not null)
        {
            headers.Add(("Accept", accept));
        }

        if (mode is not null)
        {
            headers.Add(("Sec-Fetch-Mode", mode));
        }

        var answer = await app.Visitor().GetAsync("/page", [.. headers]);

        Assert.That(answer.Status, Is.EqualTo(status));
    }

    [TestCase("/page", "/login?returnUrl=%2Fpage", 401)]
    [TestCase("/account/sessions", "/login?returnUrl=%2Faccount%2Fsessions", 401)]
    [TestCase("/admin/sessions", "/login?returnUrl=%2Fadmin%2Fsessions", 401)]
    [TestCase("/forbidden", "/denied", 403)]
    [Description("HTTP X-Requested-With: XMLHttpRequest: a script is told, and where the redirect would lead, as with the framework's cookie")]
    public async Task A_script_that_says_so_is_not_redirected(string path, string location, int status)
    {
        await using var tokens = await WebHarness.StartAsync(it =>
        {
            it.RealServer = true;
            it.Token = options => options.AccessDeniedPath = "/denied";
        });
        await using var cookies = await CookieApp.StartAsync(
            settings: it => it.RealServer = true,
            cookie: options =>
            {
                options.LoginPath = "/login";
                options.ReturnUrlParameter = "returnUrl";
                options.AccessDeniedPath = "/denied";
            });
        foreach (var app in new[] { tokens, cookies })
        {
            using var visitor = status == 403 ? await app.SignedInAsync() : app.Visitor();
            var answer = await visitor.GetAsync(path, ("Accept", "text/html, */*; q=0.01"), ("X-Requested-With", "XMLHttpRequest"));
            var navigation = await visitor.GetAsync(path, ("Accept", "text/html"), ("X-Requested-With", "org.example.app"));

            Assert.That(answer.Status, Is.EqualTo(status));
            Assert.That(new Uri(new Uri("http://x"), answer.Location).PathAndQuery, Does.StartWith(location).IgnoreCase);
            Assert.That(navigation.Status, Is.EqualTo(302), "what Android's web view sends is no script");
        }
    }

    [TestCase("/page", "/login?returnUrl=%2Fpage")]
    [TestCase("/page?a=1&b=%20x", "/login?returnUrl=%2Fpage%3Fa%3D1%26b%3D%2520x")]
    [TestCase("/page?returnUrl=https://evil.example", "/login?returnUrl=%2Fpage%3FreturnUrl%3Dhttps%3A%2F%2Fevil.example")]
    [Description("HTTP the way back")]
    public async Task The_redirect_carries_the_way_back(string path, string location)
    {
        await using var app = await WebHarness.StartAsync();

        var answer = await app.Visitor().GetAsync(path, ("Accept", "text/html"));

        Assert.That(answer.Location, Is.EqualTo(location));
        Assert.That(answer.Header("Cache-Control"), Is.EqualTo("no-store"));
    }

    [Test, Description("HTTP a form cannot be gone back to")]
    public async Task A_post_is_redirected_without_a_way_back()
    {
        await using var app = await WebHarness.StartAsync();

        var answer = await app.Visitor().PostAsync("/page", ("Accept", "text/html"));

        Assert.That(answer.Location, Is.EqualTo("/login"));
    }

    [Test, Description("HTTP under a path base")]
    public async Task An_app_under_a_path_base_redirects_under_it()
    {
        await using var app = await WebHarness.StartAsync(it => it.App = web =>
        {
            web.UsePathBase("/app");
            web.UseRouting();
            web.UseAuthentication();
            web.UseAuthorization();
        });

        var answer = await app.Visitor().GetAsync("/app/page", ("Accept", "text/html"));

        Assert.That(answer.Location, Is.EqualTo("/app/login?returnUrl=%2Fapp%2Fpage"));
    }

    [Test, Description("HTTP the host's own login page")]
    public async Task The_login_page_and_its_parameter_are_the_hosts_to_name()
    {
        await using var app = await WebHarness.StartAsync(it => it.Token = options =>
        {
            options.LoginPath = "/account/sign-in";
            options.ReturnUrlParameter = "next";
        });

        var answer = await app.Visitor().GetAsync("/page", ("Accept", "text/html"));

        Assert.That(answer.Location, Is.EqualTo("/account/sign-in?next=%2Fpage"));
    }

    [Test, Description("HTTP a client with a bearer token is a program")]
    public async Task A_bearer_client_is_never_redirected()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = app.Visitor();
        visitor.Authorization = "Bearer hs1_wrong";

        Assert.That((await visitor.GetAsync("/page", ("Accept", "text/html"))).Status, Is.EqualTo(401));
    }

    [TestCase("/api/account/sessions")]
    [TestCase("/api/admin/sessions")]
    [Description("HTTP the API never redirects")]
    public async Task The_api_answers_a_browser_401_too(string path)
    {
        await using var app = await WebHarness.StartAsync();

        Assert.That((await app.Visitor().GetAsync(path, ("Accept", "text/html"))).Status, Is.EqualTo(401));
    }

    [Test, Description("HTTP the API never redirects, whatever else the host demands of every endpoint")]
    public async Task The_api_answers_401_where_a_fallback_policy_refuses_first([Values] bool protectedCookie)
    {
        Action<WebSettings> settings = it =>
        {
            it.Services += services => services.AddAuthorizationBuilder()
                .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
            it.App = web => web.MapCasdoorSessions();
        };
        await using var app = protectedCookie ? await CookieApp.StartAsync(settings: settings) : await WebHarness.StartAsync(settings);
        using var nobody = app.Visitor();

        foreach (var path in (string[])["/api/account/sessions", "/api/admin/sessions", "/api/get-sessions?owner=hanzo"])
        {
            Assert.That((await nobody.GetAsync(path, ("Accept", "text/html"))).Status, Is.EqualTo(401), path);
        }

        Assert.That((await nobody.GetAsync("/account/sessions", ("Accept", "text/html"))).Status, Is.EqualTo(302), "a page does");
    }

    [Test, Description("HTTP not allowed")]
    public async Task Who_may_not_is_answered_403()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();

        var program = await visitor.GetAsync("/forbidden", ("Accept", "*/*"));
        var person = await visitor.GetAsync("/forbidden", ("Accept", "text/html"));

        Assert.That((program.Status, program.ContentType), Is.EqualTo((403, "application/problem+json")));
        Assert.That((person.Status, person.ContentType), Is.EqualTo((403, "text/html; charset=utf-8")));
        Assert.That(person.Body, Does.Contain("<h1>Forbidden</h1>").And.Contain("You may not do this."));
    }

    [Test, Description("HTTP not allowed, with a page for it")]
    public async Task Who_may_not_see_a_page_is_sent_to_the_hosts_page_for_it()
    {
        await using var app = await WebHarness.StartAsync(it => it.Token = options => options.AccessDeniedPath = "/denied");
        var visitor = await app.SignedInAsync();

        Assert.That((await visitor.GetAsync("/forbidden", ("Accept", "text/html"))).Location, Is.EqualTo("/denied"));
        Assert.That((await visitor.GetAsync("/forbidden")).Status, Is.EqualTo(403));
    }
}
