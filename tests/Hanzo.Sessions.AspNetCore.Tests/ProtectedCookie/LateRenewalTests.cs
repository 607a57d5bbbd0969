using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>A slow request whose cookie the framework renews, while another request gives the browser a newer one.</summary>
public sealed class LateRenewalTests
{
    [TestCase("/login?user=ada&organization=hanzo")]
    [TestCase("/refresh?stamp=2")]
    [Description("W2 a late renewal does not overwrite the cookie that another request has set")]
    public async Task A_renewal_of_a_token_that_is_dead_meanwhile_is_not_sent(string meanwhile)
    {
        var (entered, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var app = await StartAsync(entered, gate);
        using var slow = await app.SignedInAsync();
        using var quick = app.Visitor();
        quick.Jar[CookieApp.CookieName] = slow.Jar[CookieApp.CookieName];
        app.Clock.Advance(TimeSpan.FromMinutes(20));

        var late = slow.GetAsync("/slow");
        await entered.Task;
        Assert.That((await quick.PostAsync(meanwhile)).SetCookies, Is.Not.Empty);
        gate.SetResult();

        Assert.That((await late).SetCookies, Is.Empty);
        Assert.That(await quick.MeAsync(), Is.EqualTo(200));
    }

    [Test, Description("W2 V6 a renewal goes on where nothing has happened meanwhile, and is left out where the store cannot say so")]
    public async Task A_renewal_is_sent_unless_the_store_fails([Values] bool fails)
    {
        var (entered, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var app = await StartAsync(entered, gate);
        using var visitor = await app.SignedInAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(20));

        var late = visitor.GetAsync("/slow");
        await entered.Task;
        app.Store.Fault = fails ? new IOException("gone") : null;
        gate.SetResult();
        var answer = await late;
        app.Store.Fault = null;

        Assert.That((answer.Status, answer.Body, answer.SetCookies.Count), Is.EqualTo((200, "done", fails ? 0 : 1)));
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
    }

    private static Task<WebHarness> StartAsync(TaskCompletionSource entered, TaskCompletionSource gate) => CookieApp.StartAsync(
        settings: it => it.App = web => web.MapGet("/slow", async (HttpContext http) =>
        {
            entered.SetResult();
            await gate.Task;
            await http.Response.WriteAsync("done");
        }),
        cookie: options => options.ExpireTimeSpan = TimeSpan.FromMinutes(30));
}
