using System.Net;
using Hanzo.Sessions.AspNetCore.Tests.Pages;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace Hanzo.Sessions.AspNetCore.Tests.Provider;

/// <summary>
/// A real browser signs in at a provider of another site, which sends it back by a POST: the browser adds no SameSite cookie to
/// it.
/// </summary>
[Parallelizable(ParallelScope.All)]
internal sealed class FormPostTests
{
    private static readonly SessionUser Ada = new("default", "ada");

    [TestCase(SameSiteMode.Lax, false)]
    [TestCase(SameSiteMode.Strict, false)]
    [TestCase(SameSiteMode.Lax, true)]
    [TestCase(SameSiteMode.Strict, true)]
    [Description("C5 a repeated sign-in of one browser leaves one session")]
    public async Task Repeated_sign_ins_at_a_provider_leave_one_session_and_are_not_refused_at_the_limit(SameSiteMode sameSite, bool protectedCookie)
    {
        await using var provider = await OpenIdProvider.StartAsync();
        await using var app = await StartAsync(provider, sameSite, protectedCookie);
        var sessions = app.Services.GetRequiredService<SessionManager>();
        await using var browser = await (await Chromium.StartedAsync()).NewContextAsync(new() { IgnoreHTTPSErrors = true });
        var page = await browser.NewPageAsync();
        var origin = $"https://localhost:{new Uri(app.Urls.Single()).Port}";

        for (var i = 0; i < 4; i++)
        {
            await page.GotoAsync(origin + "/");
            await page.ClickAsync("text=Sign in");
            await Assertions.Expect(page.Locator("body")).ToHaveTextAsync("signed in");
        }

        await page.GotoAsync(origin + "/me");
        await Assertions.Expect(page.Locator("body")).ToHaveTextAsync("default/ada");
        Assert.That((await sessions.GetQuotaAsync(Ada, "default")).Used, Is.EqualTo(1));
        var history = await sessions.ListHistoryAsync(new SessionQuery { Filter = SessionFilter.Of(Ada) });
        Assert.That(history.Items.Select(session => session.End!.Reason), Is.All.EqualTo(SessionEndReason.Replaced));
        Assert.That(history.Items, Has.Count.EqualTo(3));
    }

    [Test, Description("C5 what travels through the provider is no token and is not kept with the session")]
    public async Task The_session_that_was_presented_does_not_appear_in_the_address_or_in_the_properties()
    {
        await using var provider = await OpenIdProvider.StartAsync();
        await using var app = await StartAsync(provider, SameSiteMode.Lax, protectedCookie: false);
        await using var browser = await (await Chromium.StartedAsync()).NewContextAsync(new() { IgnoreHTTPSErrors = true });
        var page = await browser.NewPageAsync();
        List<string> addresses = [];
        page.Request += (_, request) => addresses.Add(request.Url + request.PostData);
        var origin = $"https://localhost:{new Uri(app.Urls.Single()).Port}";
        for (var i = 0; i < 2; i++)
        {
            await page.GotoAsync(origin + "/");
            await page.ClickAsync("text=Sign in");
            await Assertions.Expect(page.Locator("body")).ToHaveTextAsync("signed in");
        }

        await page.GotoAsync(origin + "/items");
        await Assertions.Expect(page.Locator("body")).Not.ToContainTextAsync("hanzo.presented");
        var cookie = (await browser.CookiesAsync()).Single(it => it.Name is WebHarness.CookieName);
        Assert.That(cookie.SameSite, Is.EqualTo(SameSiteAttribute.Lax));
        Assert.That(addresses, Has.None.Contains("hs1_").And.None.Contains("hanzo.presented"));
    }

    private static async Task<WebApplication> StartAsync(
        OpenIdProvider provider, SameSiteMode sameSite, bool protectedCookie)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        OpenIdProvider.ListenWithTls(builder, IPAddress.Loopback);
        var sessions = builder.Services.AddHanzoSessions(options => options.MaxSessions = 2);
        var authentication = builder.Services.AddAuthentication();
        if (protectedCookie)
        {
            authentication.AddCookie(options => options.Cookie.SameSite = sameSite);
            sessions.ProtectCookie(CookieAuthenticationDefaults.AuthenticationScheme);
        }
        else
        {
            authentication.AddHanzoSessionToken(options => options.CookieSameSite = sameSite);
        }

        authentication.AddOpenIdConnect(options =>
        {
            provider.Configure(options);
            options.ResponseMode = "form_post";
            options.SignInScheme = protectedCookie ? CookieAuthenticationDefaults.AuthenticationScheme : HanzoSessionTokenDefaults.AuthenticationScheme;
        });
        builder.Services.Configure<AuthenticationOptions>(options => options.DefaultScheme =
            protectedCookie ? CookieAuthenticationDefaults.AuthenticationScheme : HanzoSessionTokenDefaults.AuthenticationScheme);
        var app = builder.Build();
        app.MapGet("/", () => Results.Content("<a href='/login'>Sign in</a>", "text/html"));
        app.MapGet("/login", () => Results.Challenge(new() { RedirectUri = "/done" }, [OpenIdConnectDefaults.AuthenticationScheme]));
        app.MapGet("/done", () => "signed in");
        app.MapGet("/me", (HttpContext http) => http.GetCurrentSession()?.User.ToString() ?? "nobody");
        app.MapGet("/items", async (HttpContext http) => await http.Response.WriteAsync(
            string.Join(' ', (await http.AuthenticateAsync()).Properties?.Items.Select(item => $"{item.Key}={item.Value}") ?? [])));
        await app.StartAsync();
        return app;
    }
}
