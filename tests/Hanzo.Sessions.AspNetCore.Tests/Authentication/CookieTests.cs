using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.AspNetCore.Tests;

public sealed class CookieTests
{
    private const string Token = "hs1_[A-Za-z0-9_-]{43}";

    [Test, Description("W1 the exact cookie in production")]
    public async Task In_production_the_cookie_is_secure_bound_to_the_host_and_ends_with_the_browser()
    {
        await using var app = await WebHarness.StartAsync();

        var answer = await app.Visitor().SignInAsync();

        Assert.That(
            answer.SetCookies.Single(),
            Does.Match($@"\A__Host-hanzo-session={Token}; path=/; secure; samesite=lax; httponly\z"));
        Assert.That(answer.Header("Cache-Control"), Is.EqualTo("no-store"));
    }

    [Test, Description("W1 in production the cookie is no weaker when a proxy has taken the https away")]
    public async Task In_production_over_plain_http_the_cookie_is_as_strong()
    {
        await using var app = await WebHarness.StartAsync(it => it.Address = "http://app.example");

        var answer = await app.Visitor().SignInAsync();

        Assert.That(
            answer.SetCookies.Single(),
            Does.Match($@"\A__Host-hanzo-session={Token}; path=/; secure; samesite=lax; httponly\z"));
    }

    [Test, Description("W1 in Development over plain http without prefix and Secure")]
    public async Task In_development_over_http_the_cookie_works_in_every_browser()
    {
        await using var app = await WebHarness.StartAsync(it => it.InDevelopment());
        var visitor = app.Visitor();

        var answer = await visitor.SignInAsync();

        Assert.That(answer.SetCookies.Single(), Does.Match($@"\Ahanzo-session={Token}; path=/; samesite=lax; httponly\z"));
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
    }

    [Test, Description("W1 in Development over https the full cookie")]
    public async Task In_development_over_https_the_cookie_is_that_of_production()
    {
        await using var app = await WebHarness.StartAsync(it => it.InDevelopment("https://localhost"));

        var answer = await app.Visitor().SignInAsync();

        Assert.That(
            answer.SetCookies.Single(),
            Does.Match($@"\A__Host-hanzo-session={Token}; path=/; secure; samesite=lax; httponly\z"));
    }

    [Test, Description("W1 the weaker name is known in Development over http only")]
    public async Task In_production_a_cookie_without_the_prefix_is_no_session()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();

        visitor.RawCookie = $"hanzo-session={visitor.Token}";

        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("W1 remember-me: the cookie lasts as long as the session may")]
    public async Task A_persistent_sign_in_gets_a_cookie_that_expires_with_the_session()
    {
        await using var app = await WebHarness.StartAsync(it =>
            it.Sessions = options => options.PersistentAbsoluteTimeout = TimeSpan.FromDays(30));

        var answer = await app.Visitor().SignInAsync(more: "&persistent=true");

        Assert.That(
            answer.SetCookies.Single(),
            Does.Match($@"\A__Host-hanzo-session={Token}; expires=Sat, 31 Jan 2026 00:00:00 GMT; path=/; secure; samesite=lax; httponly\z"));
    }

    [Test, Description("W1 SameSite=Strict is the host's to choose, and the name within the prefix")]
    public async Task A_host_may_choose_a_stricter_cookie()
    {
        await using var app = await WebHarness.StartAsync(it => it.Token = options =>
        {
            options.CookieName = "__Host-mine_2";
            options.CookieSameSite = SameSiteMode.Strict;
        });
        var visitor = app.Visitor();

        var answer = await visitor.SignInAsync();

        Assert.That(answer.SetCookies.Single(), Does.Match($@"\A__Host-mine_2={Token}; path=/; secure; samesite=strict; httponly\z"));
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
    }

    [TestCase("hanzo-session")]
    [TestCase("__Secure-hanzo")]
    [TestCase("__host-hanzo")]
    [TestCase("__Host-")]
    [TestCase("__Host-a b")]
    [TestCase("__Host-a;b")]
    [TestCase("__Host-a=b")]
    [TestCase("__Host-ä")]
    [TestCase("")]
    [Description("W1 a weaker cookie is refused at start")]
    public async Task A_weaker_cookie_name_is_refused_at_start(string name)
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(
            () => WebHarness.StartAsync(it => it.Token = options => options.CookieName = name));

        Assert.That(fault!.Message, Does.Contain($"CookieName is '{name}'; it must begin with '__Host-'"));
    }

    [Test, Description("C5 T7 W1 two schemes with one cookie would take it away from each other")]
    public async Task Two_schemes_with_one_cookie_are_refused_at_start()
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => WebHarness.StartAsync(it =>
            it.Authentication = services => services.AddAuthentication().AddHanzoSessionToken().AddHanzoSessionToken("Partner")));

        Assert.That(fault!.Message, Does.Contain("CookieName is '__Host-hanzo-session' for the schemes 'HanzoSession' and 'Partner'"));
    }

    [Test, Description("W1 all faults of the settings at once")]
    public async Task All_faults_of_the_cookie_are_named_at_once()
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => WebHarness.StartAsync(it => it.Token = options =>
        {
            options.CookieName = "plain";
            options.CookieSameSite = SameSiteMode.None;
            options.LoginPath = default;
            options.ReturnUrlParameter = string.Empty;
        }));

        Assert.That(fault!.Failures.Count(), Is.EqualTo(4));
        Assert.That(fault.Failures, Has.Some.Contains("CookieSameSite is None; it must be Lax or Strict."));
    }

    [Test, Description("W2 a validation that said no")]
    public async Task A_failed_validation_does_not_clear_the_cookie()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();
        await app.Manager.TerminateEverythingAsync(SessionCaller.Service("test"));

        foreach (var path in new[] { "/me", "/open", "/page", "/api/account/sessions", "/api/admin/sessions" })
        {
            var answer = await visitor.GetAsync(path);

            Assert.That(answer.SetCookies, Is.Empty, path);
        }
    }

    [Test, Description("W2 cleared at sign-out")]
    public async Task Sign_out_ends_the_session_and_clears_the_cookie()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();
        var (id, token) = (await visitor.SessionIdAsync(), visitor.Token);

        var answer = await visitor.PostAsync("/logout");

        Assert.That(
            answer.SetCookies.Single(),
            Is.EqualTo("__Host-hanzo-session=; expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/; secure; samesite=lax; httponly"));
        Assert.That(answer.Header("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That((await app.EndOfAsync(id))!.Reason, Is.EqualTo(SessionEndReason.SignedOut));
        visitor.RawCookie = $"{WebHarness.CookieName}={token}";
        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("W2 T7 sign-out without a session")]
    public async Task Sign_out_of_a_session_that_has_ended_clears_the_cookie_and_ends_nothing_else()
    {
        await using var app = await WebHarness.StartAsync();
        var (visitor, other) = (await app.SignedInAsync(), await app.SignedInAsync());
        var id = await visitor.SessionIdAsync();
        Assert.That((await other.DeleteAsync($"/api/account/sessions/{id}")).Status, Is.EqualTo(204));

        var answer = await visitor.PostAsync("/logout");

        Assert.That(answer.SetCookies, Has.Count.EqualTo(1));
        Assert.That((await app.EndOfAsync(id))!.Reason, Is.EqualTo(SessionEndReason.TerminatedByUser));
        Assert.That(await other.MeAsync(), Is.EqualTo(200));
    }
}
