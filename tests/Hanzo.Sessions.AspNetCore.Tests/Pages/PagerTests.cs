using Microsoft.Playwright;

namespace Hanzo.Sessions.AspNetCore.Tests.Pages;

/// <summary>Lists that change while they are read: no row is skipped, none comes twice, and the numbers are right or absent.</summary>
internal sealed class PagerTests : PageTest
{
    [Test]
    [Description("Pages, L3, X1")]
    public async Task Next_skips_nothing_after_a_whole_page_was_ended_on_it([Values("End", "Terminate")] string verb)
    {
        await SeedUsersAsync(60);
        var visit = await AdministratorAsync($"/admin/sessions?{Users(verb is "End" ? "records" : "sessions")}");
        for (var index = 0; index < 25; index++)
        {
            await visit.Button($"{verb} the session of user{index:00} in app-hanzo: Firefox on Windows").ClickAsync();
            await visit.Button("End 1 session").ClickAsync();
            await Expect(visit.Rows.Nth(index)).ToContainClassAsync("emptied");
        }

        await NextAsync(visit, "user25", "user49", "1–25 of 35");
        await NextAsync(visit, "user50", "user59", "26–35 of 35");
        await PreviousAsync(visit, "user25", "user49", "1–25 of 35");
        await Expect(visit.Button("Previous page")).ToHaveAttributeAsync("aria-disabled", "true");
    }

    [Test]
    [Description("Pages, L3, X1")]
    public async Task Nor_does_Previous_and_what_ended_elsewhere_takes_the_numbers_away_until_they_are_known_again([Values("records", "sessions")] string view)
    {
        var sessions = await SeedUsersAsync(90);
        var visit = await AdministratorAsync($"/admin/sessions?{Users(view)}");
        await NextAsync(visit, "user25", "user49", "26–50 of 90");
        await NextAsync(visit, "user50", "user74", "51–75 of 90");
        foreach (var session in sessions[30..40])
        {
            await Web.Manager.SignOutAsync(session);
        }

        await PreviousAsync(visit, "user15", "user49", "25 of 80");
        await visit.Tab.ReloadAsync();
        await ShowsAsync(visit, "user15", "user49", "25 of 80");
        await PreviousAsync(visit, "user00", "user24", "1–25 of 80");
        await visit.Tab.GoBackAsync();
        await ShowsAsync(visit, "user15", "user49", "25 of 80");
        await visit.Tab.GoForwardAsync();
        await ShowsAsync(visit, "user00", "user24", "1–25 of 80");
        await NextAsync(visit, "user25", "user59", "26–50 of 80");
        await NextAsync(visit, "user60", "user84", "51–75 of 80");
        await NextAsync(visit, "user85", "user89", "76–80 of 80");
    }

    [Test]
    [Description("Pages, L3, X1")]
    public async Task Rows_that_move_are_neither_skipped_nor_repeated([Values("records", "sessions")] string view)
    {
        var sessions = await SeedUsersAsync(60);
        var visit = await AdministratorAsync($"/admin/sessions?view={view}&search=user&sort=lastActiveAt&order=asc");
        await ShowsAsync(visit, "user00", "user24", "1–25 of 60");
        Web.Clock.Advance(TimeSpan.FromMinutes(5));
        foreach (var session in sessions[..10])
        {
            await Web.Manager.RecordUseAsync(session, default);
        }

        await NextAsync(visit, "user25", "user49", "25 of 60");
        await NextAsync(visit, "user50", "user09", "41–60 of 60");
        await PreviousAsync(visit, "user25", "user49", "16–40 of 60");
    }

    [Test]
    [Description("Pages, L5")]
    public async Task History_that_grows_at_its_beginning_repeats_nothing()
    {
        var sessions = await SeedUsersAsync(70);
        foreach (var session in Enumerable.Reverse(sessions[..60]))
        {
            await Web.Manager.SignOutAsync(session);
            Web.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var visit = await AdministratorAsync("/admin/sessions?view=history");
        await ShowsAsync(visit, "user00", "user24", "1–25 of 60");
        foreach (var session in sessions[60..])
        {
            await Web.Manager.SignOutAsync(session);
            Web.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await NextAsync(visit, "user25", "user49", "25 of 70");
        await NextAsync(visit, "user50", "user59", "61–70 of 70");
        await PreviousAsync(visit, "user25", "user49", "36–60 of 70");
        await PreviousAsync(visit, "user00", "user24", "11–35 of 70");
        await PreviousAsync(visit, "user69", "user14", "1–25 of 70");
    }

    [Test]
    [Description("Pages, L3, X1")]
    public async Task A_page_by_its_number_still_works_and_leads_on_and_back([Values("records", "sessions")] string view)
    {
        await SeedUsersAsync(60);
        var visit = await AdministratorAsync($"/admin/sessions?{Users(view)}&page=2");
        await ShowsAsync(visit, "user25", "user49", "26–50 of 60");
        await PreviousAsync(visit, "user00", "user24", "1–25 of 60");
        await visit.OpenAsync($"/admin/sessions?{Users(view)}&page=2");
        await NextAsync(visit, "user50", "user59", "51–60 of 60");

        await visit.Tab.GotoAsync($"/admin/sessions?{Users(view)}&cursor=nonsense&at=25");
        await ShowsAsync(visit, "user00", "user24", "1–25 of 60");
        Assert.That(visit.Path, Is.EqualTo($"/admin/sessions?{Users(view)}"));
    }

    [Test]
    [Description("Pages, L3")]
    public async Task My_sessions_shows_all_of_them_however_many_there_are()
    {
        for (var index = 0; index < 620; index++)
        {
            await SeedAsync("ada", UserAgents.Curl, application: "robots");
        }

        var visit = await SignedInAsync("ada");
        await visit.OpenAsync("/account/sessions");
        await Expect(visit.Button("Sign out everywhere else (620)")).ToBeVisibleAsync();
        await Expect(visit.Tab.Locator(".card.current")).ToHaveCountAsync(1);
        await Expect(visit.Tab.Locator(".card")).ToHaveCountAsync(101);
        while (await visit.Tab.GetByRole(AriaRole.Button, new() { Name = "more" }).CountAsync() > 0)
        {
            await visit.Tab.GetByRole(AriaRole.Button, new() { Name = "more" }).ClickAsync();
        }

        await Expect(visit.Tab.Locator(".card")).ToHaveCountAsync(621);
        await Expect(visit.Tab.Locator(".card:focus")).ToHaveCountAsync(1);
    }

    protected override void Configure(HanzoSessionsOptions options) => options.MaxSessions = null;

    /// <summary>The users in the same order in both views: records are sorted by user unless the address says otherwise.</summary>
    private static string Users(string view) => view is "records" ? "search=user" : "view=sessions&search=user&sort=user&order=asc";

    private async Task<List<Session>> SeedUsersAsync(int count)
    {
        List<Session> sessions = [];
        for (var index = 0; index < count; index++)
        {
            sessions.Add(await SeedAsync($"user{index:00}"));
            Web.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        return sessions;
    }

    private static async Task NextAsync(Visit visit, string first, string last, string range)
    {
        await visit.Button("Next page").ClickAsync();
        await ShowsAsync(visit, first, last, range);
    }

    private static async Task PreviousAsync(Visit visit, string first, string last, string range)
    {
        await visit.Button("Previous page").ClickAsync();
        await ShowsAsync(visit, first, last, range);
    }

    private static async Task ShowsAsync(Visit visit, string first, string last, string range)
    {
        await Expect(visit.Rows.First).ToContainTextAsync(first);
        await Expect(visit.Rows.Last).ToContainTextAsync(last);
        await Expect(visit.Tab.Locator(".range")).ToHaveTextAsync(range);
    }
}
