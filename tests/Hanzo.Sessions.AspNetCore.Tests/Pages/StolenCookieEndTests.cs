namespace Hanzo.Sessions.AspNetCore.Tests.Pages;

/// <summary>The same where the host ends sessions that move.</summary>
internal sealed class StolenCookieEndTests : PageTest
{
    protected override void Configure(HanzoSessionsOptions options) => options.OnMove = SessionMoveAction.End;

    [TestCase(false, Description = "U5 End: refused at the first request, and the owner is signed out and told why")]
    [TestCase(true, Description = "U3 U5 also with X-Hanzo-Passive")]
    public async Task A_copied_cookie_is_refused_at_its_first_request(bool passive)
    {
        var ada = await SignedInAsync("ada", userAgent: UserAgents.FirefoxOnWindows);
        await ada.OpenAsync("/account/sessions");

        Assert.That(
            await Curl.GetAsync(ada, Web.App.Urls.Single() + "/me", headers: passive ? ["X-Hanzo-Passive: 1"] : []), Is.EqualTo(401));

        await ada.Tab.ReloadAsync();
        await Expect(ada.Heading("Sign in")).ToBeVisibleAsync();
        await Expect(ada.Tab.Locator("p")).ToHaveTextAsync("Moved");
    }
}
