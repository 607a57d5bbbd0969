using Microsoft.Playwright;

namespace Hanzo.Sessions.AspNetCore.Tests.Pages;

/// <summary>The administrators' view with a row for each session.</summary>
internal sealed class SessionTableTests : PageTest
{
    private const string BySession = "/admin/sessions?view=sessions";

    [Test]
    [Description("X1 a row for each session: user, address, device, created, last active, expires, short id, Terminate")]
    public async Task Each_session_has_a_row_of_its_own()
    {
        var phone = await SeedAsync("ada", UserAgents.SafariOnIPhone, "198.51.100.23", "billing");
        Web.Clock.Advance(TimeSpan.FromMinutes(5));
        await SeedAsync("ada");
        Web.Clock.Advance(TimeSpan.FromMinutes(5));
        phone = (await Web.Manager.RecordUseAsync(phone, default))!;
        var visit = await AdministratorAsync();

        await visit.Tab.GetByRole(AriaRole.Link, new() { Name = "By session" }).ClickAsync();
        var table = visit.Tab.GetByRole(AriaRole.Table, new() { Name = "Active sessions, one row for each" });
        await Expect(table.GetByRole(AriaRole.Columnheader)).ToHaveTextAsync(
            ["User", "Application", "IP address", "Device", "Created", "Last active", "Expires", "Session id", "Terminate"]);
        await Expect(visit.Rows).ToHaveCountAsync(3);
        await Expect(table.GetByRole(AriaRole.Rowheader)).ToHaveTextAsync(["admin", "ada", "ada"]);
        Assert.That(visit.Path, Is.EqualTo(BySession));

        var row = visit.RowOf(phone);
        await Expect(row.GetByRole(AriaRole.Rowheader)).ToHaveTextAsync("ada");
        await Expect(row.Locator(".col-application")).ToHaveTextAsync("billing");
        await Expect(row.Locator(".col-ip")).ToHaveTextAsync("198.51.100.23");
        await Expect(row.Locator(".col-device")).ToHaveTextAsync("Safari on iPhone");
        await Expect(row.Locator(".col-id")).ToHaveTextAsync("…" + phone.Id.ToString()[^8..]);
        await Expect(row.Locator(".col-actions")).ToHaveTextAsync("Terminate");
        foreach (var (column, instant) in new[] { ("created", phone.CreatedAt), ("active", phone.LastActiveAt), ("expires", phone.ExpiresAt) })
        {
            Assert.That(DateTimeOffset.Parse((await row.Locator($".col-{column} time").GetAttributeAsync("datetime"))!, null), Is.EqualTo(instant), column);
        }

        await row.GetByText("Safari on iPhone").ClickAsync();
        await Expect(visit.Dialog).ToContainTextAsync(UserAgents.SafariOnIPhone);
        await Expect(visit.Dialog).ToContainTextAsync(phone.Id.ToString());
        await visit.Button("End this session…").ClickAsync();
        await visit.Button("End 1 session").ClickAsync();
        await Expect(visit.Toast).ToHaveTextAsync("Ended the session of ada on Safari on iPhone.");
        Assert.That(await EndOfAsync(phone), Is.Not.Null);
    }

    [Test]
    [Description("X1 the organization is a column for those who see several")]
    public async Task The_organization_is_a_column_for_those_who_see_several()
    {
        var zoe = await SeedAsync("zoe", organization: "other");
        var visit = await SignedInAsync("root", AdminOfAll);
        await visit.OpenAsync(BySession);
        await Expect(visit.RowOf(zoe).Locator(".col-organization")).ToHaveTextAsync("other");
        await visit.Button("Terminate the session of zoe in app-hanzo: Firefox on Windows").ClickAsync();
        await visit.Button("End 1 session").ClickAsync();
        await Expect(visit.Toast).ToContainTextAsync("Ended the session of zoe");
        Assert.That(await EndOfAsync(zoe), Is.Not.Null);
    }

    [Test]
    [Description("X1 the short session id has a button that copies it in full")]
    public async Task The_short_id_is_copied_in_full([Values] bool hasClipboard)
    {
        var first = await SeedAsync("ada");
        var second = await SeedAsync("ada");
        var visit = await SignedInAsync("admin", Admin);
        await visit.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        if (!hasClipboard)
        {
            await visit.Context.AddInitScriptAsync("Object.defineProperty(navigator, 'clipboard', { value: undefined });");
        }

        await visit.OpenAsync(BySession);
        var shown = await visit.Rows.Filter(new() { HasText = "ada" }).Locator("code").AllTextContentsAsync();
        Assert.That(shown, Is.EquivalentTo(new[] { first, second }.Select(it => "…" + it.Id.ToString()[^8..])), "those of one minute differ");

        await visit.Button($"Copy the session id …{first.Id.ToString()[^8..]}").ClickAsync();
        await Expect(visit.Toast).ToHaveTextAsync(hasClipboard ? "Copied" : "Selected: press Ctrl+C");
        var copied = await visit.Tab.EvaluateAsync<string>(hasClipboard ? "() => navigator.clipboard.readText()" : "() => getSelection().toString()");
        Assert.That(copied, Is.EqualTo(first.Id.ToString()));
    }

    [Test]
    [Description("X1 V4 Terminate asks first; the ended user's next request is 401, and the page goes to the sign-in")]
    public async Task Terminate_asks_first_and_then_the_next_request_of_the_user_is_refused()
    {
        var ada = await SignedInAsync("ada", userAgent: UserAgents.SafariOnIPhone);
        await ada.OpenAsync("/account/sessions");
        var ben = await SeedAsync("ben");
        var visit = await AdministratorAsync(BySession);
        var terminate = visit.Button("Terminate the session of ada in app-hanzo: Safari on iPhone");

        await terminate.ClickAsync();
        await Expect(visit.Dialog).ToContainTextAsync("ada is signed out of app-hanzo on Safari on iPhone at once.");
        await Expect(visit.Dialog).ToContainTextAsync("There is no undo.");
        await visit.Button("Cancel").ClickAsync();
        await Expect(terminate).ToBeFocusedAsync();
        await terminate.ClickAsync();
        await visit.Tab.Keyboard.PressAsync("Escape");
        await Expect(visit.Dialog).ToHaveCountAsync(0);
        Assert.That(await StatusAsync(ada), Is.EqualTo(200));

        var places = await PlacesAsync(visit);
        await terminate.ClickAsync();
        await visit.Button("End 1 session").ClickAsync();
        await Expect(visit.Toast).ToHaveTextAsync("Ended the session of ada on Safari on iPhone.");
        Assert.That(await PlacesAsync(visit), Is.EqualTo(places), "nothing moves");
        Assert.That(await StatusAsync(ada), Is.EqualTo(401));
        await ada.Tab.GetByRole(AriaRole.Link, new() { Name = "My sessions" }).ClickAsync();
        await Expect(ada.Heading("Sign in")).ToBeVisibleAsync();
        Assert.That(ada.Path, Is.EqualTo("/login?returnUrl=%2Faccount%2Fsessions"));
        Assert.That(await EndOfAsync(ben), Is.Null);

        await Expect(visit.Row("ada").Locator(".tag.ended")).ToHaveTextAsync("Safari on iPhone");
        await Expect(visit.Row("ada").GetByText("ended", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(terminate).ToHaveCountAsync(0);
        await Expect(visit.Row("ada").Locator("th")).ToBeFocusedAsync();
        await visit.Button("Refresh").ClickAsync();
        await Expect(visit.Row("ada")).ToHaveCountAsync(0);
        await Expect(visit.Row("ben")).ToHaveCountAsync(1);
    }

    [Test]
    [Description("X1 T4 one's own session is marked and offers no Terminate; another administrator's account has no exemption")]
    public async Task Only_ones_own_session_is_exempt()
    {
        var own = await SeedAsync("admin", UserAgents.SafariOnIPad);
        var owner = await SignedInAsync("owner", Admin, UserAgents.EdgeOnWindows);
        var visit = await AdministratorAsync(BySession);
        var current = visit.Tab.Locator("tr.current");

        await Expect(current).ToHaveCountAsync(1);
        await Expect(current.GetByRole(AriaRole.Rowheader)).ToHaveTextAsync("admin");
        await Expect(current.Locator(".col-device")).ToHaveTextAsync("Firefox on Linux");
        await Expect(current.Locator(".col-actions")).ToHaveTextAsync("This session");
        await Expect(current.GetByRole(AriaRole.Button, new() { Name = "Terminate" })).ToHaveCountAsync(0);
        await current.Locator(".tag-open").ClickAsync();
        await Expect(visit.Dialog).ToContainTextAsync("This is the session you are using now.");
        await Expect(visit.Dialog.GetByRole(AriaRole.Button)).ToHaveTextAsync(["Copy", "Close"]);
        await visit.Button("Close").ClickAsync();

        await visit.Button("Terminate the session of admin in app-hanzo: Safari on iPad").ClickAsync();
        await visit.Button("End 1 session").ClickAsync();
        await Expect(visit.Toast).ToContainTextAsync("Ended the session of admin on Safari on iPad.");
        Assert.That(await EndOfAsync(own), Is.Not.Null);

        await visit.Button("Terminate the session of owner in app-hanzo: Edge on Windows").ClickAsync();
        await visit.Button("End 1 session").ClickAsync();
        await Expect(visit.Toast).ToContainTextAsync("Ended the session of owner");
        Assert.That(await StatusAsync(owner), Is.EqualTo(401));
        Assert.That(await StatusAsync(visit), Is.EqualTo(200));
    }

    [Test]
    [Description("X1 sorted by every column that the API sorts by, in both directions")]
    public async Task Every_sortable_column_sorts_both_ways()
    {
        var late = await SeedAsync("ada", ip: "203.0.113.1", application: "c");
        Web.Clock.Advance(TimeSpan.FromMinutes(1));
        var middle = await SeedAsync("ben", ip: "192.0.2.1", application: "a");
        Web.Clock.Advance(TimeSpan.FromMinutes(1));
        var early = await SeedAsync("cleo", ip: "198.51.100.1", application: "b");
        Web.Clock.Advance(TimeSpan.FromMinutes(2));
        await Web.Manager.RecordUseAsync(middle, default);
        Web.Clock.Advance(TimeSpan.FromMinutes(1));
        await Web.Manager.RecordUseAsync(late, default);
        var visit = await AdministratorAsync(BySession);

        foreach (var (column, isDescending, order) in new (string, bool, Session[])[]
        {
            ("User", false, [late, middle, early]), ("Application", false, [middle, early, late]), ("IP address", false, [middle, early, late]),
            ("Last active", true, [late, middle, early]), ("Expires", true, [early, middle, late]), ("Created", true, [early, middle, late]),
        })
        {
            var header = visit.Tab.GetByRole(AriaRole.Columnheader, new() { Name = column });
            await header.GetByRole(AriaRole.Button).ClickAsync();
            await Expect(header).ToHaveAttributeAsync("aria-sort", isDescending ? "descending" : "ascending");
            await visit.LoadedAsync();
            await OrderedAsync(visit, order);
            await header.GetByRole(AriaRole.Button).ClickAsync();
            await Expect(header).ToHaveAttributeAsync("aria-sort", isDescending ? "ascending" : "descending");
            await visit.LoadedAsync();
            await OrderedAsync(visit, [.. order.Reverse()]);
        }
    }

    [Test]
    [Description("X1 one address for both views: view, sort, order, filters and cursor; back and forward undo each step")]
    public async Task Both_views_share_the_address_and_back_undoes_each_step()
    {
        for (var index = 0; index < 60; index++)
        {
            await SeedAsync($"user{index:00}", ip: $"192.0.2.{100 + index}", application: index < 10 ? "mail" : "shop");
            Web.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var visit = await AdministratorAsync("/admin/sessions?search=user&application=shop&sort=lastActiveAt&order=asc");
        await visit.Tab.GetByRole(AriaRole.Link, new() { Name = "By session" }).ClickAsync();
        await ShowsAsync(visit, "user10", "1–25 of 50");
        Assert.That(visit.Path, Is.EqualTo("/admin/sessions?view=sessions&search=user&application=shop&sort=lastActiveAt&order=asc"));
        await Expect(visit.Tab.GetByRole(AriaRole.Columnheader, new() { Name = "Last active" })).ToHaveAttributeAsync("aria-sort", "ascending");

        await visit.Button("Next page").ClickAsync();
        await ShowsAsync(visit, "user35", "26–50 of 50");
        Assert.That(visit.Path, Does.StartWith("/admin/sessions?view=sessions&search=user&application=shop&sort=lastActiveAt&order=asc&cursor="));
        await visit.Tab.ReloadAsync();
        await ShowsAsync(visit, "user35", "26–50 of 50");
        await visit.Tab.GetByRole(AriaRole.Columnheader, new() { Name = "IP address" }).GetByRole(AriaRole.Button).ClickAsync();
        await ShowsAsync(visit, "user10", "1–25 of 50");
        Assert.That(visit.Path, Is.EqualTo("/admin/sessions?view=sessions&search=user&application=shop&sort=ipAddress&order=asc"));
        await visit.Tab.GetByLabel("IP address", new() { Exact = true }).FillAsync("192.0.2.130");
        await visit.Tab.Keyboard.PressAsync("Enter");
        await ShowsAsync(visit, "user30", "1–1 of 1");

        await visit.Tab.GetByRole(AriaRole.Link, new() { Name = "By user" }).ClickAsync();
        await ShowsAsync(visit, "user30", "1–1 of 1");
        Assert.That(visit.Path, Is.EqualTo("/admin/sessions?search=user&application=shop&ip=192.0.2.130"), "records have no address to sort by");
        await visit.Tab.GoBackAsync();
        await visit.Tab.GoBackAsync();
        await ShowsAsync(visit, "user10", "1–25 of 50");
        await Expect(visit.Tab.GetByRole(AriaRole.Columnheader, new() { Name = "IP address" })).ToHaveAttributeAsync("aria-sort", "ascending");
        await visit.Tab.GoBackAsync();
        await ShowsAsync(visit, "user35", "26–50 of 50");
        await visit.Tab.GoBackAsync();
        await visit.Tab.GoBackAsync();
        await Expect(visit.Tab.GetByRole(AriaRole.Link, new() { Name = "By user" })).ToHaveAttributeAsync("aria-current", "page");
        await Expect(visit.Row("user10", "shop").Locator(".tag")).ToHaveCountAsync(1);
        await visit.Tab.GoForwardAsync();
        await Expect(visit.Tab.GetByRole(AriaRole.Link, new() { Name = "By session" })).ToHaveAttributeAsync("aria-current", "page");
        await ShowsAsync(visit, "user10", "1–25 of 50");
    }

    [Test]
    [Description("X1 links of 0.1 to the history still lead there")]
    public async Task A_link_of_the_version_before_still_leads_to_the_history()
    {
        await Web.Manager.SignOutAsync(await SeedAsync("ada"));
        var visit = await AdministratorAsync("/admin/sessions?tab=history&sort=user&order=desc");
        await Expect(visit.Row("ada")).ToContainTextAsync("Signed out");
        await visit.Tab.GetByRole(AriaRole.Link, new() { Name = "By session" }).ClickAsync();
        await Expect(visit.Row("admin")).ToBeVisibleAsync();
        Assert.That(visit.Path, Is.EqualTo("/admin/sessions?view=sessions&sort=user&order=desc"));
    }

    [Test]
    [Description("X1 A1 the alarm's badge is in both views, and its strip stays in the view")]
    public async Task A_user_on_many_addresses_has_a_badge_here_too()
    {
        for (var network = 1; network <= 4; network++)
        {
            await SeedAsync("ada", ip: $"192.0.2.{network}");
        }

        await SeedAsync("adam");
        var visit = await AdministratorAsync(BySession);
        await Expect(visit.Tab.Locator("tbody .alarm-badge")).ToHaveTextAsync(["4 addresses", "4 addresses", "4 addresses", "4 addresses"]);
        await visit.Button("ada: 4 addresses").ClickAsync();
        await Expect(visit.Rows).ToHaveCountAsync(4);
        Assert.That(visit.Path, Is.EqualTo("/admin/sessions?view=sessions&user=ada&organization=hanzo"));
    }

    [Test]
    [Description("X1 what was ended before is no error, and an empty view says so")]
    public async Task A_session_that_had_ended_already_is_no_error()
    {
        var session = await SeedAsync("ada", UserAgents.Curl);
        var visit = await AdministratorAsync(BySession + "&search=ada");
        await Web.Manager.SignOutAsync(session);
        await visit.Button("Terminate the session of ada in app-hanzo: curl").ClickAsync();
        await visit.Button("End 1 session").ClickAsync();
        await Expect(visit.Toast).ToHaveTextAsync("This session had ended already: Signed out.");
        await Expect(visit.Row("ada").Locator(".tag.ended")).ToHaveCountAsync(1);
        await visit.Button("Refresh").ClickAsync();
        await Expect(visit.Heading("Nothing matches")).ToBeVisibleAsync();
    }

    private static async Task<int> StatusAsync(Visit visit) => (await visit.Context.APIRequest.GetAsync("/api/account/sessions")).Status;

    private static Task<string[]> PlacesAsync(Visit visit) => visit.Tab.Locator("tr > *").EvaluateAllAsync<string[]>(
        "cells => cells.map(it => it.getBoundingClientRect()).map(({ left, top, width, height }) => [left, top, width, height].join(' '))");

    private static async Task OrderedAsync(Visit visit, Session[] order)
    {
        var users = order.Select(session => session.User.Name).ToArray();
        await Expect(visit.Rows.Locator("th").Filter(new() { HasNotText = "admin" })).ToHaveTextAsync(users);
    }

    private static async Task ShowsAsync(Visit visit, string first, string range)
    {
        await Expect(visit.Rows.First).ToContainTextAsync(first);
        await Expect(visit.Tab.Locator(".range")).ToHaveTextAsync(range);
    }
}
