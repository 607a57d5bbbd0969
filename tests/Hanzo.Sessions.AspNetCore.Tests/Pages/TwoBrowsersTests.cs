using Microsoft.Playwright;

namespace Hanzo.Sessions.AspNetCore.Tests.Pages;

/// <summary>One browser ends the session of the other.</summary>
internal sealed class TwoBrowsersTests : PageTest
{
    [Test]
    [Description("Pages, V4")]
    public async Task The_next_click_of_the_ended_one_lands_on_the_sign_in_page()
    {
        var ada = await SignedInAsync("ada", userAgent: UserAgents.FirefoxOnWindows);
        await ada.OpenAsync("/account/sessions");
        await EndAsync(await AdministratorAsync(), "ada", "Firefox on Windows");

        await ada.Tab.GetByRole(AriaRole.Link, new() { Name = "My sessions" }).ClickAsync();
        await Expect(ada.Heading("Sign in")).ToBeVisibleAsync();
        Assert.That(ada.Path, Is.EqualTo("/login?returnUrl=%2Faccount%2Fsessions"));
        await Expect(ada.Tab.Locator("p")).ToHaveTextAsync("TerminatedByAdmin");
    }

    [Test]
    [Description("Pages, V4")]
    public async Task So_does_a_click_that_asks_only_the_API()
    {
        await SeedAsync("otheradmin", UserAgents.SafariOnIPhone);
        var other = await SignedInAsync("otheradmin", Admin, UserAgents.EdgeOnWindows);
        await other.OpenAsync("/admin/sessions?search=o");
        await EndAsync(await AdministratorAsync(), "otheradmin", "Edge on Windows");

        await other.Button("End the session of otheradmin in app-hanzo: Safari on iPhone").ClickAsync();
        await other.Button("End 1 session").ClickAsync();
        await Expect(other.Heading("Sign in")).ToBeVisibleAsync();
        Assert.That(other.Path, Is.EqualTo("/login?returnUrl=%2Fadmin%2Fsessions%3Fsearch%3Do"));
    }

    private static async Task EndAsync(Visit admin, string user, string device)
    {
        await admin.Button($"End the session of {user} in app-hanzo: {device}").ClickAsync();
        await admin.Button("End 1 session").ClickAsync();
        await Expect(admin.Toast).ToContainTextAsync($"Ended the session of {user} on {device}.");
    }
}
