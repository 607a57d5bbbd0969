using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Hanzo.Sessions.AspNetCore.Tests.Pages;

/// <summary>A real server with the pages, browsers that visit it, and nothing that may go wrong unseen.</summary>
[Parallelizable(ParallelScope.Self)]
internal abstract class PageTest
{
    protected const string Admin = WebHarness.Administrator;
    protected const string AdminOfAll = WebHarness.AdministratorOfAll;

    private readonly List<Visit> _visits = [];

    protected WebHarness Web { get; private set; } = null!;

    /// <summary>Where addresses are, for the tests of a class that want to know.</summary>
    protected virtual ISessionLocator? Locator => null;

    private string Origin => Web.App.Urls.Single();

    [SetUp]
    public async Task StartAsync()
    {
        Web = await WebHarness.StartAsync(settings =>
        {
            settings.InDevelopment();
            settings.RealServer = true;
            settings.WithAdministrators();
            settings.Sessions = options =>
            {
                options.DefaultApplication = "app-hanzo";
                Configure(options);
            };
            settings.Endpoints += options => options.PageTitle = "Hanzo";
            settings.App = MapSignInPage;
            if (Locator is { } locator)
            {
                settings.Services += services => services.AddSingleton(locator);
            }
        });
        Web.Clock.SetWallClock(DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()));
    }

    [TearDown]
    public async Task StopAsync()
    {
        var faults = _visits.SelectMany(visit => visit.Faults).ToList();
        foreach (var visit in _visits)
        {
            await visit.DisposeAsync();
        }

        _visits.Clear();
        await Web.DisposeAsync();
        Assert.That(faults, Is.Empty, "No script error, no violation of the content security policy, no request to elsewhere");
    }

    /// <summary>What the tests of a class want otherwise.</summary>
    protected virtual void Configure(HanzoSessionsOptions options)
    {
    }

    /// <summary>A browser in which nobody is signed in.</summary>
    protected async Task<Visit> VisitAsync(
        string userAgent = UserAgents.FirefoxOnLinux, BrowserNewContextOptions? options = null, bool keepsPages = false)
    {
        var visit = await Visit.StartAsync(Origin, userAgent, options, keepsPages);
        _visits.Add(visit);
        return visit;
    }

    protected async Task<Visit> SignedInAsync(
        string user, string more = "", string userAgent = UserAgents.FirefoxOnLinux, BrowserNewContextOptions? options = null)
    {
        var visit = await VisitAsync(userAgent, options);
        await visit.SignInAsync(user, more: more);
        return visit;
    }

    /// <summary>An administrator who looks at the page.</summary>
    protected async Task<Visit> AdministratorAsync(string path = "/admin/sessions", BrowserNewContextOptions? options = null)
    {
        var visit = await SignedInAsync("admin", Admin, options: options);
        await visit.OpenAsync(path);
        return visit;
    }

    protected async Task<Session> SeedAsync(
        string user, string? userAgent = UserAgents.FirefoxOnWindows, string ip = "192.0.2.7", string application = "app-hanzo", string organization = "hanzo")
    {
        var issued = await Web.Manager.CreateAsync(new NewSession
        {
            User = new SessionUser(organization, user),
            Application = application,
            UserAgent = userAgent,
            IpAddress = IPAddress.Parse(ip),
        });
        return issued.Session;
    }

    /// <summary>Sets the server's clock back, for what happened before now: pages say how long ago that was by the real time.</summary>
    protected void Before(TimeSpan span) => Web.Clock.SetWallClock(Web.Clock.GetUtcNow() - span);

    /// <summary>A request with the session's token from another place.</summary>
    protected async Task<Session> UseAsync(Session session, string ip, string? userAgent = null)
    {
        var stored = await Web.StoredAsync(session.Id.ToString());
        return (await Web.Manager.RecordUseAsync(stored, new SessionPlace(IPAddress.Parse(ip), userAgent ?? stored.LastUserAgent)))!;
    }

    protected async Task<SessionEnd?> EndOfAsync(Session session) => await Web.EndOfAsync(session.Id.ToString());

    protected static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    private static void MapSignInPage(WebApplication app) => app.MapGet("/login", (HttpContext http) =>
    {
        var end = http.TakeEndedSession();
        return Results.Content($"<!doctype html><html lang=en><title>Sign in</title><h1>Sign in</h1><p>{end?.Reason}</p></html>", "text/html");
    });
}
