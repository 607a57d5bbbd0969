using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>What docs/Security.md says about a connection that stays open.</summary>
public sealed class EventStreamTests
{
    [TestCase("end")]
    [TestCase("timeout")]
    [Description("V4 an open connection can ask by the session's id, without its token, and that is no activity")]
    public async Task An_event_stream_asks_from_time_to_time_whether_its_session_is_active(string how)
    {
        var (again, isOpen) = (new SemaphoreSlim(0), new TaskCompletionSource());
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.RealServer = true;
            it.App = web => web.MapGet("/events", async (HttpContext http, SessionManager sessions) =>
            {
                var session = http.GetCurrentSession()!;
                var scope = SessionScope.Of(session.User.Organization);
                while (await sessions.FindAsync(scope, session.Id) is { End: null })
                {
                    await http.Response.WriteAsync("data: still signed in\n\n");
                    isOpen.TrySetResult();
                    await again.WaitAsync(TimeSpan.FromSeconds(30));
                }

                await http.Response.WriteAsync("data: over\n\n");
            });
        });
        using var visitor = await app.SignedInAsync();
        var before = await app.StoredAsync(await visitor.SessionIdAsync());
        var stream = visitor.GetAsync("/events");
        await isOpen.Task.WaitAsync(TimeSpan.FromSeconds(30));
        app.Clock.Advance(TimeSpan.FromMinutes(59));
        again.Release();

        if (how is "end")
        {
            await app.Manager.TerminateEverythingAsync(SessionCaller.Service("test"));
        }

        app.Clock.Advance(TimeSpan.FromMinutes(1));
        again.Release();

        Assert.That((await stream).Body, Does.StartWith("data: still signed in").And.EndsWith("data: over\n\n"));
        Assert.That((await app.StoredAsync(before.Id.ToString())).LastActiveAt, Is.EqualTo(before.LastActiveAt));
    }
}
