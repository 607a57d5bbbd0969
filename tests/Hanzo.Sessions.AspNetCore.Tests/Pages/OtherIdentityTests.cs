using Microsoft.Playwright;

namespace Hanzo.Sessions.AspNetCore.Tests.Pages;

/// <summary>Another tab of the browser signs in as another user while a page is open: the page acts for nobody but the user it was loaded for.</summary>
internal sealed class OtherIdentityTests : PageTest
{
    private const string Nothing = " Nothing was ended.";

    [Test]
    [Description("Pages, T1, T5")]
    public async Task My_sessions_ends_nothing_for_a_user_who_signed_in_since([Values("one", "others")] string button)
    {
        var (hers, his) = (await SeedAsync("ada", UserAgents.SafariOnIPhone), await SeedAsync("ben", UserAgents.Curl));
        var visit = await SignedInAsync("ada");
        await visit.OpenAsync("/account/sessions");
        await Expect(visit.Tab.Locator(".signed-in-as")).ToHaveTextAsync("Signed in as ada");
        await visit.SignInAsync("ben");

        await visit.Button(button is "one" ? "End session on Safari on iPhone" : "Sign out everywhere else (1)").ClickAsync();
        await visit.Button("End 1 session").ClickAsync();

        await Expect(Notice(visit)).ToHaveTextAsync("You are signed in as ben now. This page was loaded for ada." + Nothing);
        await Expect(visit.Tab.Locator(".signed-in-as")).ToHaveTextAsync("Signed in as ben");
        await Expect(visit.Tab.Locator(".card").Filter(new() { HasTextString = "curl" })).ToBeVisibleAsync();
        await Expect(visit.Tab.GetByText("Safari on iPhone")).ToHaveCountAsync(0);
        Assert.That((await EndOfAsync(hers), await EndOfAsync(his)), Is.EqualTo(((SessionEnd?)null, (SessionEnd?)null)));

        await visit.Tab.ReloadAsync();
        await Expect(visit.Tab.Locator(".signed-in-as")).ToHaveTextAsync("Signed in as ben");
        await Expect(Notice(visit)).ToHaveCountAsync(0);
    }

    [Test]
    [Description("Pages, T1, T3, T5")]
    public async Task The_admin_page_ends_nothing_for_another_user(
        [Values("tag", "details", "row", "user")] string button, [Values(true, false)] bool isAdministrator)
    {
        var sessions = new[] { await SeedAsync("ada"), await SeedAsync("ada", UserAgents.Curl) };
        var visit = await AdministratorAsync();
        await Expect(visit.Tab.Locator(".signed-in-as")).ToHaveTextAsync("Signed in as admin");
        var ask = button switch
        {
            "tag" => visit.Button("End the session of ada in app-hanzo: curl"),
            "details" => visit.Row("ada").GetByText("curl"),
            "row" => visit.Button("End all 2 sessions of ada in app-hanzo"),
            _ => visit.Button("Log out all devices of ada"),
        };

        // The question of a row looks at its sessions first: the other user comes between that and the answer.
        await ask.ClickAsync();
        if (button is "details")
        {
            await visit.Button("End this session…").ClickAsync();
        }

        var confirm = visit.Button(button is "tag" or "details" ? "End 1 session" : "End 2 sessions");
        await Expect(confirm).ToBeVisibleAsync();
        await visit.SignInAsync("ben", more: isAdministrator ? Admin : "");
        await confirm.ClickAsync();

        await Expect(Notice(visit)).ToHaveTextAsync("You are signed in as ben now. This page was loaded for admin." + Nothing);
        await Expect(visit.Tab.Locator(".signed-in-as")).ToHaveTextAsync("Signed in as ben");
        await Expect(isAdministrator ? visit.Row("ada") : visit.Heading("Only for administrators")).ToBeVisibleAsync();
        foreach (var session in sessions)
        {
            Assert.That(await EndOfAsync(session), Is.Null);
        }
    }

    [Test]
    [Description("Pages, T5")]
    public async Task Nor_does_it_look_for_another_user()
    {
        await SeedAsync("ada");
        var visit = await AdministratorAsync();
        await visit.SignInAsync("ben", organization: "other", more: Admin);
        await visit.Button("Log out all devices of ada").ClickAsync();
        await Expect(Notice(visit)).ToHaveTextAsync("You are signed in as other/ben now. This page was loaded for hanzo/admin.");
        await Expect(visit.Row("ada")).ToHaveCountAsync(0);
    }

    [Test]
    [Description("Pages, V8")]
    public async Task A_look_for_new_data_notices_it_too([Values("/admin/sessions?search=a", "/account/sessions")] string path)
    {
        var visit = await SignedInAsync("admin", Admin);
        await visit.Tab.Clock.InstallAsync();
        await visit.OpenAsync(path);
        await visit.SignInAsync("ada\u00A0", more: Admin);

        await LookAsync(visit);
        await Expect(Notice(visit)).ToHaveTextAsync("You are signed in as ada[U+00A0] now. This page was loaded for admin.");
        await visit.LoadedAsync();
        Assert.That(visit.Path, Is.EqualTo(path));
        foreach (var request in visit.ApiRequests)
        {
            Assert.That(await request.HeaderValueAsync("X-Hanzo-Caller-Session"), Does.Match("^[0-9a-f]{32}$"), request.Url);
        }
    }

    [Test]
    [Description("Pages, T5")]
    public async Task The_same_user_in_a_new_session_is_told_and_nothing_is_ended()
    {
        var phone = await SeedAsync("ada", UserAgents.SafariOnIPhone);
        var visit = await SignedInAsync("ada");
        await visit.OpenAsync("/account/sessions");
        await visit.Context.APIRequest.PostAsync("/logout");
        await visit.SignInAsync("ada");

        await visit.Button("Sign out everywhere else (1)").ClickAsync();
        await visit.Button("End 1 session").ClickAsync();

        await Expect(Notice(visit)).ToHaveTextAsync("You have signed in again, as ada, since this page was loaded." + Nothing);
        await Expect(visit.Tab.Locator(".card")).ToHaveCountAsync(2);
        Assert.That(await EndOfAsync(phone), Is.Null);
        await visit.Button("Sign out everywhere else (1)").ClickAsync();
        await visit.Button("End 1 session").ClickAsync();
        await Expect(visit.Toast).ToHaveTextAsync("Signed out on 1 other device.");
        Assert.That(await EndOfAsync(phone), Is.Not.Null);
    }

    [Test]
    [Description("Pages, T10")]
    public async Task A_new_token_of_the_same_session_is_the_same_identity()
    {
        var phone = await SeedAsync("ada", UserAgents.SafariOnIPhone);
        var visit = await SignedInAsync("ada");
        await visit.OpenAsync("/account/sessions");
        var cookie = (await visit.Context.CookiesAsync()).Single();
        var rotated = await Web.Manager.RotateAsync(cookie.Value);
        await visit.Context.AddCookiesAsync([new() { Name = cookie.Name, Value = rotated!.Token.Reveal(), Domain = cookie.Domain, Path = cookie.Path }]);

        await visit.Button("End session on Safari on iPhone").ClickAsync();
        await visit.Button("End 1 session").ClickAsync();
        await Expect(visit.Toast).ToHaveTextAsync("Signed out on Safari on iPhone.");
        Assert.That(await EndOfAsync(phone), Is.Not.Null);
        await Expect(Notice(visit)).ToHaveCountAsync(0);
    }

    [Test]
    [Description("Pages, T8")]
    public async Task What_is_not_found_is_looked_at_before_it_is_called_ended([Values("/admin/sessions", "/account/sessions")] string path)
    {
        var phone = await SeedAsync("admin", UserAgents.SafariOnIPhone);
        var visit = await AdministratorAsync(path);
        var button = path.StartsWith("/admin", StringComparison.Ordinal)
            ? "End the session of admin in app-hanzo: Safari on iPhone" : "End session on Safari on iPhone";
        await visit.Tab.RouteAsync($"**/sessions/{phone.Id}", route => route.Request.Method is "DELETE"
            ? route.FulfillAsync(new() { Status = 404, ContentType = "application/problem+json", Body = "{}" })
            : route.ContinueAsync());

        await visit.Button(button).ClickAsync();
        await visit.Button("End 1 session").ClickAsync();
        await Expect(visit.Dialog.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Nothing was ended: this session is still active.");

        await visit.Tab.UnrouteAllAsync();
        await visit.Tab.RouteAsync($"**/sessions/{phone.Id}", route =>
            route.FulfillAsync(new() { Status = 404, ContentType = "application/problem+json", Body = "{}" }));
        await visit.Button("Try again").ClickAsync();
        await Expect(visit.Dialog.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Nothing was ended: this session cannot be found. Refresh the list.");
        await visit.Button("Cancel").ClickAsync();
        await Expect(visit.Tab.Locator(".ended")).ToHaveCountAsync(0);
        Assert.That(await EndOfAsync(phone), Is.Null);

        await visit.Tab.UnrouteAllAsync();
        await Web.Manager.SignOutAsync(phone);
        await visit.Button(button).ClickAsync();
        await visit.Button("End 1 session").ClickAsync();
        await Expect(visit.Toast).ToHaveTextAsync("This session had ended already: Signed out.");
        await Expect(visit.Tab.Locator(".ended").First).ToBeVisibleAsync();
    }

    [Test]
    [Description("Pages, T8")]
    public async Task Nor_are_several_of_which_none_was_ended([Values(true, false)] bool haveEnded)
    {
        var (first, second) = (await SeedAsync("ada"), await SeedAsync("ada", UserAgents.Curl));
        var visit = await AdministratorAsync();
        await visit.Tab.RouteAsync("**/api/admin/sessions?userId=*", route => route.FulfillAsync(new() { ContentType = "application/json", Body = """{"ended":0}""" }));
        await visit.Button("Log out all devices of ada").ClickAsync();
        await Expect(visit.Button("End 2 sessions")).ToBeVisibleAsync();
        if (haveEnded)
        {
            await Web.Manager.SignOutAsync(first);
            await Web.Manager.SignOutAsync(second);
        }

        await visit.Button("End 2 sessions").ClickAsync();
        if (haveEnded)
        {
            await Expect(visit.Toast).ToHaveTextAsync("Nothing was ended: the sessions of ada had ended already.");
            await Expect(visit.Row("ada")).ToContainTextAsync("No sessions left");
        }
        else
        {
            await Expect(visit.Dialog.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Nothing was ended: this session is still active.");
            await Expect(visit.Row("ada")).Not.ToContainTextAsync("No sessions left");
        }
    }

    private static ILocator Notice(Visit visit) => visit.Tab.Locator(".other-identity");

    private static async Task LookAsync(Visit visit)
    {
        var answer = visit.Tab.WaitForResponseAsync(response => response.Status == 412);
        while (!answer.IsCompleted)
        {
            await visit.Tab.Clock.RunForAsync(36_000);
        }

        await answer;
    }
}
