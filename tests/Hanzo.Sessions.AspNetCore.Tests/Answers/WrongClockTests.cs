using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>What a client of a server with a wrong clock gets.</summary>
public sealed class WrongClockTests
{
    private readonly TestClock _storeClock = new();

    [Test, Description("K2 V6 503 where the clocks disagree about a session; no sign-out, and it goes on by itself")]
    public async Task A_request_about_which_the_clocks_disagree_is_503_and_the_cookie_stays()
    {
        await using var app = await StartAsync();
        using var visitor = await app.SignedInAsync();
        app.Clock.SetWallClock(_storeClock.GetUtcNow().AddMinutes(61));

        for (var i = 0; i < 3; i++)
        {
            var answer = await visitor.GetAsync("/me");
            Assert.That((answer.Status, answer.Header("Retry-After")), Is.EqualTo((503, "5")));
            Assert.That(answer.SetCookies, Is.Empty);
        }

        app.Clock.SetWallClock(_storeClock.GetUtcNow());
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
    }

    [Test, Description("K2 a server that is two hours behind does not refuse the others' fresh sessions")]
    public async Task A_request_is_let_in_that_both_clocks_call_active([Values(-120, 30)] int minutes)
    {
        await using var app = await StartAsync();
        using var visitor = await app.SignedInAsync();
        app.Clock.SetWallClock(_storeClock.GetUtcNow().AddMinutes(minutes));

        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
    }

    [Test, Description("K2 a sign-in is 503 where the app calls UseExceptionHandler, and nothing is stored")]
    public async Task A_sign_in_is_503([Values(-120, 61)] int minutes)
    {
        await using var app = await StartAsync();
        app.Clock.SetWallClock(_storeClock.GetUtcNow().AddMinutes(minutes));
        using var visitor = app.Visitor();

        var answer = await visitor.SignInAsync("ada", "hanzo", "");

        Assert.That((answer.Status, answer.Header("Retry-After")), Is.EqualTo((503, "5")));
        Assert.That(answer.SetCookies, Is.Empty);
        Assert.That((await app.Manager.GetQuotaAsync(new SessionUser("hanzo", "ada"), "default")).Used, Is.Zero);
    }

    [Test, Description("K2 T7 a sign-out works, whatever the clock")]
    public async Task A_sign_out_works([Values(-120, 30)] int minutes)
    {
        await using var app = await StartAsync();
        using var visitor = await app.SignedInAsync();
        app.Clock.SetWallClock(_storeClock.GetUtcNow().AddMinutes(minutes));

        Assert.That((await visitor.PostAsync("/logout")).Status, Is.EqualTo(200));
        app.Clock.SetWallClock(_storeClock.GetUtcNow());
        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    private Task<WebHarness> StartAsync() => WebHarness.StartAsync(it =>
    {
        it.Services += services =>
        {
            services.AddProblemDetails();
            services.Replace(inner => new StoreWithClock(inner, _storeClock));
        };
        it.App += web =>
        {
            web.UseExceptionHandler();
            web.UseAuthentication();
        };
    });
}
