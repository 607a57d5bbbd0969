using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>A host with the library, the demo endpoints, the in-memory store and a clock moved by hand.</summary>
internal sealed class WebHarness : IAsyncDisposable
{
    public const string CookieName = "__Host-hanzo-session";
    public const string Administrator = "&claim=role:admin";
    public const string AdministratorOfAll = "&claim=role:admin&claim=scope:all";

    private readonly WebSettings _settings;

    private WebHarness(WebApplication app, WebSettings settings)
    {
        App = app;
        _settings = settings;
    }

    public WebApplication App { get; }

    public TestClock Clock => (TestClock)App.Services.GetRequiredService<TimeProvider>();

    public BreakableStore Store => (BreakableStore)App.Services.GetRequiredService<ISessionStore>();

    public SessionManager Manager => App.Services.GetRequiredService<SessionManager>();

    public static async Task<WebHarness> StartAsync(Action<WebSettings>? configure = null)
    {
        var settings = new WebSettings();
        configure?.Invoke(settings);
        var app = Build(settings);
        await app.StartAsync();
        return new WebHarness(app, settings);
    }

    /// <summary>A new client with an empty jar.</summary>
    public Visitor Visitor()
    {
        var handler = _settings.RealServer
            ? new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, UseProxy = false }
            : App.GetTestServer().CreateHandler();
        var address = _settings.RealServer ? App.Urls.Single() : _settings.Address;
        return new Visitor(new HttpClient(handler) { BaseAddress = new Uri(address) });
    }

    /// <summary>A client that has signed in.</summary>
    public async Task<Visitor> SignedInAsync(string user = "ada", string organization = "hanzo", string more = "")
    {
        var visitor = Visitor();
        var answer = await visitor.SignInAsync(user, organization, more);
        Assert.That(answer.Status, Is.EqualTo(200), answer.Body);
        return visitor;
    }

    /// <summary>A request that no HTTP client would send.</summary>
    public Task<HttpContext> SendAsync(Action<HttpContext> request) => App.GetTestServer().SendAsync(request);

    public async Task<Session> StoredAsync(string id) =>
        (await Store.FindAsync(SessionId.Parse(id))).Session ?? throw new InvalidOperationException("The session is not stored.");

    public async Task<SessionEnd?> EndOfAsync(string id) => (await StoredAsync(id)).End;

    public ValueTask DisposeAsync() => App.DisposeAsync();

    private static WebApplication Build(WebSettings settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            EnvironmentName = settings.Environment,
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        builder.Logging.ClearProviders();
        if (settings.RealServer)
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        }
        else
        {
            builder.WebHost.UseTestServer();
        }

        builder.Services.AddSingleton<TimeProvider>(new TestClock());
        builder.Services.AddHanzoSessions(settings.Sessions)
            .UseStore(services => new BreakableStore(
                new InMemorySessionStore(services.GetRequiredService<IOptions<HanzoSessionsOptions>>())));
        if (settings.Authentication is { } authentication)
        {
            authentication(builder.Services);
        }
        else
        {
            builder.Services.AddAuthentication().AddHanzoSessionToken(settings.Token);
        }

        settings.Services?.Invoke(builder.Services);
        var app = builder.Build();
        settings.App?.Invoke(app);
        app.MapDemo();
        if (settings.MapsHanzoSessions)
        {
            app.MapHanzoSessions(settings.Endpoints);
        }

        return app;
    }
}
