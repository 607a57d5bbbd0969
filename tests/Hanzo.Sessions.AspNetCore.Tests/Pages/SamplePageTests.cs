using Microsoft.Playwright;

namespace Hanzo.Sessions.AspNetCore.Tests.Pages;

/// <summary>The pages that the samples have besides those of the library, in a browser.</summary>
internal sealed class SamplePageTests
{
    [Test]
    [Description("T7 V4 nothing of a signed-in user comes back from the browser's cache")]
    public async Task Back_after_the_end_shows_nothing_of_AdminPanel([Values] bool signsOut, [Values] bool keepsPages)
    {
        await using var sample = await SampleProcess.StartAsync("AdminPanel");
        await using var visit = await SignedInAsync(sample, keepsPages);
        var home = visit.Tab.GetByText("You are ada of hanzo.");
        await Assertions.Expect(home).ToBeVisibleAsync();
        if (signsOut)
        {
            await visit.Button("Sign out").ClickAsync();
        }
        else
        {
            await visit.Tab.GotoAsync("/account/sessions");
            using var root = await sample.SignedInAsync("root");
            Assert.That((await root.DeleteAsync("/api/admin/sessions?userId=hanzo/ada")).Body, Is.EqualTo("""{"ended":1}"""));
        }

        await visit.Tab.EvaluateAsync("() => history.back()");
        await Assertions.Expect(visit.Button("Sign in")).ToBeVisibleAsync();
        await Assertions.Expect(home).ToHaveCountAsync(0);
        Assert.That(visit.Faults, Is.Empty);
    }

    [Test]
    [Description("T7 nothing of a signed-in user comes back from the browser's cache")]
    public async Task Back_after_the_end_shows_nothing_of_QuickStart()
    {
        await using var sample = await SampleProcess.StartAsync("QuickStart");
        await using var visit = await Visit.StartAsync(Origin(sample), UserAgents.FirefoxOnLinux);
        await visit.Tab.GotoAsync("/login");
        await visit.Button("I am ada").ClickAsync();
        await Assertions.Expect(visit.Tab.GetByText("Hello ada, session")).ToBeVisibleAsync();
        await visit.Tab.GotoAsync("/login?somewhere");
        await visit.Tab.EvaluateAsync("() => fetch('/logout', { method: 'POST' })");

        await visit.Tab.EvaluateAsync("() => history.back()");
        await Assertions.Expect(visit.Button("I am ada")).ToBeVisibleAsync();
        await visit.Tab.WaitForURLAsync("**/login?returnUrl=%2F");
        await Assertions.Expect(visit.Tab.GetByText("Hello ada, session")).ToHaveCountAsync(0);
    }

    [Test]
    [Description("W1 the sign-in page suits phones and password managers")]
    public async Task A_phone_changes_nothing_in_the_name_that_is_typed()
    {
        await using var sample = await SampleProcess.StartAsync("AdminPanel");
        await using var visit = await Visit.StartAsync(Origin(sample), UserAgents.FirefoxOnLinux);
        await visit.Tab.GotoAsync("/login");
        var name = visit.Tab.GetByLabel("Name");
        await Assertions.Expect(name).ToHaveAttributeAsync("autocapitalize", "none");
        await Assertions.Expect(name).ToHaveAttributeAsync("autocorrect", "off");
        await Assertions.Expect(name).ToHaveAttributeAsync("spellcheck", "false");
        await Assertions.Expect(name).ToHaveAttributeAsync("enterkeyhint", "next");
        await Assertions.Expect(visit.Tab.GetByLabel("Password")).ToHaveAttributeAsync("enterkeyhint", "go");
    }

    private static string Origin(SampleProcess sample) => sample.Address.GetLeftPart(UriPartial.Authority);

    private static async Task<Visit> SignedInAsync(SampleProcess sample, bool keepsPages)
    {
        var visit = await Visit.StartAsync(Origin(sample), UserAgents.FirefoxOnLinux, keepsPages: keepsPages);
        await visit.Tab.GotoAsync("/");
        await visit.Tab.GetByLabel("Name").FillAsync("ada");
        await visit.Tab.GetByLabel("Password").FillAsync(SampleProcess.Password);
        await visit.Button("Sign in").ClickAsync();
        return visit;
    }
}
