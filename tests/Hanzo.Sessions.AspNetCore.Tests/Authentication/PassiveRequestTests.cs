namespace Hanzo.Sessions.AspNetCore.Tests;

public sealed class PassiveRequestTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(10);

    [Test, Description("V8 an idle tab whose page refreshes itself still times out; an active one lives")]
    public async Task An_idle_tab_that_refreshes_itself_times_out_and_an_active_one_does_not()
    {
        await using var app = await WebHarness.StartAsync();
        var (idle, active) = (await app.SignedInAsync(), await app.SignedInAsync());
        for (var minutes = 10; minutes < 60; minutes += 10)
        {
            app.Clock.Advance(Step);
            Assert.That((await RefreshAsync(idle)).Status, Is.EqualTo(200));
            Assert.That((await active.GetAsync("/api/account/sessions")).Status, Is.EqualTo(200));
        }

        app.Clock.Advance(Step);

        Assert.That((await RefreshAsync(idle)).Status, Is.EqualTo(401));
        Assert.That((await active.GetAsync("/api/account/sessions")).Status, Is.EqualTo(200));
    }

    [Test, Description("V8 endpoint metadata for hosts")]
    public async Task A_request_of_a_passive_endpoint_is_no_activity()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(59));

        Assert.That((await visitor.GetAsync("/passive")).Status, Is.EqualTo(200));
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [TestCase("1", 401)]
    [TestCase("0", 200)]
    [TestCase("true", 200)]
    [TestCase("", 200)]
    [TestCase("1, 1", 200)]
    [Description("V8 the header has one value")]
    public async Task Only_the_value_1_makes_a_request_passive(string value, int laterStatus)
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(59));
        await visitor.GetAsync("/me", ("X-Hanzo-Passive", value));
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.That(await visitor.MeAsync(), Is.EqualTo(laterStatus));
    }

    [TestCase("Sec-Purpose", "prefetch", 401)]
    [TestCase("Sec-Purpose", "prefetch;prerender", 401)]
    [TestCase("Sec-Purpose", "prefetch;anonymous-client-ip", 401)]
    [TestCase("Sec-Purpose", "prerender", 401)]
    [TestCase("Purpose", "prefetch", 401)]
    [TestCase("X-Purpose", "preview", 401)]
    [TestCase("X-Moz", "prefetch", 401)]
    [TestCase("Sec-Purpose", "", 200)]
    [TestCase("Sec-Purpose", "other", 200)]
    [TestCase("Purpose", "navigate", 200)]
    [Description("V8 a browser that fetches a page ahead, unasked, is not its user")]
    public async Task A_page_fetched_ahead_is_no_activity(string header, string value, int laterStatus)
    {
        await using var app = await WebHarness.StartAsync(it => it.RealServer = true);
        var visitor = await app.SignedInAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(59));
        await visitor.GetAsync("/me", (header, value));
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.That(await visitor.MeAsync(), Is.EqualTo(laterStatus));
    }

    [Test, Description("V8 the same behind ProtectCookie")]
    public async Task A_page_fetched_ahead_with_a_protected_cookie_is_no_activity()
    {
        await using var app = await CookieApp.StartAsync(settings: it => it.RealServer = true);
        var visitor = await app.SignedInAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(59));
        await visitor.GetAsync("/me", ("Sec-Purpose", "prefetch"));
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("V8 it can only shorten a life")]
    public async Task A_passive_request_does_not_revive_a_session()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(60));

        Assert.That((await RefreshAsync(visitor)).Status, Is.EqualTo(401));
    }

    private static Task<Answer> RefreshAsync(Visitor visitor) => visitor.GetAsync("/api/account/sessions", ("X-Hanzo-Passive", "1"));
}
