namespace Hanzo.Sessions.AspNetCore.Tests.Pages;

/// <summary>Back, after the session has ended: no page shows it as live.</summary>
internal sealed class ReturnTests : PageTest
{
    [Test]
    [Description("Pages, V4, T7")]
    public async Task Back_leads_to_the_sign_in_page(
        [Values("/admin/sessions", "/account/sessions")] string path, [Values] bool signsOut, [Values] bool keepsPages)
    {
        var visit = await VisitAsync(keepsPages: keepsPages);
        await visit.SignInAsync("admin", more: Admin);
        await visit.OpenAsync(path);
        await Expect(visit.Tab.GetByText("Firefox on Linux")).ToBeVisibleAsync();
        await visit.Tab.GotoAsync("/open");
        await EndAsync(visit, signsOut);

        await visit.Tab.EvaluateAsync("() => history.back()");
        await Expect(visit.Heading("Sign in")).ToBeVisibleAsync();
        await Expect(visit.Tab.GetByText("Firefox on Linux")).ToHaveCountAsync(0);
    }

    [Test]
    [Description("Pages, V4")]
    public async Task A_page_that_comes_out_of_the_cache_shows_nothing_and_loads_again([Values("/admin/sessions", "/account/sessions")] string path)
    {
        // Chromium does not keep these pages; Safari does, and says so by this event.
        var visit = await AdministratorAsync(path);
        await visit.Tab.EvaluateAsync("() => { dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })); }");
        await Expect(visit.Tab.Locator("body")).ToBeHiddenAsync();
        await EndAsync(visit, signsOut: false);
        await visit.Tab.EvaluateAsync("() => { dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })); }");
        await Expect(visit.Heading("Sign in")).ToBeVisibleAsync();
    }

    private async Task EndAsync(Visit visit, bool signsOut)
    {
        if (signsOut)
        {
            await visit.Context.APIRequest.PostAsync("/logout");
        }
        else
        {
            await Web.Manager.TerminateAllAsync(new SessionUser("hanzo", "admin"), SessionCaller.Service("test"));
        }
    }
}
