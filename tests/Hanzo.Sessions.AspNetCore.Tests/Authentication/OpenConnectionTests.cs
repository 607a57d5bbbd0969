using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>The session of a SignalR connection, on every transport, with the real client.</summary>
public sealed class OpenConnectionTests
{
    [Test, Description("V1 a hub's HttpContext names the session that the connection presented")]
    public async Task A_hub_knows_the_session_of_its_connection(
        [Values(HttpTransportType.LongPolling, HttpTransportType.ServerSentEvents, HttpTransportType.WebSockets)] HttpTransportType transport,
        [Values] bool protectedCookie)
    {
        await using var app = await StartAsync(protectedCookie);
        var ada = await app.SignedInAsync();
        await using var connection = await ConnectedAsync(app, ada, transport);

        for (var call = 0; call < 3; call++)
        {
            Assert.That(await connection.InvokeAsync<string?>(nameof(SessionHub.Current)), Is.EqualTo(await ada.SessionIdAsync()));
        }
    }

    [Test, Description("V1 of several schemes the session of the connection's user")]
    public async Task A_hub_knows_which_of_two_sessions_is_its_users(
        [Values(HttpTransportType.LongPolling, HttpTransportType.ServerSentEvents, HttpTransportType.WebSockets)] HttpTransportType transport)
    {
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.RealServer = true;
            it.InDevelopment();
            it.Authentication = services => services.AddAuthentication("staff").AddHanzoSessionToken()
                .AddHanzoSessionToken("staff", options => options.CookieName = "__Host-staff");
            it.Services = services => services.AddSignalR();
            it.App = web =>
            {
                web.MapHub<SessionHub>("/hub");
                web.MapPost("/login-too", (HttpContext http) =>
                    http.SignInAsync(HanzoSessionTokenDefaults.AuthenticationScheme, MoreEndpoints.Named("ada")));
            };
        });
        var ada = await app.SignedInAsync();
        var staff = await ada.SessionIdAsync();
        await ada.PostAsync("/login-too");
        Assert.That(ada.Jar, Has.Count.EqualTo(2));
        await using var connection = await ConnectedAsync(app, ada, transport);

        Assert.That(await connection.InvokeAsync<string?>(nameof(SessionHub.Current)), Is.EqualTo(staff));
    }

    [Test, Description("W2 a hub that asks why the session ended clears no cookie of another request")]
    public async Task A_hub_without_a_session_touches_no_other_response(
        [Values(HttpTransportType.LongPolling, HttpTransportType.ServerSentEvents)] HttpTransportType transport)
    {
        await using var app = await StartAsync(protectedCookie: false);
        var ada = await app.SignedInAsync();
        var token = ada.Token;
        await ada.PostAsync("/logout");
        ada.Jar["hanzo-session"] = token;
        await using var connection = await ConnectedAsync(app, ada, transport);

        Assert.That(await connection.InvokeAsync<string?>(nameof(SessionHub.Current)), Is.Null);
        for (var call = 0; call < 5; call++)
        {
            var other = ada.GetAsync("/open");
            await connection.InvokeAsync<string?>(nameof(SessionHub.Why));
            Assert.That((await other).SetCookies, Is.Empty);
        }
    }

    private static Task<WebHarness> StartAsync(bool protectedCookie)
    {
        return protectedCookie ? CookieApp.StartAsync(settings: Configure) : WebHarness.StartAsync(Configure);

        static void Configure(WebSettings settings)
        {
            settings.RealServer = true;
            settings.InDevelopment();
            settings.Services = services => services.AddSignalR();
            settings.App = web => web.MapHub<SessionHub>("/hub");
        }
    }

    private static async Task<HubConnection> ConnectedAsync(WebHarness app, Visitor visitor, HttpTransportType transport)
    {
        var connection = new HubConnectionBuilder()
            .WithUrl(app.App.Urls.Single() + "/hub", transport, options =>
                options.Headers["Cookie"] = string.Join("; ", visitor.Jar.Select(it => $"{it.Key}={it.Value}")))
            .Build();
        await connection.StartAsync();
        return connection;
    }

    internal sealed class SessionHub : Hub
    {
        public string? Current() => Context.GetHttpContext()!.GetCurrentSession()?.Id.ToString();

        public string? Why() => Context.GetHttpContext()!.TakeEndedSession()?.Reason.ToString();
    }
}
