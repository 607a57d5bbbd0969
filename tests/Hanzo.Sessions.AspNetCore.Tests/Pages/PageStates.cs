using System.Net;
using Microsoft.Playwright;

namespace Hanzo.Sessions.AspNetCore.Tests.Pages;

/// <summary>Everything that the pages can look like, for the tests that look at all of it.</summary>
internal static class PageStates
{
    private static readonly State[] All =
    [
        new("admin-loading", async visit =>
        {
            await visit.Tab.RouteAsync("**/api/admin/sessions?*", _ => Task.CompletedTask);
            await visit.Tab.GotoAsync("/admin/sessions");
            await Assertions.Expect(visit.Tab.Locator(".skeleton").First).ToBeVisibleAsync();
        }),
        new("admin", visit => visit.OpenAsync("/admin/sessions")),
        new("admin-user", visit => visit.OpenAsync("/admin/sessions?user=ada&organization=hanzo")),
        new("admin-details", async visit =>
        {
            await visit.OpenAsync("/admin/sessions");
            await visit.Row("ada").First.Locator("button.tag-open").First.ClickAsync();
        }),
        new("admin-question", async visit =>
        {
            await visit.OpenAsync("/admin/sessions");
            await visit.Row("ada").First.GetByRole(AriaRole.Button, new() { Name = "Log out all devices of ada" }).ClickAsync();
            await Assertions.Expect(visit.Dialog).ToBeVisibleAsync();
        }),
        new("admin-own", async visit =>
        {
            await visit.OpenAsync("/admin/sessions");
            await visit.Button("End all 2 sessions of admin in app-hanzo").ClickAsync();
            await Assertions.Expect(visit.Dialog).ToBeVisibleAsync();
        }),
        new("admin-no-alarms", async visit =>
        {
            await visit.Tab.RouteAsync("**/api/admin/sessions/alarms*", route => route.AbortAsync());
            await visit.OpenAsync("/admin/sessions");
        }),
        new("admin-empty", visit => visit.OpenAsync("/admin/sessions?search=nobody")),
        new("admin-refused", visit => visit.OpenAsync("/admin/sessions?ip=nonsense")),
        new("admin-error", async visit =>
        {
            await visit.Tab.RouteAsync("**/api/admin/sessions?*", route => route.AbortAsync());
            await visit.OpenAsync("/admin/sessions");
        }),
        new("sessions-loading", async visit =>
        {
            await visit.Tab.RouteAsync("**/api/admin/sessions?*", _ => Task.CompletedTask);
            await visit.Tab.GotoAsync("/admin/sessions?view=sessions");
            await Assertions.Expect(visit.Tab.Locator(".skeleton").First).ToBeVisibleAsync();
        }),
        new("sessions", visit => visit.OpenAsync("/admin/sessions?view=sessions")),
        new("sessions-ended", async visit =>
        {
            await visit.OpenAsync("/admin/sessions?view=sessions");
            await visit.Button("Terminate the session of ben in app-hanzo: Edge on Windows").ClickAsync();
            await visit.Button("End 1 session").ClickAsync();
            await Assertions.Expect(visit.Toast).ToContainTextAsync("Ended the session of ben");
        }),
        new("history", visit => visit.OpenAsync("/admin/sessions?view=history")),
        new("account", visit => visit.OpenAsync("/account/sessions")),
        new("account-question", async visit =>
        {
            await visit.OpenAsync("/account/sessions");
            await visit.Tab.GetByRole(AriaRole.Button, new() { Name = "Sign out everywhere else" }).ClickAsync();
        }),
        new("admin-ended", async visit =>
        {
            await visit.OpenAsync("/admin/sessions");
            await visit.Button("End the session of fatima in app-hanzo: Chrome on Android").ClickAsync();
            await visit.Button("End 1 session").ClickAsync();
            await visit.Button("End all 2 sessions of charlotte.lindqvist in app-hanzo").ClickAsync();
            await visit.Button("End 2 sessions").ClickAsync();
            await Assertions.Expect(visit.Toast).ToContainTextAsync("Ended 2 sessions");
        }),
        new("account-ended", async visit =>
        {
            await visit.OpenAsync("/account/sessions");
            await visit.Tab.GetByRole(AriaRole.Button, new() { Name = "End session on" }).First.ClickAsync();
            await visit.Button("End 1 session").ClickAsync();
            await Assertions.Expect(visit.Toast).ToContainTextAsync("Signed out");
        }),
        new("admin-another-sign-in", async visit =>
        {
            await visit.OpenAsync("/admin/sessions");
            await visit.SignInAsync("ada\u3000", more: WebHarness.Administrator);
            await visit.Button("Refresh").ClickAsync();
            await Assertions.Expect(visit.Tab.Locator(".other-identity")).ToBeVisibleAsync();
            await Assertions.Expect(visit.Tab.Locator(".tag.current")).ToBeVisibleAsync();
        }),
        new("forbidden", async visit =>
        {
            await visit.SignInAsync("ben");
            await visit.Tab.GotoAsync("/admin/sessions");
            await Assertions.Expect(visit.Heading("Only for administrators")).ToBeVisibleAsync();
        }),
    ];

    public static int Count => All.Length;

    /// <summary>Brings the page into one state after the other.</summary>
    public static async Task EachAsync(Visit visit, Func<string, Task> look)
    {
        foreach (var state in All)
        {
            await state.EnterAsync(visit);
            await look(state.Name);
            await visit.Tab.UnrouteAllAsync();
        }
    }

    /// <summary>People and devices as an administrator may find them.</summary>
    public static async Task SeedAsync(WebHarness web)
    {
        (string User, string Agent, string Ip, string Application, int MinutesAgo)[] people =
        [
            ("ada", UserAgents.SafariOnIPad, "203.0.113.9", "app-hanzo", 600),
            ("fatima", UserAgents.FirefoxOnWindows, "192.0.2.101", "app-hanzo", 480),
            ("fatima", UserAgents.ChromeOnAndroid, "192.0.2.100", "app-hanzo", 420),
            ("dmitri", UserAgents.FirefoxOnLinux, "192.0.2.90", "warehouse", 300),
            ("ada", UserAgents.ChromeOnAndroid, "198.51.100.23", "app-hanzo", 290),
            ("charlotte.lindqvist", UserAgents.ChromeOnMac, "2001:db8:7::1", "app-hanzo", 200),
            ("admin", UserAgents.SafariOnIPhone, "192.0.2.31", "app-hanzo", 150),
            ("charlotte.lindqvist", UserAgents.SafariOnIPhone, "2001:db8:9::1", "app-hanzo", 130),
            ("ada", UserAgents.Curl, "203.0.113.80", "billing", 120),
            ("fatima", UserAgents.FirefoxOnWindows, "203.0.113.40", "app-hanzo", 60),
            ("ada", UserAgents.FirefoxOnWindows, "192.0.2.7", "app-hanzo", 45),
            ("ada", UserAgents.FirefoxOnWindows, "192.0.2.7", "billing", 38),
            ("ben", UserAgents.EdgeOnWindows, "192.0.2.40", "app-hanzo", 25),
            ("mallory\u202Egnp.exe", "python-requests/2.32", "192.0.2.99", "app-hanzo", 10),
        ];
        var now = web.Clock.GetUtcNow();
        var active = new List<Session>();
        foreach (var (user, agent, ip, application, minutesAgo) in people)
        {
            await MoveToAsync(web, active, now.AddMinutes(-minutesAgo));
            var issued = await web.Manager.CreateAsync(new NewSession
            {
                User = new SessionUser("hanzo", user),
                Application = application,
                UserAgent = agent,
                IpAddress = IPAddress.Parse(ip),
            });
            active.Add(issued.Session);
        }

        await MoveToAsync(web, active, now.AddMinutes(-4));
        await UseAsync(web, active[10], "192.0.2.55", active[10].UserAgent);
        await UseAsync(web, active[11], "198.51.100.200", UserAgents.Curl);
        await MoveToAsync(web, active, now);
        var chief = SessionCaller.Of(active[6]);
        foreach (var (user, agent, ip) in new[] { ("ben", UserAgents.EdgeOnWindows, "192.0.2.40"), ("dmitri", UserAgents.SafariOnIPhone, "192.0.2.9"), ("ben", UserAgents.Curl, "192.0.2.40") })
        {
            var issued = await web.Manager.CreateAsync(
                new NewSession { User = new SessionUser("hanzo", user), UserAgent = agent, IpAddress = IPAddress.Parse(ip) });
            if (user is "ben")
            {
                await web.Manager.SignOutAsync(issued.Session);
            }
            else
            {
                await web.Manager.TerminateAsync(SessionScope.Of("hanzo"), issued.Session.Id, chief);
            }
        }
    }

    private static async Task UseAsync(WebHarness web, Session session, string ip, string? agent) =>
        await web.Manager.RecordUseAsync(await web.StoredAsync(session.Id.ToString()), new SessionPlace(IPAddress.Parse(ip), agent));

    // In steps shorter than the idle timeout, with everybody active now and then.
    private static async Task MoveToAsync(WebHarness web, List<Session> active, DateTimeOffset instant)
    {
        while (web.Clock.GetUtcNow() != instant)
        {
            var step = instant - web.Clock.GetUtcNow();
            web.Clock.SetWallClock(step > TimeSpan.FromMinutes(30) ? web.Clock.GetUtcNow().AddMinutes(30) : instant);
            for (var index = 0; index < active.Count; index++)
            {
                active[index] = await web.StoredAsync(active[index].Id.ToString());
                if (active[index].ActiveUntil - web.Clock.GetUtcNow() < TimeSpan.FromMinutes(35 + (index * 7 % 12)))
                {
                    await web.Manager.RecordUseAsync(active[index], default);
                }
            }
        }
    }

    private sealed record State(string Name, Func<Visit, Task> EnterAsync);
}
