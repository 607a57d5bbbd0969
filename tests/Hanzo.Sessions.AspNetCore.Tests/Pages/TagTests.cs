namespace Hanzo.Sessions.AspNetCore.Tests.Pages;

/// <summary>Tags of the same device are told apart on the tag itself.</summary>
internal sealed class TagTests : PageTest
{
    private const string Firefox = "Firefox on Windows";

    protected override ISessionLocator Locator { get; } = new Towns();

    protected override void Configure(HanzoSessionsOptions options) => options.MaxSessions = null;

    [Test]
    [Description("X1 U8 tags of the same device differ by their place, and the others stay as they are")]
    public async Task The_place_tells_them_apart_where_it_does()
    {
        await NextAsync("192.0.2.7");
        await NextAsync("2001:db8::7");
        await NextAsync("198.51.100.7");
        await NextAsync("203.0.113.7");
        await NextAsync("192.0.2.7", UserAgents.Curl);
        await SeedAsync("ada", application: "billing");
        await ShowsAsync("ada", "curl", $"{Firefox} · Portland, Maine", $"{Firefox} · Portland, Oregon", $"{Firefox} · Lyon", $"{Firefox} · Madrid");
    }

    [Test]
    [Description("X1 U1 the place is that of the last use")]
    public async Task It_is_the_place_of_the_last_use()
    {
        var first = await NextAsync("192.0.2.7");
        await NextAsync("192.0.2.7");
        await UseAsync(first, "203.0.113.9");
        await ShowsAsync("ada", $"{Firefox} · Madrid", $"{Firefox} · Portland");
        await Expect((await AdministratorAsync()).Button($"{Firefox} · Portland, last used elsewhere, details of the session of ada in app-hanzo")).ToBeVisibleAsync();
    }

    [Test]
    [Description("X1 sessions at one place, or at unknown ones, differ by their last activity")]
    public async Task The_last_activity_tells_them_apart_at_one_place([Values("192.0.2.7", "10.0.0.7")] string ip)
    {
        Before(TimeSpan.FromMinutes(30));
        await SeedAsync("ada", ip: ip);
        Web.Clock.Advance(TimeSpan.FromMinutes(10));
        await SeedAsync("ada", ip: ip);
        Web.Clock.Advance(TimeSpan.FromMinutes(20));
        await ShowsAsync("ada", $"{Firefox} · 20 minutes ago", $"{Firefox} · 30 minutes ago");
    }

    [Test]
    [Description("X1 ten sessions alike in everything differ by their short id, and so do the names of their buttons")]
    public async Task Ten_that_are_alike_in_everything_have_ids()
    {
        List<string> names = [];
        for (var index = 0; index < 10; index++)
        {
            var session = await NextAsync("192.0.2.7", UserAgents.EdgeOnWindows);
            names.Insert(0, $"Edge on Windows · just now · …{session.Id.ToString()[^8..]}");
        }

        var visit = await AdministratorAsync();
        await visit.Button("Show 4 more sessions of ada in app-hanzo").ClickAsync();
        var tags = visit.Row("ada").Locator(".tag");
        await Expect(tags).ToHaveTextAsync(names);
        foreach (var name in names)
        {
            await Expect(visit.Button($"End the session of ada in app-hanzo: {name}")).ToHaveCountAsync(1);
            await Expect(visit.Button($"{name}, details of the session of ada in app-hanzo")).ToHaveCountAsync(1);
        }

        await visit.Button($"End the session of ada in app-hanzo: {names[3]}").ClickAsync();
        await visit.Button("End 1 session").ClickAsync();
        await Expect(tags.Nth(3)).ToHaveTextAsync(names[3] + "ended");
    }

    /// <summary>A session of ada that is newer than those before.</summary>
    private async Task<Session> NextAsync(string ip, string userAgent = UserAgents.FirefoxOnWindows)
    {
        Web.Clock.Advance(TimeSpan.FromMilliseconds(10));
        return await SeedAsync("ada", userAgent, ip);
    }

    private async Task ShowsAsync(string user, params string[] tags)
    {
        var visit = await AdministratorAsync();
        await Expect(visit.Row(user, "app-hanzo").Locator(".tag")).ToHaveTextAsync(tags);
    }
}
