using Hanzo.Sessions.AspNetCore.Tests.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>Clear-Site-Data at a sign-out, which the host may ask for.</summary>
public sealed class ClearSiteDataTests
{
    private const string Header = "Clear-Site-Data";

    [TestCase(ClearSiteData.None, null)]
    [TestCase(ClearSiteData.Cache, "\"cache\"")]
    [TestCase(ClearSiteData.Storage, "\"storage\"")]
    [TestCase(ClearSiteData.Cache | ClearSiteData.Storage, "\"cache\", \"storage\"")]
    [Description("T7 an option: off by default, and never for the cookies of other apps")]
    public async Task A_sign_out_carries_what_the_host_asks_for(ClearSiteData data, string? header)
    {
        await using var tokens = await WebHarness.StartAsync(it =>
        {
            it.RealServer = true;
            it.Token = options => options.ClearSiteData = data;
        });
        await using var cookies = await CookieApp.StartAsync(
            protect: options => options.ClearSiteData = data, settings: it => it.RealServer = true);
        foreach (var app in new[] { tokens, cookies })
        {
            var ada = await app.SignedInAsync();
            Assert.That((await ada.GetAsync("/me")).Headers[Header], Is.Empty, "only a sign-out has it");

            Assert.That((await ada.PostAsync("/logout")).Header(Header), Is.EqualTo(header));
            Assert.That(ada.Jar, Is.Empty);
            Assert.That((await app.Visitor().PostAsync("/logout")).Header(Header), Is.EqualTo(header), "also when the session is over already");
        }
    }

    [Test, Description("T7 not for a program, and not when the sign-out failed")]
    public async Task A_program_and_a_failed_sign_out_do_not_get_it()
    {
        await using var app = await WebHarness.StartAsync(it => it.Token = options => options.ClearSiteData = ClearSiteData.Cache);
        var ada = await app.SignedInAsync();
        app.Store.Fault = new TimeoutException();

        Assert.That((await ada.PostAsync("/logout")).Headers[Header], Is.Empty);

        app.Store.Fault = null;
        ada.Authorization = $"Bearer {ada.Token}";
        Assert.That((await ada.PostAsync("/logout")).Headers[Header], Is.Empty);
    }

    [Test, Description("T7 a setting that is none is refused at start")]
    public async Task An_unknown_kind_of_data_is_refused() => await Assert.ThatAsync(
        () => WebHarness.StartAsync(it => it.Token = options => options.ClearSiteData = (ClearSiteData)4),
        Throws.TypeOf<OptionsValidationException>().With.Message.Contains("ClearSiteData is 4; it must be None, Cache, Storage, or both of these."));

    [Test, Description("T7 a real browser forgets what scripts have stored, and keeps the cookies of other apps")]
    public async Task A_real_browser_forgets_what_was_stored([Values] bool isAsked)
    {
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.RealServer = true;
            it.InDevelopment();
            it.Token = options => options.ClearSiteData = isAsked ? ClearSiteData.Cache | ClearSiteData.Storage : ClearSiteData.None;
            it.App = web => web.MapGet("/set", (HttpContext http) => http.Response.Cookies.Append("other-app", "1"));
        });
        var home = app.App.Urls.Single();
        await using var browser = await (await Chromium.StartedAsync()).NewContextAsync();
        await browser.APIRequest.PostAsync($"{home}/login?user=ada&organization=hanzo");
        var tab = await browser.NewPageAsync();
        await tab.GotoAsync($"{home}/set");
        await tab.EvaluateAsync("() => localStorage.setItem('draft', 'a secret')");

        await tab.EvaluateAsync("() => fetch('/logout', { method: 'POST' }).then(it => it.text())");
        await tab.GotoAsync($"{home}/open");

        Assert.That(await tab.EvaluateAsync<string?>("() => localStorage.getItem('draft')"), Is.EqualTo(isAsked ? null : "a secret"));
        Assert.That((await browser.CookiesAsync()).Select(it => it.Name), Is.EqualTo(new[] { "other-app" }));
    }
}
