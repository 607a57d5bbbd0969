using System.Threading.Channels;
using Microsoft.Playwright;

namespace Hanzo.Sessions.AspNetCore.Tests.Pages;

internal sealed class AdminPageTests : PageTest
{
    [Test]
    [Description("Pages, T1")]
    public async Task A_stolen_phone_is_found_and_its_session_ended()
    {
        var laptop = await SeedAsync("ada");
        var phone = await SeedAsync("ada", UserAgents.SafariOnIPhone, "198.51.100.23");
        await SeedAsync("ben", UserAgents.EdgeOnWindows);
        var visit = await AdministratorAsync();

        await visit.Tab.GetByLabel("User", new() { Exact = true }).FillAsync("ad");
        await Expect(visit.Row("ben")).ToHaveCountAsync(0);
        await visit.Button("End the session of ada in app-hanzo: Safari on iPhone").ClickAsync();
        await Expect(visit.Dialog).ToContainTextAsync("ada is signed out of app-hanzo on Safari on iPhone at once.");
        await Expect(visit.Dialog).ToContainTextAsync("Safari on iPhone, 198.51.100.23, last active just now");
        await Expect(visit.Dialog).ToContainTextAsync("There is no undo.");
        await visit.Button("End 1 session").ClickAsync();
        await Expect(visit.Toast).ToHaveTextAsync("Ended the session of ada on Safari on iPhone.");

        Assert.That((await EndOfAsync(phone))!.Reason, Is.EqualTo(SessionEndReason.TerminatedByAdmin));
        Assert.That(await EndOfAsync(laptop), Is.Null);
        await Expect(visit.Row("ada").Locator(".tag.ended")).ToContainTextAsync("Safari on iPhone");
        await Expect(visit.Row("ada").Locator(".tag:not(.ended)")).ToHaveCountAsync(1);
        await Expect(visit.Row("ada").Locator("button:focus")).ToHaveCountAsync(1);
    }

    [Test]
    [Description("Pages")]
    public async Task Nothing_is_ended_when_the_question_is_answered_with_cancel_or_escape()
    {
        var session = await SeedAsync("ada");
        var visit = await AdministratorAsync();
        var end = visit.Button("End the session of ada in app-hanzo: Firefox on Windows");

        await end.ClickAsync();
        await visit.Button("Cancel").ClickAsync();
        await Expect(end).ToBeFocusedAsync();
        await end.ClickAsync();
        await visit.Tab.Keyboard.PressAsync("Escape");
        await Expect(visit.Dialog).ToHaveCountAsync(0);

        Assert.That(await EndOfAsync(session), Is.Null);
    }

    [Test]
    [Description("Pages")]
    public async Task A_question_cannot_be_left_while_its_answer_is_under_way()
    {
        var session = await SeedAsync("ada");
        var visit = await AdministratorAsync();
        var requests = Channel.CreateUnbounded<IRoute>();
        await visit.Tab.RouteAsync($"**/api/admin/sessions/{session.Id}", async route => await requests.Writer.WriteAsync(route));

        await visit.Button("End the session of ada in app-hanzo: Firefox on Windows").ClickAsync();
        await visit.Button("End 1 session").ClickAsync();
        var failing = await requests.Reader.ReadAsync();
        await CannotBeLeftAsync(visit);
        await failing.AbortAsync();
        await Expect(visit.Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("cannot be reached");
        await Expect(visit.Button("Cancel")).ToBeEnabledAsync();

        await visit.Button("Try again").ClickAsync();
        var succeeding = await requests.Reader.ReadAsync();
        await CannotBeLeftAsync(visit);
        await succeeding.ContinueAsync();
        await Expect(visit.Toast).ToHaveTextAsync("Ended the session of ada on Firefox on Windows.");
        await Expect(visit.Row("ada")).ToContainTextAsync("No sessions left");
        await Expect(visit.Dialog).ToHaveCountAsync(0);
        Assert.That(await EndOfAsync(session), Is.Not.Null);
    }

    [Test]
    [Description("Pages")]
    public async Task A_question_can_be_left_after_its_answer_has_failed([Values("Cancel", "Escape", "backdrop")] string way)
    {
        var session = await SeedAsync("ada");
        var visit = await AdministratorAsync();
        await visit.Tab.RouteAsync($"**/api/admin/sessions/{session.Id}", route => route.AbortAsync());
        await visit.Button("End the session of ada in app-hanzo: Firefox on Windows").ClickAsync();
        await visit.Button("End 1 session").ClickAsync();
        await Expect(visit.Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("cannot be reached");

        await (way switch
        {
            "Cancel" => visit.Button("Cancel").ClickAsync(),
            "Escape" => visit.Tab.Keyboard.PressAsync("Escape"),
            _ => visit.Tab.Mouse.ClickAsync(5, 5),
        });
        await Expect(visit.Dialog).ToHaveCountAsync(0);
        await Expect(visit.Row("ada").Locator(".tag.ended")).ToHaveCountAsync(0);
        Assert.That(await EndOfAsync(session), Is.Null);
    }

    [Test]
    [Description("Pages")]
    public async Task A_tag_opens_everything_that_is_known_about_its_session()
    {
        var session = await SeedAsync("ada", UserAgents.ChromeOnAndroid, "198.51.100.23");
        Web.Clock.Advance(TimeSpan.FromMinutes(5));
        var visit = await AdministratorAsync();
        await visit.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);

        await visit.Row("ada").GetByText("Chrome on Android").ClickAsync();
        foreach (var (name, value) in new[]
        {
            ("User", "ada"), ("Application", "app-hanzo"), ("IP address", "198.51.100.23"), ("User agent", UserAgents.ChromeOnAndroid),
            ("Session id", session.Id.ToString()), ("Created", session.CreatedAt.ToString("MMM d, yyyy", null)),
            ("Expires", session.ExpiresAt.ToString("h:mm:ss", null)), ("Ends without activity", session.ActiveUntil.ToString("h:mm:ss", null)),
            ("Last active", session.LastActiveAt.ToString("h:mm:ss", null)),
        })
        {
            var detail = visit.Dialog.Locator(".detail").Filter(new() { Has = visit.Tab.Locator($"dt:text-is('{name}')") });
            await Expect(detail.Locator("dd")).ToContainTextAsync(value);
        }

        await visit.Button("Copy the session id").ClickAsync();
        await Expect(visit.Dialog.GetByRole(AriaRole.Status)).ToHaveTextAsync("Copied");
        Assert.That(await visit.Tab.EvaluateAsync<string>("() => navigator.clipboard.readText()"), Is.EqualTo(session.Id.ToString()));
        await visit.Button("End this session…").ClickAsync();
        await visit.Button("End 1 session").ClickAsync();
        await Expect(visit.Toast).ToContainTextAsync("Ended the session of ada");
        Assert.That(await EndOfAsync(session), Is.Not.Null);
    }

    [Test]
    [Description("Pages, T3")]
    public async Task A_row_is_ended_as_a_whole_and_stays_where_it_is_until_the_next_load()
    {
        await SeedAsync("ada");
        await SeedAsync("ada", UserAgents.SafariOnIPad);
        await SeedAsync("ada", UserAgents.Curl, application: "billing");
        await SeedAsync("ben");
        var visit = await AdministratorAsync();
        var before = await visit.Row("ben").BoundingBoxAsync();

        await visit.Button("End all 2 sessions of ada in app-hanzo").ClickAsync();
        await Expect(visit.Dialog).ToContainTextAsync("ada is signed out of app-hanzo at once, on:");
        await Expect(visit.Dialog.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        await visit.Button("End 2 sessions").ClickAsync();

        await Expect(visit.Toast).ToHaveTextAsync("Ended 2 sessions of ada.");
        await Expect(visit.Row("ada")).ToContainTextAsync("No sessions left");
        await Expect(visit.Row("ada").GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await Expect(visit.Row("ada", "billing").Locator(".tag")).ToContainTextAsync("curl");
        Assert.That((await visit.Row("ben").BoundingBoxAsync())!.Y, Is.EqualTo(before!.Y));
        await visit.Button("Refresh").ClickAsync();
        await Expect(visit.Row("ada")).ToHaveCountAsync(0);
    }

    [Test]
    [Description("Pages")]
    public async Task Of_many_sessions_a_row_shows_some_and_the_rest_when_asked()
    {
        for (var index = 0; index < 9; index++)
        {
            await SeedAsync("ada");
        }

        var visit = await AdministratorAsync();
        await Expect(visit.Row("ada").Locator(".tag")).ToHaveCountAsync(6);
        await visit.Button("Show 3 more sessions of ada in app-hanzo").ClickAsync();
        await Expect(visit.Row("ada").Locator(".tag")).ToHaveCountAsync(9);
        await Expect(visit.Row("ada").Locator(".tag").Nth(6).Locator(".tag-open")).ToBeFocusedAsync();
    }

    [Test]
    [Description("Pages, T5")]
    public async Task All_devices_of_a_user_are_logged_out_in_every_application()
    {
        await SeedAsync("ada");
        await SeedAsync("ada", UserAgents.Curl, "203.0.113.9", "billing");
        await SeedAsync("ada", UserAgents.SafariOnIPad, application: "billing");
        var visit = await AdministratorAsync();

        await visit.Row("ada").GetByRole(AriaRole.Button, new() { Name = "Log out all devices of ada" }).ClickAsync();
        await Expect(visit.Dialog.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Log out all 3 devices?");
        await Expect(visit.Dialog).ToContainTextAsync("curl, 203.0.113.9, in billing");
        await visit.Button("End 3 sessions").ClickAsync();

        await Expect(visit.Toast).ToHaveTextAsync("Ended 3 sessions of ada.");
        await Expect(visit.Row("ada")).ToContainTextAsync("No sessions left");
        await Expect(visit.Row("ada", "billing")).ToContainTextAsync("No sessions left");
    }

    [Test]
    [Description("Pages, T4")]
    public async Task The_current_session_has_no_cross_and_its_row_offers_to_end_the_others()
    {
        var other = await SeedAsync("admin", UserAgents.SafariOnIPhone);
        var visit = await AdministratorAsync();
        var current = visit.Row("admin").Locator(".tag.current");
        await Expect(current).ToContainTextAsync("This session");
        await Expect(current.Locator(".tag-end")).ToHaveCountAsync(0);

        await visit.Button("End all 2 sessions of admin in app-hanzo").ClickAsync();
        await Expect(visit.Dialog).ToContainTextAsync("One of these sessions is the one you are using now.");
        await Expect(visit.Dialog).ToContainTextAsync("Safari on iPhone");
        await visit.Button("End the other one").ClickAsync();

        await Expect(visit.Toast).ToHaveTextAsync("Ended 1 session of admin.");
        Assert.That((await EndOfAsync(other))!.Reason, Is.EqualTo(SessionEndReason.TerminatedByUser));
        await visit.Button("End 1 session of admin in app-hanzo").ClickAsync();
        await Expect(visit.Dialog).ToContainTextAsync("admin has no other session that could be ended.");
    }

    [Test]
    [Description("Pages, L3")]
    public async Task Search_sort_and_page_are_in_the_address_and_back_undoes_them()
    {
        for (var index = 0; index < 60; index++)
        {
            await SeedAsync($"user{index:00}", ip: $"192.0.2.{index}", application: index < 30 ? "mail" : "shop");
            Web.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var visit = await AdministratorAsync();
        await Expect(visit.Tab.Locator(".range")).ToHaveTextAsync("1–25 of 61");
        await visit.Button("Next page").ClickAsync();
        await Expect(visit.Tab.Locator(".range")).ToHaveTextAsync("26–50 of 61");
        await visit.Tab.GetByRole(AriaRole.Columnheader, new() { Name = "Created" }).GetByRole(AriaRole.Button).ClickAsync();
        await Expect(visit.Tab.Locator(".range")).ToHaveTextAsync("1–25 of 61");
        await Expect(visit.Tab.GetByRole(AriaRole.Columnheader, new() { Name = "Created" })).ToHaveAttributeAsync("aria-sort", "descending");
        await visit.Tab.GetByLabel("Application").FillAsync("mail");
        await visit.Tab.Keyboard.PressAsync("Enter");
        await Expect(visit.Tab.Locator(".range")).ToHaveTextAsync("1–25 of 30");
        await visit.Tab.GetByLabel("User", new() { Exact = true }).FillAsync("user1");
        await Expect(visit.Tab.Locator(".range")).ToHaveTextAsync("1–10 of 10");
        await Expect(visit.Rows.First).ToContainTextAsync("user19");
        Assert.That(visit.Path, Is.EqualTo("/admin/sessions?search=user1&application=mail&sort=createdAt&order=desc"));

        await visit.Tab.ReloadAsync();
        await Expect(visit.Tab.Locator(".range")).ToHaveTextAsync("1–10 of 10");
        await visit.Tab.GoBackAsync();
        await Expect(visit.Tab.Locator(".range")).ToHaveTextAsync("1–25 of 30");
        await Expect(visit.Tab.GetByLabel("User", new() { Exact = true })).ToHaveValueAsync("");
        await visit.Tab.GoBackAsync();
        await visit.Tab.GoBackAsync();
        await Expect(visit.Tab.Locator(".range")).ToHaveTextAsync("26–50 of 61");
        await visit.Tab.GoForwardAsync();
        await Expect(visit.Tab.GetByRole(AriaRole.Columnheader, new() { Name = "Created" })).ToHaveAttributeAsync("aria-sort", "descending");
        await visit.Tab.GetByLabel("Rows").SelectOptionAsync("100");
        await Expect(visit.Tab.Locator(".range")).ToHaveTextAsync("1–61 of 61");
    }

    [Test]
    [Description("Pages")]
    public async Task An_address_filters_and_a_wrong_one_is_refused_at_its_field()
    {
        await SeedAsync("ada", ip: "198.51.100.23");
        await SeedAsync("ben");
        var visit = await AdministratorAsync();
        var field = visit.Tab.GetByLabel("IP address");

        await field.FillAsync("nonsense");
        await visit.Tab.Keyboard.PressAsync("Enter");
        await Expect(field).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(field).ToHaveAccessibleDescriptionAsync("ip is 'nonsense'; it must be an IPv4 address such as 192.0.2.7, or an IPv6 address such as 2001:db8::7.");
        await field.FillAsync("198.51.100.23");
        await visit.Tab.Keyboard.PressAsync("Enter");
        await Expect(visit.Rows).ToHaveCountAsync(1);
        await Expect(visit.Row("ada")).ToHaveCountAsync(1);
        await visit.Button("Clear filters").ClickAsync();
        await Expect(visit.Rows).ToHaveCountAsync(3);
    }

    [Test]
    [Description("Pages")]
    public async Task A_phone_changes_nothing_in_what_is_typed()
    {
        var visit = await AdministratorAsync();
        var fields = visit.Tab.Locator("input");
        await Expect(fields).ToHaveCountAsync(3);
        foreach (var field in await fields.AllAsync())
        {
            await Expect(field).ToHaveAttributeAsync("autocapitalize", "none");
            await Expect(field).ToHaveAttributeAsync("autocorrect", "off");
            await Expect(field).ToHaveAttributeAsync("spellcheck", "false");
            await Expect(field).ToHaveAttributeAsync("autocomplete", "off");
            await Expect(field).ToHaveAttributeAsync("enterkeyhint", "search");
        }
    }

    [Test]
    [Description("Pages, A1")]
    public async Task A_user_on_many_addresses_has_a_badge_and_the_strip_filters_to_that_user()
    {
        foreach (var network in new[] { "192.0.2.1", "198.51.100.2", "203.0.113.3", "192.0.2.4" })
        {
            await SeedAsync("ada", ip: network);
        }

        await SeedAsync("adam");
        var visit = await AdministratorAsync();
        await Expect(visit.Row("ada").First.Locator(".alarm-badge")).ToHaveTextAsync("4 addresses");
        await Expect(visit.Row("adam").Locator(".alarm-badge")).ToHaveCountAsync(0);

        await visit.Button("ada: 4 addresses").ClickAsync();
        await Expect(visit.Rows).ToHaveCountAsync(1);
        await Expect(visit.Button("ada: 4 addresses")).ToBeFocusedAsync();
        await Expect(visit.Tab.Locator(".networks")).ToHaveTextAsync("Addresses of ada: 192.0.2.1, 192.0.2.4, 198.51.100.2, 203.0.113.3");
        await visit.Button("Show all users again").ClickAsync();
        await Expect(visit.Rows).ToHaveCountAsync(3);
    }

    [Test]
    [Description("Pages, A1")]
    public async Task Of_several_hundred_users_on_many_addresses_each_is_counted_and_has_a_badge()
    {
        await SeedAlarmsAsync(0, 501);
        var visit = await AdministratorAsync("/admin/sessions?user=user0500&organization=hanzo");
        await Expect(visit.Heading("501 users are signed in from unusually many addresses")).ToBeVisibleAsync();
        await Expect(visit.Row("user0500").Locator(".alarm-badge")).ToHaveTextAsync("4 addresses");
        await Expect(visit.Tab.Locator(".networks")).ToContainTextAsync("Addresses of user0500: 192.0.2.0");
    }

    [Test]
    [Description("Pages, A1")]
    public async Task Of_thousands_the_heading_says_that_not_all_are_marked()
    {
        await SeedAlarmsAsync(0, 2_000);
        var visit = await AdministratorAsync();
        await Expect(visit.Heading("2,000 users are signed in from unusually many addresses")).ToBeVisibleAsync();
        await SeedAlarmsAsync(2_000, 1);
        await visit.Button("Refresh").ClickAsync();
        await Expect(visit.Heading("More than 2,000 users are signed in from unusually many addresses; only the first 2,000 are marked")).ToBeVisibleAsync();
        await Expect(visit.Button("+1,995 more")).ToBeVisibleAsync();
    }

    [Test]
    [Description("Pages, A1")]
    public async Task Alarms_that_could_not_be_loaded_are_not_taken_for_none()
    {
        await SeedAlarmsAsync(0, 1);
        var visit = await SignedInAsync("admin", Admin);
        await visit.Tab.RouteAsync("**/api/admin/sessions/alarms*", route => route.AbortAsync());
        await visit.OpenAsync("/admin/sessions");
        await Expect(visit.Row("user0000")).ToBeVisibleAsync();
        await Expect(visit.Heading("Alarms could not be loaded: users on unusually many addresses are not marked")).ToBeVisibleAsync();

        await visit.Tab.UnrouteAllAsync();
        await visit.Button("Refresh").ClickAsync();
        await Expect(visit.Heading("1 user is signed in from unusually many addresses")).ToBeVisibleAsync();
        await Expect(visit.Row("user0000").Locator(".alarm-badge")).ToBeVisibleAsync();
    }

    [Test]
    [Description("Pages")]
    public async Task A_load_that_another_one_overtook_shows_nothing()
    {
        var visit = await SignedInAsync("admin", Admin);
        await visit.Tab.RouteAsync("**/api/admin/sessions/alarms*", _ => Task.CompletedTask);
        await visit.Tab.RunAndWaitForResponseAsync(
            () => visit.Tab.GotoAsync("/admin/sessions"),
            it => it.Url.Contains("view=records", StringComparison.Ordinal));
        await visit.Tab.GetByLabel("Application").FillAsync("billing");
        await visit.Tab.RunAndWaitForResponseAsync(
            () => visit.Tab.Keyboard.PressAsync("Enter"),
            it => it.Url.Contains("application=billing", StringComparison.Ordinal));
        await Expect(visit.Rows).ToHaveCountAsync(0);
    }

    [Test]
    [Description("Pages, A1")]
    public async Task From_a_sorted_history_the_strip_leads_to_the_sessions_of_that_user()
    {
        await SeedAlarmsAsync(0, 1);
        await Web.Manager.SignOutAsync(await SeedAsync("ben"));
        var visit = await AdministratorAsync("/admin/sessions?view=history&sort=endedAt&order=asc");
        await Expect(visit.Row("ben")).ToBeVisibleAsync();
        await visit.Button("user0000: 4 addresses").ClickAsync();
        await Expect(visit.Row("user0000").Locator(".alarm-badge")).ToBeVisibleAsync();
        Assert.That(visit.Path, Is.EqualTo("/admin/sessions?user=user0000&organization=hanzo"));

        await visit.OpenAsync("/admin/sessions?sort=createdAt&order=asc");
        await visit.Button("user0000: 4 addresses").ClickAsync();
        await Expect(visit.Rows).ToHaveCountAsync(1);
        Assert.That(visit.Path, Is.EqualTo("/admin/sessions?user=user0000&organization=hanzo&sort=createdAt&order=asc"));
    }

    [Test]
    [Description("Pages, L5")]
    public async Task The_history_says_when_why_and_by_whom_a_session_ended()
    {
        var session = await SeedAsync("ada", UserAgents.SafariOnIPhone);
        var late = await SeedAsync("ben");
        await Web.Manager.TerminateAsync(SessionScope.Of("hanzo"), session.Id, SessionCaller.Of(await SeedAsync("chief")));
        await Web.Manager.SignOutAsync(late);
        var visit = await AdministratorAsync();

        await visit.Tab.GetByRole(AriaRole.Link, new() { Name = "History" }).ClickAsync();
        await Expect(visit.Row("ada")).ToContainTextAsync("Ended by an administrator");
        await Expect(visit.Row("ada").Locator(".col-by")).ToHaveTextAsync("chief");
        await Expect(visit.Row("ben")).ToContainTextAsync("Signed out");
        Assert.That(visit.Path, Is.EqualTo("/admin/sessions?view=history"));
        await visit.Row("ada").GetByText("Safari on iPhone").ClickAsync();
        await Expect(visit.Dialog).ToContainTextAsync("Ended by an administrator");
        await Expect(visit.Dialog.GetByRole(AriaRole.Button, new() { Name = "End" })).ToHaveCountAsync(0);
    }

    [Test]
    [Description("Pages, L5")]
    public async Task An_administrator_of_another_organization_is_told_apart_from_ones_own()
    {
        var own = await SeedAsync("ada");
        var foreign = await SeedAsync("ben");
        await Web.Manager.TerminateAsync(SessionScope.Of("hanzo"), own.Id, SessionCaller.Of(await SeedAsync("admin")));
        await Web.Manager.TerminateAsync(SessionScope.AllOrganizations, foreign.Id, SessionCaller.Of(await SeedAsync("admin", organization: "built-in")));

        var visit = await AdministratorAsync("/admin/sessions?view=history");
        await Expect(visit.Row("ada").Locator(".col-by")).ToHaveTextAsync("admin");
        await Expect(visit.Row("ben").Locator(".col-by")).ToHaveTextAsync("built-in/admin");
        await visit.Row("ben").GetByText("Firefox on Windows").ClickAsync();
        await Expect(visit.Dialog.Locator(".detail").Filter(new() { Has = visit.Tab.Locator("dt:text-is('By')") }).Locator("dd")).ToHaveTextAsync("built-in/admin");

        var root = await SignedInAsync("root", AdminOfAll);
        await root.OpenAsync("/admin/sessions?view=history");
        await Expect(root.Row("ada").Locator(".col-by")).ToHaveTextAsync("hanzo/admin");
        await Expect(root.Row("ben").Locator(".col-by")).ToHaveTextAsync("built-in/admin");
    }

    [Test]
    [Description("Pages, L4")]
    public async Task The_organization_is_shown_to_those_who_see_several()
    {
        await SeedAsync("ada");
        var zoe = await SeedAsync("zoe", organization: "other");
        var visit = await AdministratorAsync();
        await Expect(visit.Row("zoe")).ToHaveCountAsync(0);
        await Expect(visit.Tab.GetByRole(AriaRole.Columnheader, new() { Name = "Organization" })).ToHaveCountAsync(0);

        var root = await SignedInAsync("root", AdminOfAll);
        await root.OpenAsync("/admin/sessions");
        await Expect(root.Row("zoe").Locator(".col-organization")).ToHaveTextAsync("other");
        await root.Button("End 1 session of zoe in app-hanzo").ClickAsync();
        await root.Button("End 1 session").ClickAsync();
        await Expect(root.Toast).ToContainTextAsync("Ended 1 session of zoe.");
        Assert.That(await EndOfAsync(zoe), Is.Not.Null);
    }

    [Test]
    [Description("Pages, V6")]
    public async Task A_failing_store_is_said_in_words_and_trying_again_helps()
    {
        var session = await SeedAsync("ada");
        var visit = await AdministratorAsync();

        Web.Store.Fault = new IOException("down");
        await visit.Button("Refresh").ClickAsync();
        await Expect(visit.Tab.GetByRole(AriaRole.Alert).Filter(new() { HasTextString = "No user was signed out." })).ToBeVisibleAsync();
        Web.Store.Fault = null;
        await visit.Button("Try again").ClickAsync();
        await Expect(visit.Row("ada")).ToBeVisibleAsync();

        await visit.Button("End the session of ada in app-hanzo: Firefox on Windows").ClickAsync();
        Web.Store.Fault = new IOException("down");
        await visit.Button("End 1 session").ClickAsync();
        await Expect(visit.Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("No user was signed out.");
        Web.Store.Fault = null;
        await visit.Button("Try again").ClickAsync();
        await Expect(visit.Toast).ToContainTextAsync("Ended the session of ada");
        Assert.That(await EndOfAsync(session), Is.Not.Null);
    }

    [Test]
    [Description("Pages")]
    public async Task What_cannot_be_reached_and_what_is_empty_is_said()
    {
        var visit = await AdministratorAsync("/admin/sessions?search=nobody");
        await Expect(visit.Tab.GetByRole(AriaRole.Heading, new() { Name = "Nothing matches" })).ToBeVisibleAsync();
        await visit.Tab.GotoAsync("/admin/sessions?page=7");
        await visit.Button("To the first page").ClickAsync();
        await Expect(visit.Row("admin")).ToBeVisibleAsync();
        await visit.OpenAsync("/admin/sessions?view=history");
        await Expect(visit.Tab.GetByRole(AriaRole.Heading, new() { Name = "No session has ended yet" })).ToBeVisibleAsync();

        await visit.Context.SetOfflineAsync(true);
        await visit.Button("Refresh").ClickAsync();
        await Expect(visit.Tab.GetByRole(AriaRole.Alert).Filter(new() { HasTextString = "cannot be reached" })).ToBeVisibleAsync();
        await visit.Context.SetOfflineAsync(false);
        await visit.Button("Try again").ClickAsync();
        await Expect(visit.Tab.GetByRole(AriaRole.Heading, new() { Name = "No session has ended yet" })).ToBeVisibleAsync();
    }

    [Test]
    [Description("Pages")]
    public async Task A_session_that_had_ended_already_is_no_error()
    {
        var session = await SeedAsync("ada");
        var visit = await AdministratorAsync();
        await Web.Manager.SignOutAsync(session);

        await visit.Button("End the session of ada in app-hanzo: Firefox on Windows").ClickAsync();
        await visit.Button("End 1 session").ClickAsync();
        await Expect(visit.Toast).ToHaveTextAsync("This session had ended already: Signed out.");
        await Expect(visit.Row("ada")).ToContainTextAsync("No sessions left");
        await visit.Button("Refresh").ClickAsync();
        await Expect(visit.Row("ada")).ToHaveCountAsync(0);
    }

    [Test]
    [Description("Pages")]
    public async Task Loading_moves_nothing_that_is_there_already()
    {
        await PageStates.SeedAsync(Web);
        var visit = await SignedInAsync("admin", Admin);
        await visit.Context.AddInitScriptAsync(
            "globalThis.moved = 0; new PerformanceObserver((list) => { for (const it of list.getEntries()) { moved += it.value; } }).observe({ type: 'layout-shift', buffered: true });");
        foreach (var path in new[] { "/admin/sessions", "/admin/sessions?view=sessions", "/admin/sessions?view=history", "/account/sessions" })
        {
            await visit.OpenAsync(path);
            await Expect(visit.Tab.Locator("tbody tr:not(.skeleton), .card:not(.skeleton)").First).ToBeVisibleAsync();
            Assert.That(await visit.Tab.EvaluateAsync<double>("() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(moved), 50)))"), Is.LessThan(0.01), path);
        }
    }

    [Test]
    [Description("Pages, L3")]
    public async Task Ten_thousand_rows_can_be_paged_and_the_total_says_when_it_is_not_exact()
    {
        for (var index = 0; index < 10_001; index++)
        {
            await SeedAsync($"user{index:00000}");
        }

        var visit = await AdministratorAsync();
        await Expect(visit.Tab.Locator(".range")).ToHaveTextAsync("1–25 of 10,000+");
        await visit.Button("Next page").ClickAsync();
        await Expect(visit.Tab.Locator(".range")).ToHaveTextAsync("26–50 of 10,000+");
        await visit.OpenAsync("/admin/sessions?page=100&size=100");
        await Expect(visit.Tab.Locator(".range")).ToHaveTextAsync("9,901–10,000 of 10,000+");
        await visit.Button("Next page").ClickAsync();
        await Expect(visit.Rows).ToHaveCountAsync(2);
        await Expect(visit.Tab.Locator(".range")).ToHaveTextAsync("10,001–10,002 of 10,000+");
        await Expect(visit.Button("Next page")).ToHaveAttributeAsync("aria-disabled", "true");
    }

    private async Task SeedAlarmsAsync(int first, int count)
    {
        for (var index = first; index < first + count; index++)
        {
            for (var network = 0; network < 4; network++)
            {
                await SeedAsync($"user{index:0000}", ip: $"192.0.2.{network}");
            }
        }
    }

    // Escape twice: Chromium lets a page prevent only the first.
    private static async Task CannotBeLeftAsync(Visit visit)
    {
        await Expect(visit.Button("Cancel")).ToBeDisabledAsync();
        await visit.Tab.Keyboard.PressAsync("Escape");
        await visit.Tab.Keyboard.PressAsync("Escape");
        await visit.Tab.Mouse.ClickAsync(5, 5);
        await Expect(visit.Dialog).ToBeVisibleAsync();
    }
}
