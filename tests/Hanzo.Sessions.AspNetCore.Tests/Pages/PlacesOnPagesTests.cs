using Microsoft.Playwright;

namespace Hanzo.Sessions.AspNetCore.Tests.Pages;

/// <summary>The pages show where sessions are used.</summary>
internal sealed class PlacesOnPagesTests : PageTest
{
    private const string BySession = "/admin/sessions?view=sessions";

    protected override ISessionLocator Locator { get; } = new Towns();

    [Test]
    [Description("U1 U3 X1 a cookie that was copied shows as used elsewhere after its first request, passive or not; one Terminate ends both")]
    public async Task A_stolen_cookie_is_seen_and_ended([Values] bool isPassive)
    {
        var ada = await SignedInAsync("ada", userAgent: UserAgents.FirefoxOnWindows);
        var url = Web.App.Urls.Single() + "/me";
        Assert.That(await Curl.GetAsync(ada, url, headers: isPassive ? ["X-Hanzo-Passive: 1"] : []), Is.EqualTo(200));
        var visit = await AdministratorAsync(BySession);
        var note = visit.Row("ada").Locator(".last-use.other-device");
        await Expect(note).ToHaveTextAsync($"Last used from {Curl.Address}, curl. Moved there just now.");
        await Expect(visit.Row("ada").Locator(".col-ip")).ToHaveTextAsync("127.0.0.1");
        await Expect(visit.Row("admin").Locator(".last-use")).ToHaveCountAsync(0);

        await ada.OpenAsync("/account/sessions");
        await Expect(ada.Tab.Locator(".card.current .last-use")).ToHaveTextAsync($"Last used from {Curl.Address}, curl. Moved there just now.");

        await visit.Button("Terminate the session of ada in app-hanzo: Firefox on Windows").ClickAsync();
        await Expect(visit.Dialog.Locator(".last-use")).ToContainTextAsync($"Last used from {Curl.Address}, curl.");
        await visit.Button("End 1 session").ClickAsync();
        await Expect(visit.Toast).ToContainTextAsync("Ended the session of ada");
        Assert.That(await Curl.GetAsync(ada, url), Is.EqualTo(401));
        await ada.Tab.ReloadAsync();
        await Expect(ada.Heading("Sign in")).ToBeVisibleAsync();
    }

    [Test]
    [Description("U1 U8 X1 both places are in the table, on the tag, in the details, in the questions and in My sessions")]
    public async Task Both_places_show_wherever_the_session_does()
    {
        Before(TimeSpan.FromMinutes(12));
        var session = await SeedAsync("ada", UserAgents.FirefoxOnWindows);
        Web.Clock.Advance(TimeSpan.FromMinutes(5));
        await UseAsync(session, "198.51.100.9", UserAgents.ChromeOnMac);
        Web.Clock.Advance(TimeSpan.FromMinutes(7));
        const string note = "Last used from 198.51.100.9 (Portland, Oregon), Chrome on Mac. Moved there ";
        var visit = await AdministratorAsync(BySession);

        await Expect(visit.RowOf(session).Locator(".col-ip")).ToHaveTextAsync("192.0.2.7 (Madrid, Spain)");
        await Expect(visit.RowOf(session).Locator(".col-device")).ToContainTextAsync("Firefox on Windows" + note);
        await visit.RowOf(session).Locator(".tag-open").ClickAsync();
        await DetailedAsync(visit, note);

        await visit.OpenAsync("/admin/sessions");
        var tag = visit.Button("Firefox on Windows, last used elsewhere, details of the session of ada in app-hanzo");
        await Expect(tag.Locator(".elsewhere.other-device")).ToBeVisibleAsync();
        await tag.ClickAsync();
        await DetailedAsync(visit, note);
        await visit.Button("End 1 session of ada in app-hanzo").ClickAsync();
        await Expect(visit.Dialog.GetByRole(AriaRole.Listitem)).ToHaveTextAsync("Firefox on Windows, 192.0.2.7 (Madrid, Spain)");

        var ada = await SignedInAsync("ada");
        await ada.OpenAsync("/account/sessions");
        var card = ada.Tab.Locator(".card").Filter(new() { HasText = "Firefox on Windows" });
        await Expect(card.Locator(".last-use.other-device")).ToContainTextAsync(note);
        await Expect(card.Locator("dd").Nth(2)).ToHaveTextAsync("192.0.2.7 (Madrid, Spain)");
        await ada.Button("End session on Firefox on Windows").ClickAsync();
        await Expect(ada.Dialog).ToContainTextAsync("Firefox on Windows, 192.0.2.7 (Madrid, Spain), last active ");
        await Expect(ada.Dialog.Locator(".last-use")).ToContainTextAsync(note);

        await Web.Manager.SignOutAsync(session);
        await visit.OpenAsync("/admin/sessions?view=history");
        await Expect(visit.Row("ada").Locator(".col-device")).ToContainTextAsync("Firefox on Windows" + note);
        await Expect(visit.Row("ada").Locator(".col-ip")).ToHaveTextAsync("192.0.2.7 (Madrid, Spain)");
    }

    [Test]
    [Description("U1 equal places show once; a newer version of the browser is the same device")]
    public async Task What_is_equal_shows_once()
    {
        Before(TimeSpan.FromMinutes(10));
        var still = await SeedAsync("still");
        var updated = await SeedAsync("updated");
        var moved = await SeedAsync("moved");
        var near = await SeedAsync("near");
        var home = await SeedAsync("home");
        Web.Clock.Advance(TimeSpan.FromMinutes(5));
        await UseAsync(still, "192.0.2.7");
        await UseAsync(updated, "192.0.2.7", UserAgents.FirefoxOnWindows.Replace("143.0", "144.0", StringComparison.Ordinal));
        await UseAsync(moved, "192.0.2.7", UserAgents.Curl);
        await UseAsync(near, "192.0.2.9");
        await UseAsync(home, "203.0.113.9");
        Web.Clock.Advance(TimeSpan.FromMinutes(5));
        await UseAsync(home, "192.0.2.7");
        var visit = await AdministratorAsync(BySession);

        await Expect(visit.RowOf(still).Locator(".last-use")).ToHaveCountAsync(0);
        await Expect(visit.RowOf(updated).Locator(".last-use")).ToHaveCountAsync(0);
        await Expect(visit.RowOf(home).Locator(".last-use")).ToHaveCountAsync(0);
        await Expect(visit.RowOf(moved).Locator(".last-use.other-device")).ToHaveTextAsync("Last used on curl. Changed 5 minutes ago.");
        await Expect(visit.RowOf(near).Locator(".last-use:not(.other-device)")).ToHaveTextAsync("Last used from 192.0.2.9 (Madrid, Spain).");

        foreach (var (session, names) in new (Session, string[])[]
        {
            (still, []), (updated, ["Last user agent"]), (home, ["Moved"]), (moved, ["Last user agent", "Moved"]), (near, ["Last IP address"]),
        })
        {
            await visit.RowOf(session).Locator(".tag-open").ClickAsync();
            var shown = await visit.Dialog.Locator("dt").AllTextContentsAsync();
            Assert.That(shown.Where(it => it is "Last IP address" or "Last user agent" or "Moved"), Is.EqualTo(names), session.User.Name);
            await visit.Button("Close").ClickAsync();
        }
    }

    [Test]
    [Description("U8 I1 the text of a place is text")]
    public async Task The_text_of_a_place_is_text()
    {
        var session = await SeedAsync("ada", ip: "198.51.100.66");
        await SeedAsync("ada");
        Web.Clock.Advance(TimeSpan.FromMinutes(5));
        await UseAsync(await SeedAsync("ben"), "198.51.100.66");
        const string shown = "<img src=x onerror=alert(1)>[U+202E]";
        var visit = await AdministratorAsync(BySession);
        await Expect(visit.RowOf(session).Locator(".col-ip")).ToHaveTextAsync($"198.51.100.66 ({shown})");
        await Expect(visit.Row("ben").Locator(".last-use")).ToContainTextAsync($"Last used from 198.51.100.66 ({shown}).");
        await visit.OpenAsync("/admin/sessions");
        await Expect(visit.Row("ada").Locator(".apart").Filter(new() { HasText = "img" })).ToHaveTextAsync($" · {shown}");
    }

    [Test]
    [Description("U1 X1 V8 a look that finds a move shows it when asked, and moves no row before")]
    public async Task A_look_that_finds_a_move_offers_it([Values("/admin/sessions", BySession, "/account/sessions")] string path)
    {
        var session = await SeedAsync("admin", UserAgents.SafariOnIPhone);
        var visit = await SignedInAsync("admin", Admin);
        await visit.Tab.Clock.InstallAsync();
        await visit.OpenAsync(path);
        await UseAsync(session, "203.0.113.9");

        var offer = visit.Button("New data: show");
        for (var looks = 0; looks < 20 && !await offer.IsVisibleAsync(); looks++)
        {
            await visit.Tab.RunAndWaitForResponseAsync(() => visit.Tab.Clock.RunForAsync(36_000), it => it.Url.Contains("/sessions?", StringComparison.Ordinal));
        }

        await Expect(visit.Tab.Locator(".last-use, .elsewhere")).ToHaveCountAsync(0);
        await offer.ClickAsync();
        await Expect(visit.Tab.Locator(".last-use, .elsewhere")).ToHaveCountAsync(1);
    }

    private static async Task DetailedAsync(Visit visit, string note)
    {
        await Expect(visit.Dialog.Locator(".last-use")).ToContainTextAsync(note);
        foreach (var (name, value) in new[]
        {
            ("IP address", "192.0.2.7 (Madrid, Spain)"), ("User agent", UserAgents.FirefoxOnWindows),
            ("Last IP address", "198.51.100.9 (Portland, Oregon)"), ("Last user agent", UserAgents.ChromeOnMac), ("Moved", " minutes ago"),
        })
        {
            var detail = visit.Dialog.Locator(".detail").Filter(new() { Has = visit.Tab.Locator($"dt:text-is('{name}')") });
            await Expect(detail.Locator("dd")).ToContainTextAsync(value);
        }

        await visit.Button("Close").ClickAsync();
    }
}
