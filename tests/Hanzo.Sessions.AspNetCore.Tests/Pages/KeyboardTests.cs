using Microsoft.Playwright;

namespace Hanzo.Sessions.AspNetCore.Tests.Pages;

/// <summary>Nothing but the keyboard.</summary>
internal sealed class KeyboardTests : PageTest
{
    [Test]
    [Description("Pages, WCAG 2.1.1, 2.4.3, 2.4.7")]
    public async Task An_administrator_ends_a_session_with_keys_alone()
    {
        var phone = await SeedAsync("ada", UserAgents.SafariOnIPhone);
        await SeedAsync("ben");
        var visit = await AdministratorAsync();

        await visit.Tab.Keyboard.PressAsync("Tab");
        await Expect(visit.Tab.GetByText("Skip to the content")).ToBeFocusedAsync();
        await visit.Tab.Keyboard.PressAsync("Enter");
        await TabToAsync(visit, visit.Tab.GetByLabel("User", new() { Exact = true }));
        await visit.Tab.Keyboard.TypeAsync("ada");
        await Expect(visit.Row("ben")).ToHaveCountAsync(0);

        await TabToAsync(visit, visit.Row("ada").Locator(".tag-open"));
        Assert.That(await OutlineAsync(visit), Is.EqualTo("solid"));
        await visit.Tab.Keyboard.PressAsync("Enter");
        await Expect(visit.Button("Close")).ToBeFocusedAsync();
        await visit.Tab.Keyboard.PressAsync("Escape");
        await Expect(visit.Row("ada").Locator(".tag-open")).ToBeFocusedAsync();

        await visit.Tab.Keyboard.PressAsync("Tab");
        await visit.Tab.Keyboard.PressAsync("Space");
        await Expect(visit.Button("Cancel")).ToBeFocusedAsync();
        await visit.Tab.Keyboard.PressAsync("Tab");
        await visit.Tab.Keyboard.PressAsync("Enter");
        await Expect(visit.Toast).ToContainTextAsync("Ended the session of ada");
        await Expect(visit.Row("ada").Locator("th")).ToBeFocusedAsync();
        Assert.That(await EndOfAsync(phone), Is.Not.Null);
    }

    [Test]
    [Description("Pages, WCAG 2.1.1")]
    public async Task Sorting_paging_tabs_and_my_sessions_work_with_keys_alone()
    {
        for (var index = 0; index < 30; index++)
        {
            await SeedAsync($"user{index:00}");
        }

        await Web.Manager.SignOutAsync(await SeedAsync("ada"));
        var other = await SeedAsync("admin", UserAgents.Curl);
        var visit = await AdministratorAsync();
        await TabToAsync(visit, visit.Tab.GetByRole(AriaRole.Link, new() { Name = "History" }));
        await visit.Tab.Keyboard.PressAsync("Enter");
        await Expect(visit.Tab.GetByRole(AriaRole.Columnheader, new() { Name = "Ended" })).ToBeVisibleAsync();
        await visit.Tab.Keyboard.PressAsync("Shift+Tab");
        await visit.Tab.Keyboard.PressAsync("Shift+Tab");
        await visit.Tab.Keyboard.PressAsync("Enter");
        await TabToAsync(visit, visit.Tab.GetByRole(AriaRole.Columnheader, new() { Name = "User" }).GetByRole(AriaRole.Button));
        await visit.Tab.Keyboard.PressAsync("Enter");
        await Expect(visit.Rows.First).ToContainTextAsync("user29");
        await visit.Button("Next page").FocusAsync();
        await visit.Tab.Keyboard.PressAsync("Enter");
        await Expect(visit.Tab.Locator(".range")).ToHaveTextAsync("26–31 of 31");
        await Expect(visit.Button("Next page")).ToBeFocusedAsync();

        await visit.OpenAsync("/account/sessions");
        await TabToAsync(visit, visit.Button("End session on curl"));
        await visit.Tab.Keyboard.PressAsync("Enter");
        await visit.Tab.Keyboard.PressAsync("Tab");
        await visit.Tab.Keyboard.PressAsync("Enter");
        await Expect(visit.Toast).ToContainTextAsync("Signed out on curl.");
        Assert.That(await EndOfAsync(other), Is.Not.Null);
    }

    [Test]
    [Description("X1, WCAG 2.1.1, 2.4.3")]
    public async Task So_does_one_in_the_view_by_session()
    {
        var phone = await SeedAsync("ada", UserAgents.SafariOnIPhone);
        var visit = await AdministratorAsync();
        await TabToAsync(visit, visit.Tab.GetByRole(AriaRole.Link, new() { Name = "By session" }));
        await visit.Tab.Keyboard.PressAsync("Enter");
        await Expect(visit.RowOf(phone)).ToBeVisibleAsync();
        await TabToAsync(visit, visit.Tab.GetByRole(AriaRole.Columnheader, new() { Name = "Expires" }).GetByRole(AriaRole.Button));
        await visit.Tab.Keyboard.PressAsync("Enter");
        await Expect(visit.Tab.GetByRole(AriaRole.Columnheader, new() { Name = "Expires" })).ToHaveAttributeAsync("aria-sort", "descending");

        await TabToAsync(visit, visit.RowOf(phone).Locator(".tag-open"));
        await visit.Tab.Keyboard.PressAsync("Tab");
        await Expect(visit.RowOf(phone).Locator(".col-id button")).ToBeFocusedAsync();
        await visit.Tab.Keyboard.PressAsync("Tab");
        await Expect(visit.Button("Terminate the session of ada in app-hanzo: Safari on iPhone")).ToBeFocusedAsync();
        Assert.That(await OutlineAsync(visit), Is.EqualTo("solid"));
        await visit.Tab.Keyboard.PressAsync("Enter");
        await Expect(visit.Button("Cancel")).ToBeFocusedAsync();
        await visit.Tab.Keyboard.PressAsync("Tab");
        await visit.Tab.Keyboard.PressAsync("Enter");
        await Expect(visit.Toast).ToContainTextAsync("Ended the session of ada");
        await Expect(visit.RowOf(phone).Locator("th")).ToBeFocusedAsync();
        Assert.That(await EndOfAsync(phone), Is.Not.Null);
    }

    private static async Task TabToAsync(Visit visit, ILocator target)
    {
        for (var presses = 0; presses < 60; presses++)
        {
            if (await target.EvaluateAsync<bool>("it => it === document.activeElement"))
            {
                return;
            }

            await visit.Tab.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"Sixty tabs do not lead to {target}.");
    }

    private static Task<string> OutlineAsync(Visit visit) =>
        visit.Tab.EvaluateAsync<string>("() => getComputedStyle(document.activeElement).outlineStyle");
}
