using Microsoft.Playwright;

namespace Hanzo.Sessions.AspNetCore.Tests.Pages;

internal sealed class AccountPageTests : PageTest
{
    [Test]
    [Description("Pages")]
    public async Task Users_see_their_devices_this_one_first_and_how_many_they_may_have()
    {
        await SeedAsync("ada", UserAgents.SafariOnIPhone, "198.51.100.23");
        await SeedAsync("ada", UserAgents.Curl);
        await SeedAsync("ben", UserAgents.EdgeOnWindows);
        var visit = await SignedInAsync("ada");
        await visit.OpenAsync("/account/sessions");

        var cards = visit.Tab.Locator(".card");
        await Expect(cards).ToHaveCountAsync(3);
        await Expect(cards.First).ToContainTextAsync("Firefox on Linux");
        await Expect(cards.First.Locator(".badge")).ToHaveTextAsync("This device");
        await Expect(cards.First.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await Expect(Card(visit, "Safari on iPhone")).ToContainTextAsync("198.51.100.23");
        await Expect(Card(visit, "Safari on iPhone")).ToContainTextAsync("Started");
        await Expect(visit.Tab.Locator(".quota")).ToHaveTextAsync("Used 3 of 10");
        await Expect(visit.Tab.GetByRole(AriaRole.Link, new() { Name = "All sessions" })).ToHaveCountAsync(0);
    }

    [Test]
    [Description("Pages, T1")]
    public async Task Users_end_one_of_their_sessions()
    {
        var phone = await SeedAsync("ada", UserAgents.SafariOnIPhone);
        var tool = await SeedAsync("ada", UserAgents.Curl);
        var visit = await SignedInAsync("ada");
        await visit.OpenAsync("/account/sessions");

        await visit.Button("End session on Safari on iPhone").ClickAsync();
        await Expect(visit.Dialog).ToContainTextAsync("You are signed out on Safari on iPhone at once.");
        await Expect(visit.Dialog).ToContainTextAsync("There is no undo.");
        await visit.Button("End 1 session").ClickAsync();

        await Expect(visit.Toast).ToHaveTextAsync("Signed out on Safari on iPhone.");
        await Expect(Card(visit, "Safari on iPhone").Locator(".badge")).ToHaveTextAsync("Signed out");
        await Expect(Card(visit, "Safari on iPhone")).ToBeFocusedAsync();
        await Expect(visit.Button("Sign out everywhere else (1)")).ToBeVisibleAsync();
        await Expect(visit.Tab.Locator(".quota")).ToHaveTextAsync("Used 2 of 10");
        Assert.That((await EndOfAsync(phone))!.Reason, Is.EqualTo(SessionEndReason.TerminatedByUser));
        Assert.That(await EndOfAsync(tool), Is.Null);
    }

    [Test]
    [Description("Pages, T5")]
    public async Task Users_sign_out_everywhere_else()
    {
        var others = new[] { await SeedAsync("ada", UserAgents.SafariOnIPhone), await SeedAsync("ada", UserAgents.Curl) };
        var visit = await SignedInAsync("ada");
        await visit.OpenAsync("/account/sessions");

        await visit.Button("Sign out everywhere else (2)").ClickAsync();
        await Expect(visit.Dialog).ToContainTextAsync("2 other sessions end at once. You stay signed in here.");
        await visit.Button("End 2 sessions").ClickAsync();

        await Expect(visit.Toast).ToHaveTextAsync("Signed out on 2 other devices.");
        await Expect(visit.Tab.Locator(".card.ended")).ToHaveCountAsync(2);
        await Expect(visit.Tab.Locator(".quota")).ToHaveTextAsync("Used 1 of 10");
        foreach (var other in others)
        {
            Assert.That(await EndOfAsync(other), Is.Not.Null);
        }

        await visit.Tab.ReloadAsync();
        await Expect(visit.Tab.GetByText("You are signed in on this device only.")).ToBeVisibleAsync();
    }

    [Test]
    [Description("Pages, V6")]
    public async Task A_failing_store_is_said_and_trying_again_helps()
    {
        var visit = await SignedInAsync("ada");
        await visit.Tab.RouteAsync("**/api/account/sessions*", route => route.AbortAsync());
        await visit.OpenAsync("/account/sessions");
        await Expect(visit.Tab.GetByRole(AriaRole.Alert)).ToContainTextAsync("cannot be reached");
        await visit.Tab.UnrouteAsync("**/api/account/sessions*");
        await visit.Button("Try again").ClickAsync();
        await Expect(visit.Tab.Locator(".card")).ToHaveCountAsync(1);
    }

    private static ILocator Card(Visit visit, string device) => visit.Tab.Locator(".card").Filter(new() { HasTextString = device });
}
