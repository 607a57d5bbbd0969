using Microsoft.Playwright;

namespace Hanzo.Sessions.AspNetCore.Tests.Pages;

/// <summary>The pages look for new data by themselves. The browser's clock is moved by hand.</summary>
internal sealed class AutoRefreshTests : PageTest
{
    private const int OneLook = 36_000;

    [Test]
    [Description("Pages, V8, X1")]
    public async Task An_automatic_look_is_no_activity_and_moves_no_row([Values("/admin/sessions", "/admin/sessions?view=sessions")] string path)
    {
        var ada = await SeedAsync("ben");
        Web.Clock.Advance(TimeSpan.FromSeconds(1));
        var visit = await OpenAsync(path, "admin", Admin);
        var before = await TextsAsync(visit.Rows);
        visit.ApiRequests.Clear();
        Web.Clock.Advance(TimeSpan.FromSeconds(1));
        await SeedAsync("aaa");

        await LookAsync(visit);
        await Expect(visit.Button("New data: show")).ToBeVisibleAsync();

        Assert.That(visit.ApiRequests, Is.Not.Empty);
        foreach (var request in visit.ApiRequests)
        {
            Assert.That(await request.HeaderValueAsync("X-Hanzo-Passive"), Is.EqualTo("1"), request.Url);
        }

        Assert.That(before, Has.Length.EqualTo(2));
        Assert.That(await TextsAsync(visit.Rows), Is.EqualTo(before));
        await visit.Button("New data: show").ClickAsync();
        await Expect(visit.Rows.First).ToContainTextAsync("aaa");
        await Expect(visit.Button("New data: show")).ToBeHiddenAsync();
        Assert.That(await EndOfAsync(ada), Is.Null);
    }

    [Test]
    [Description("Pages, A1")]
    public async Task While_alarms_are_being_counted_the_page_says_so_and_asks_again_soon([Values] bool areThere)
    {
        for (var network = 1; network <= (areThere ? 4 : 3); network++)
        {
            await SeedAsync("ada", ip: $"192.0.2.{network}");
        }

        var visit = await SignedInAsync("admin", Admin);
        await visit.Tab.Clock.InstallAsync();
        var gate = await CountSlowlyAsync(visit);
        await Expect(visit.Heading("Users on unusually many addresses are being counted…")).ToBeVisibleAsync();
        await Expect(visit.Row("ada")).ToBeVisibleAsync();
        gate.SetResult();

        await visit.Tab.Clock.RunForAsync(10_000);
        if (areThere)
        {
            await visit.Button("New data: show").ClickAsync();
            await Expect(visit.Heading("1 user is signed in from unusually many addresses")).ToBeVisibleAsync();
            return;
        }

        await Expect(visit.Heading("No user is signed in from unusually many addresses")).ToBeVisibleAsync();
        await Expect(visit.Button("New data: show")).ToBeHiddenAsync();
        await visit.Button("Refresh").ClickAsync();
        await Expect(visit.Tab.Locator(".alarms")).ToBeHiddenAsync();
    }

    [Test]
    [Description("Pages, A1")]
    public async Task Alarms_that_are_not_fresh_say_when_they_were_counted()
    {
        for (var network = 1; network <= 4; network++)
        {
            await SeedAsync("ada", ip: $"192.0.2.{network}");
        }

        var visit = await SignedInAsync("admin", Admin);
        await visit.OpenAsync("/admin/sessions");
        await Expect(visit.Heading("1 user is signed in from unusually many addresses")).ToBeVisibleAsync();
        await Expect(visit.Tab.Locator(".counted")).ToHaveCountAsync(0);

        Web.Clock.SetWallClock(Web.Clock.GetUtcNow() - TimeSpan.FromMinutes(3.5));
        await visit.Button("Refresh").ClickAsync();
        await Expect(visit.Tab.Locator(".counted")).ToHaveTextAsync("Counted 3 minutes ago");
    }

    [Test]
    [Description("Pages, V8, X1")]
    public async Task The_same_rows_take_new_values_in_place([Values("/admin/sessions", "/admin/sessions?view=sessions")] string path)
    {
        var session = await SeedAsync("ben");
        var visit = await OpenAsync(path, "admin", Admin);
        var time = visit.Row("ben").Locator(".col-active time");
        var before = await time.GetAttributeAsync("datetime");

        Web.Clock.Advance(TimeSpan.FromMinutes(5));
        await Web.Manager.RecordUseAsync(session, default);
        await LookAsync(visit);

        await Expect(time).Not.ToHaveAttributeAsync("datetime", before!);
        await Expect(visit.Button("New data: show")).ToBeHiddenAsync();
    }

    [Test]
    [Description("Pages, X1")]
    public async Task What_was_ended_here_stays_in_place_while_the_page_looks([Values("End", "Terminate")] string verb)
    {
        await SeedAsync("ada");
        await SeedAsync("ben");
        var visit = await OpenAsync(verb is "End" ? "/admin/sessions" : "/admin/sessions?view=sessions", "admin", Admin);
        await visit.Button($"{verb} the session of ada in app-hanzo: Firefox on Windows").ClickAsync();
        await visit.Button("End 1 session").ClickAsync();
        await Expect(visit.Row("ada")).ToContainClassAsync("emptied");

        await LookAsync(visit);
        await Expect(visit.Row("ada")).ToContainClassAsync("emptied");
        await Expect(visit.Button("New data: show")).ToBeHiddenAsync();
    }

    [Test]
    [Description("Pages, V6")]
    public async Task A_look_that_succeeds_takes_the_error_away([Values("/admin/sessions", "/account/sessions")] string path)
    {
        var visit = await SignedInAsync("admin", Admin);
        await visit.Tab.Clock.InstallAsync();
        await visit.Tab.RouteAsync("**/api/*/sessions?*", route => route.AbortAsync());
        await visit.OpenAsync(path);
        await Expect(visit.Heading("This did not work")).ToBeVisibleAsync();
        await visit.Tab.UnrouteAllAsync();

        await LookAsync(visit);
        await Expect(visit.Heading("This did not work")).ToHaveCountAsync(0);
        await Expect(visit.Tab.GetByText("Firefox on Linux")).ToBeVisibleAsync();
        await Expect(visit.Button("New data: show")).ToBeHiddenAsync();
    }

    [Test]
    [Description("Pages, V6")]
    public async Task Nor_does_the_error_stay_over_the_rows_that_stood_there_before()
    {
        await SeedAsync("ada");
        var visit = await OpenAsync("/admin/sessions", "admin", Admin);
        await visit.Tab.RouteAsync("**/api/admin/sessions?*", route => route.AbortAsync());
        await visit.Button("Refresh").ClickAsync();
        await Expect(visit.Heading("This did not work")).ToBeVisibleAsync();
        await visit.Tab.UnrouteAllAsync();

        await LookAsync(visit);
        await Expect(visit.Heading("This did not work")).ToHaveCountAsync(0);
        await Expect(visit.Row("ada")).ToBeVisibleAsync();
    }

    [Test]
    [Description("Pages")]
    public async Task Nobody_looks_while_a_dialog_is_open()
    {
        await SeedAsync("ada");
        var visit = await OpenAsync("/admin/sessions", "admin", Admin);
        await visit.Row("ada").GetByText("Firefox on Windows").ClickAsync();
        visit.ApiRequests.Clear();

        await visit.Tab.Clock.RunForAsync(10 * OneLook);
        Assert.That(visit.ApiRequests, Is.Empty);
        await visit.Button("Close").ClickAsync();
        await LookAsync(visit);
    }

    [Test]
    [Description("Pages, V2, V8")]
    public async Task A_tab_that_only_looks_times_out_and_lands_on_the_sign_in_page([Values("/admin/sessions", "/account/sessions")] string path)
    {
        var visit = await OpenAsync(path, "admin", Admin);
        for (var minutes = 0; minutes < 60; minutes += 20)
        {
            await LookAsync(visit);
            Web.Clock.Advance(TimeSpan.FromMinutes(20));
        }

        await LookAsync(visit, status: 401);
        await Expect(visit.Heading("Sign in")).ToBeVisibleAsync();
        await Expect(visit.Tab.Locator("p")).ToHaveTextAsync(nameof(SessionEndReason.IdleTimeout));
    }

    [Test]
    [Description("Pages")]
    public async Task My_sessions_offers_new_cards_and_moves_none()
    {
        var visit = await OpenAsync("/account/sessions", "ada");
        await SeedAsync("ada", UserAgents.SafariOnIPhone);

        await LookAsync(visit);
        await Expect(visit.Tab.Locator(".card")).ToHaveCountAsync(1);
        await visit.Button("New data: show").ClickAsync();
        await Expect(visit.Tab.Locator(".card")).ToHaveCountAsync(2);
    }

    /// <summary>Opens the page while the store counts the alarms, for longer than a request waits.</summary>
    private async Task<TaskCompletionSource> CountSlowlyAsync(Visit visit)
    {
        var (begun, gate) = (Gate(), Gate());
        Web.Store.BeforeAlarms = () =>
        {
            begun.TrySetResult();
            return gate.Task;
        };
        var opening = visit.OpenAsync("/admin/sessions");
        await begun.Task;
        await Web.Clock.WaitForTimersAsync(2); // The clean-up's, and that of the request.
        Web.Clock.Advance(TimeSpan.FromMilliseconds(30));
        await opening;
        return gate;

        static TaskCompletionSource Gate() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private async Task<Visit> OpenAsync(string path, string user, string more = "")
    {
        var visit = await SignedInAsync(user, more);
        await visit.Tab.Clock.InstallAsync();
        await visit.OpenAsync(path);
        return visit;
    }

    /// <summary>The texts of rows, with the instants themselves where a row says how long ago they were.</summary>
    private static Task<string[]> TextsAsync(ILocator rows) => rows.EvaluateAllAsync<string[]>(
        """
        rows => rows.map(row => {
          const copy = row.cloneNode(true);
          copy.querySelectorAll('time').forEach(time => { time.textContent = time.dateTime; });
          return copy.textContent;
        })
        """);

    /// <summary>
    /// Moves the browser's clock until a look of the page is answered so. It does not look while it still reads the
    /// answers to the look before, and the answer to an earlier look may still be on its way.
    /// </summary>
    private static async Task LookAsync(Visit visit, int status = 200)
    {
        var answer = visit.Tab.WaitForResponseAsync(response =>
            response.Status == status && response.Url.Contains("/sessions?", StringComparison.Ordinal));
        do
        {
            await visit.Tab.Clock.RunForAsync(OneLook);
        }
        while (!answer.IsCompleted);
        await answer;
    }
}
