using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>An app with one session of a kind, whose clients say from which address they come.</summary>
internal sealed class PlacedApp : IAsyncDisposable
{
    public const string Home = "203.0.113.7";
    public const string Elsewhere = "198.51.100.9";

    private readonly (string Name, string Value) _credential;

    private PlacedApp(WebHarness web, (string Name, string Value) credential, string id)
    {
        Web = web;
        _credential = credential;
        Id = id;
    }

    public WebHarness Web { get; }

    /// <summary>The session.</summary>
    public string Id { get; }

    public static async Task<PlacedApp> StartAsync(SessionKind kind, Action<HanzoSessionsOptions>? sessions = null)
    {
        var keys = new EphemeralDataProtectionProvider();
        var web = kind switch
        {
            SessionKind.ProtectCookie => await CookieApp.StartAsync(keys, settings: Configure),
            SessionKind.AdoptedCookie => await CookieApp.StartAsync(
                keys, it => it.AdoptUntil = Testing.TestSessions.Start.AddDays(14), Configure),
            _ => await WebHarness.StartAsync(Configure),
        };
        var credential = ("Cookie", await CookieAsync());
        if (kind == SessionKind.BearerToken)
        {
            credential = ("Authorization", $"Bearer {credential.Item2.Split('=', 2)[1]}");
        }

        using var visitor = web.Visitor();
        var me = await visitor.GetAsync("/me", credential, ("Test-Address", Home));
        Assert.That(me.Status, Is.EqualTo(200), me.Body);
        return new PlacedApp(web, credential, me.Json.GetProperty("session").GetString()!);

        void Configure(WebSettings settings)
        {
            settings.WithAdministrators();
            settings.Sessions = sessions;
            settings.App = app => app
                .Use((http, next) =>
                {
                    http.Connection.RemoteIpAddress = IPAddress.Parse(http.Request.Headers["Test-Address"].ToString());
                    return next(http);
                })
                .UseAuthentication()
                .UseAuthorization();
        }

        async Task<string> CookieAsync()
        {
            await using var old = kind == SessionKind.AdoptedCookie ? await CookieApp.StartOldAsync(keys) : null;
            using var owner = (old ?? web).Visitor();
            await owner.PostAsync("/login?user=ada&organization=hanzo", ("Test-Address", Home));
            Assert.That(owner.Jar, Has.Count.EqualTo(1));
            return string.Join("; ", owner.Jar.Select(it => $"{it.Key}={it.Value}"));
        }
    }

    /// <summary>A request with the session's credential, which may be a copy.</summary>
    public async Task<Answer> GetAsync(string path, string address, string agent, params (string Name, string Value)[] headers)
    {
        using var visitor = Web.Visitor();
        visitor.UserAgent = agent;
        return await visitor.GetAsync(path, [_credential, ("Test-Address", address), .. headers]);
    }

    /// <summary>The session as an administrator's list shows it.</summary>
    public async Task<Answer> AdministratorGetsAsync(string path)
    {
        using var administrator = Web.Visitor();
        await administrator.PostAsync("/login?user=root&organization=hanzo" + WebHarness.Administrator, ("Test-Address", Home));
        return await administrator.GetAsync(path, ("Test-Address", Home));
    }

    public ValueTask DisposeAsync() => Web.DisposeAsync();
}
