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
