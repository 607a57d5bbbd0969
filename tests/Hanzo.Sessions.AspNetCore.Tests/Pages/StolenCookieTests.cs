namespace Hanzo.Sessions.AspNetCore.Tests.Pages;

/// <summary>The cookie of a real browser, copied to curl at another address.</summary>
internal sealed class StolenCookieTests : PageTest
{
    [TestCase(false, Description = "U1 U2 a stolen cookie shows at its first request")]
    [TestCase(true, Description = "U3 also with X-Hanzo-Passive")]
    public async Task A_copied_cookie_shows_on_both_pages_where_it_was_used(bool passive)
    {
        var ada = await SignedInAsync("ada", userAgent: UserAgents.FirefoxOnWindows);

        Assert.That(await Curl.GetAsync(ada, Url, headers: passive ? ["X-Hanzo-Passive: 1"] : []), Is.EqualTo(200));

        await ada.OpenAsync("/account/sessions");
        await ShowsTheThiefAsync(ada);
        var administrator = await AdministratorAsync("/admin/sessions?view=sessions&user=ada");
        await ShowsTheThiefAsync(administrator);
        await administrator.OpenAsync("/admin/sessions?user=ada");
        await administrator.Tab.Locator("tbody .tag").First.ClickAsync();
        await ShowsTheThiefAsync(administrator);
    }

    [Test, Description("U2 a spoofed forwarding header is no other address, and hides none")]
    public async Task A_forwarding_header_changes_nothing()
    {
        var ada = await SignedInAsync("ada", userAgent: UserAgents.FirefoxOnWindows);

        await Curl.GetAsync(ada, Url, from: "127.0.0.1", UserAgents.FirefoxOnWindows, "X-Forwarded-For: 203.0.113.9", "Forwarded: for=203.0.113.9");

        await ada.OpenAsync("/account/sessions");
        await Expect(ada.Tab.Locator("body")).Not.ToContainTextAsync("203.0.113.9");

        await Curl.GetAsync(ada, Url, headers: "X-Forwarded-For: 127.0.0.1");

        await ada.OpenAsync("/account/sessions");
        await ShowsTheThiefAsync(ada);
    }

    private string Url => Web.App.Urls.Single() + "/me";

    private static async Task ShowsTheThiefAsync(Visit visit)
    {
        await Expect(visit.Tab.Locator("body")).ToContainTextAsync(Curl.Address);
        await Expect(visit.Tab.Locator("body")).ToContainTextAsync("curl");
    }
}
