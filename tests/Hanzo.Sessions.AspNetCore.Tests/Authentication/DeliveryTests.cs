using System.Net.Sockets;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>A session is kept only for a client that can get its token; the server is Kestrel.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class DeliveryTests(bool protectedCookie)
{
    private static readonly SessionUser Ada = new("hanzo", "ada");

    private string CookieName => protectedCookie ? CookieApp.CookieName : WebHarness.CookieName;

    [TestCase("/late-login")]
    [TestCase("/late-refresh")]
    [Description("C9 nothing is stored when the response has already started, as in an interactive component")]
    public async Task After_the_response_has_started_nothing_is_stored(string path)
    {
        Exception? fault = null;
        await using var app = await StartAsync(web =>
        {
            MapLate("/late-login", http => http.SignInAsync(MoreEndpoints.Named("ada", new Claim("organization", "hanzo"))));
            MapLate("/late-refresh", async http =>
            {
                var ticket = await http.AuthenticateAsync();
                await http.SignInAsync(MoreEndpoints.Named("ada", new Claim("organization", "hanzo"), new Claim(DemoEndpoints.Stamp, "2")), ticket.Properties);
            });

            void MapLate(string pattern, Func<HttpContext, Task> late) => web.MapPost(pattern, async (HttpContext http) =>
            {
                await http.Response.WriteAsync("begun");
                await http.Response.Body.FlushAsync();
                fault = await Assert.CatchAsync(() => late(http));
            });
        });
        using var visitor = await app.SignedInAsync();
        using var other = await app.SignedInAsync();
        var id = await visitor.SessionIdAsync();

        for (var i = 0; i < 10; i++)
        {
            await visitor.PostAsync(path);
            Assert.That(fault, Is.TypeOf<InvalidOperationException>().With.Message.StartWith("The response has started"));
        }

        Assert.That(await visitor.SessionIdAsync(), Is.EqualTo(id), "the browser stays signed in");
        Assert.That(await other.MeAsync(), Is.EqualTo(200));
        Assert.That(await UsedAsync(app), Is.EqualTo(2));
    }

    [TestCase(false, false)]
    [TestCase(true, false)]
    [TestCase(false, true)]
    [Description("C9 the cookie survives a response that an error page clears")]
    public async Task An_exception_after_the_sign_in_does_not_lose_the_cookie(bool scopeForErrors, bool errorPageAuthenticates)
    {
        await using var app = await StartAsync(
            web =>
            {
                MapFailing(web);
                web.MapFallback("/error", async (HttpContext http) =>
                {
                    await (errorPageAuthenticates ? http.AuthenticateAsync() : Task.CompletedTask);
                    await http.Response.WriteAsync(http.GetCurrentSession()?.User.Name ?? "nobody");
                });
            },
            web => web.UseExceptionHandler(new ExceptionHandlerOptions
            {
                ExceptionHandlingPath = "/error",
                CreateScopeForErrors = scopeForErrors,
            }));
        using var visitor = await app.SignedInAsync("ben");
        var replaced = await visitor.SessionIdAsync();

        var answer = await visitor.PostAsync("/login-and-fail");

        Assert.That((answer.Status, answer.Header("Cache-Control")), Is.EqualTo((500, "no-store")));
        Assert.That(answer.SetCookies, Has.Count.EqualTo(1));
        Assert.That((await visitor.GetAsync("/me")).Json.GetProperty("user").GetString(), Is.EqualTo("hanzo/ada"));
        Assert.That((await app.EndOfAsync(replaced))!.Reason, Is.EqualTo(SessionEndReason.Replaced));
    }

    [Test, Description("C9 T10 the cookie of changed credentials survives it too")]
    public async Task An_exception_after_a_change_of_credentials_does_not_lose_the_cookie()
    {
        await using var app = await StartAsync(
            web => web.MapPost("/change-and-fail", async (HttpContext http) =>
            {
                var ticket = await http.AuthenticateAsync();
                await http.SignInAsync(MoreEndpoints.Named("ada", new Claim("organization", "hanzo"), new Claim(DemoEndpoints.Stamp, "2")), ticket.Properties);
                throw new InvalidOperationException("after the change");
            }),
            web => web.UseExceptionHandler(error => error.Run(http => http.Response.WriteAsync("sorry"))));
        using var visitor = await app.SignedInAsync();
        var (id, old) = (await visitor.SessionIdAsync(), $"{CookieName}={visitor.Jar[CookieName]}");

        Assert.That((await visitor.PostAsync("/change-and-fail")).Status, Is.EqualTo(500));

        Assert.That(await visitor.SessionIdAsync(), Is.EqualTo(id));
        visitor.RawCookie = old;
        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("C9 the cookie of a sign-out after the sign-in is not overwritten")]
    public async Task A_sign_out_and_an_exception_after_the_sign_in_leave_no_session()
    {
        await using var app = await StartAsync(
            web => web.MapPost("/in-and-out", async (HttpContext http) =>
            {
                await http.SignInAsync(MoreEndpoints.Named("ada", new Claim("organization", "hanzo")));
                await http.SignOutAsync();
                throw new InvalidOperationException("after the sign-out");
            }),
            web => web.UseExceptionHandler(error => error.Run(http => http.Response.WriteAsync("sorry"))));
        using var visitor = app.Visitor();

        await visitor.PostAsync("/in-and-out");

        Assert.That(visitor.Jar, Is.Empty);
        Assert.That(await UsedAsync(app), Is.Zero);
        Assert.That((await HistoryAsync(app)).Single().End!.Reason, Is.EqualTo(SessionEndReason.SignedOut));
    }

    [Test, Description("C9 a session whose cookie never left ends, and the one that it replaced stays replaced")]
    public async Task An_exception_without_an_error_page_ends_the_fresh_session()
    {
        await using var app = await StartAsync(MapFailing);
        using var visitor = await app.SignedInAsync("ben");

        var answer = await visitor.PostAsync("/login-and-fail");

        Assert.That((answer.Status, answer.SetCookies.Count), Is.EqualTo((500, 0)));
        await Until.TrueAsync(async () => await UsedAsync(app) == 0, "the session that was not delivered ends");
        Assert.That(
            (await HistoryAsync(app)).Select(it => (it.User.Name, it.End!.Reason)),
            Is.EquivalentTo(new[] { ("ada", SessionEndReason.NotDelivered), ("ben", SessionEndReason.Replaced) }));
        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("C9 a client that leaves before the answer has no session")]
    public async Task A_client_that_leaves_before_the_answer_leaves_no_session()
    {
        var signedIn = new TaskCompletionSource();
        await using var app = await StartAsync(web => web.MapPost("/slow-login", async (HttpContext http) =>
        {
            await http.SignInAsync(MoreEndpoints.Named("ada", new Claim("organization", "hanzo")));
            signedIn.SetResult();
            var gone = new TaskCompletionSource();
            await using var registration = http.RequestAborted.Register(gone.SetResult);
            await gone.Task.WaitAsync(TimeSpan.FromSeconds(30));
            await http.Response.WriteAsync("to no one");
        }));
        var address = new Uri(app.App.Urls.Single());
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(address.Host, address.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /slow-login HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Length: 0\r\n\r\n"));
            await signedIn.Task.WaitAsync(TimeSpan.FromSeconds(30));
            Assert.That(await UsedAsync(app), Is.EqualTo(1));
        }

        await Until.TrueAsync(async () => await UsedAsync(app) == 0, "the session that was not delivered ends");
        Assert.That((await HistoryAsync(app)).Single().End!.Reason, Is.EqualTo(SessionEndReason.NotDelivered));
    }

    [Test, Description("C9 a request that took too long has not lost its client")]
    public async Task The_cookie_of_a_request_that_timed_out_is_delivered()
    {
        await using var app = await StartAsync(
            web => web.MapPost("/too-long", async (HttpContext http) =>
            {
                await http.SignInAsync(MoreEndpoints.Named("ada", new Claim("organization", "hanzo")));
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
            }).WithRequestTimeout(new RequestTimeoutPolicy
            {
                Timeout = TimeSpan.FromMilliseconds(200),
                WriteTimeoutResponse = http => http.Response.WriteAsync("too long"),
            }),
            web => web.UseRequestTimeouts(),
            services => services.AddRequestTimeouts());
        using var visitor = app.Visitor();

        var answer = await visitor.PostAsync("/too-long");

        Assert.That((answer.Body, answer.SetCookies.Count), Is.EqualTo(("too long", 1)));
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
    }

    [Test, Description("C9 T7 a sign-out does not need the headers")]
    public async Task A_sign_out_after_the_response_has_started_ends_the_session()
    {
        await using var app = await StartAsync(web => web.MapPost("/late-logout", async (HttpContext http) =>
        {
            await http.Response.WriteAsync("begun");
            await http.Response.Body.FlushAsync();
            try
            {
                await http.SignOutAsync();
            }
            catch (InvalidOperationException) when (protectedCookie)
            {
                // The framework cannot delete its cookie any more; the session is over all the same.
            }
        }));
        using var visitor = await app.SignedInAsync();
        var id = await visitor.SessionIdAsync();

        Assert.That((await visitor.PostAsync("/late-logout")).Body, Is.EqualTo("begun"));

        Assert.That((await app.EndOfAsync(id))!.Reason, Is.EqualTo(SessionEndReason.SignedOut));
    }

    [Test, Description("C9 a session that could not be ended is said in the log, and the answer is not touched")]
    public async Task A_store_that_fails_when_an_undelivered_session_is_to_be_ended_changes_no_answer()
    {
        await using var app = await StartAsync(web => web.MapPost("/login-and-fail", async (HttpContext http) =>
        {
            await http.SignInAsync(MoreEndpoints.Named("ada", new Claim("organization", "hanzo")));
            ((BreakableStore)http.RequestServices.GetRequiredService<ISessionStore>()).Fault = new IOException("gone");
            throw new InvalidOperationException("after the sign-in");
        }));
        using var visitor = app.Visitor();

        Assert.That((await visitor.PostAsync("/login-and-fail")).Status, Is.EqualTo(500));

        app.Store.Fault = null;
        Assert.That(await UsedAsync(app), Is.EqualTo(1));
    }

    private static void MapFailing(IEndpointRouteBuilder web) => web.MapPost("/login-and-fail", async (HttpContext http) =>
    {
        await http.SignInAsync(MoreEndpoints.Named("ada", new Claim("organization", "hanzo")));
        throw new InvalidOperationException("after the sign-in");
    });

    private static async Task<int> UsedAsync(WebHarness app) => (await app.Manager.GetQuotaAsync(Ada, "default")).Used;

    private static async Task<IReadOnlyList<Session>> HistoryAsync(WebHarness app) =>
        (await app.Manager.ListHistoryAsync(new SessionQuery { Filter = SessionFilter.Of(SessionScope.Of("hanzo")) })).Items;

    private Task<WebHarness> StartAsync(
        Action<WebApplication> map, Action<WebApplication>? first = null, Action<IServiceCollection>? services = null)
    {
        return protectedCookie ? CookieApp.StartAsync(settings: Configure) : WebHarness.StartAsync(Configure);

        void Configure(WebSettings settings)
        {
            settings.RealServer = true;
            settings.Services = services;
            settings.App = web =>
            {
                first?.Invoke(web);
                web.UseAuthentication();
                map(web);
            };
        }
    }
}
