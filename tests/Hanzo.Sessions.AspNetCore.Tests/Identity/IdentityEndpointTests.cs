using System.Net.Http.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>ASP.NET Core Identity's own endpoints (MapIdentityApi) with sessions behind them, over a real server.</summary>
public sealed class IdentityEndpointTests
{
    [Test, Description("C2 C4 at the limit Identity's own login answers 409, and that is no failed login")]
    public async Task At_the_limit_its_login_answers_409_and_counts_no_failure([Values] bool protectedCookie)
    {
        await using var app = await StartAsync(protectedCookie);
        List<Visitor> devices = [];
        foreach (var device in new[] { app.Visitor(), app.Visitor() })
        {
            Assert.That((await SignInAsync(device)).Status, Is.EqualTo(200));
            Assert.That(await device.MeAsync(), Is.EqualTo(200));
            devices.Add(device);
        }

        for (var attempt = 0; attempt < 12; attempt++)
        {
            var visitor = app.Visitor();
            var refused = await SignInAsync(visitor);

            Assert.That((refused.Status, refused.ContentType), Is.EqualTo((409, "application/problem+json")), refused.Body);
            Assert.That(refused.Json.GetProperty("title").GetString(), Is.EqualTo("Too many sessions"));
            Assert.That(refused.Detail, Does.Contain("2").And.Contain("Sign out on another device"));
            Assert.That(refused.SetCookies, Is.Empty);
        }

        var ada = await IdentityApp.AdaAsync(app);
        Assert.That((ada.Failures, ada.LockedOutUntil), Is.EqualTo((0, (DateTimeOffset?)null)));
        await devices[0].PostAsync("/logout-of-identity");
        Assert.That((await SignInAsync(app.Visitor())).Status, Is.EqualTo(200), "a slot is free");
        Assert.That((await SignInAsync(app.Visitor(), "wrong password of ada")).Status, Is.EqualTo(401), "a failed login is another answer");
    }

    [Test, Description("C4 a person at the limit gets a page that says what to do")]
    public async Task A_person_at_the_limit_gets_a_page([Values] bool protectedCookie)
    {
        await using var app = await StartAsync(protectedCookie);
        await SignInAsync(app.Visitor());
        await SignInAsync(app.Visitor());

        var answer = await app.Visitor().PostAsync("/form-login", ("Accept", "text/html"));

        Assert.That((answer.Status, answer.ContentType), Is.EqualTo((409, "text/html; charset=utf-8")));
        Assert.That(answer.Body, Does.Contain("<h1>Too many sessions</h1>").And.Not.Contain("Exception"));
        Assert.That(answer.Header("Content-Security-Policy"), Does.StartWith("default-src 'none'"));
    }

    [Test, Description("T4 an app that ends the current session answers 409, and any other fault stays the app's own 500")]
    public async Task Another_rule_that_says_no_is_409_and_a_fault_is_not()
    {
        await using var app = await StartAsync(protectedCookie: false);
        var ada = app.Visitor();
        await SignInAsync(ada);

        var own = await ada.PostAsync("/end-own");
        var fault = await ada.PostAsync("/fault");

        Assert.That(own.Status, Is.EqualTo(409));
        Assert.That(own.Detail, Is.EqualTo($"session id {await ada.SessionIdAsync()} is the current session and cannot be deleted"));
        Assert.That(fault.Status, Is.EqualTo(500));
    }

    [Test, Description("C2 a sign-in at a provider that ends at the limit is 409 too")]
    public async Task At_the_limit_a_providers_way_back_answers_409()
    {
        await using var app = await StartAsync(protectedCookie: false, withProvider: true);
        await SignInAsync(app.Visitor());
        await SignInAsync(app.Visitor());
        var visitor = app.Visitor();

        var answer = await visitor.GetAsync("/provider-done", ("Accept", "text/html"));

        Assert.That((answer.Status, answer.ContentType), Is.EqualTo((409, "text/html; charset=utf-8")));
    }

    private static Task<WebHarness> StartAsync(bool protectedCookie, bool withProvider = false) => IdentityApp.StartAsync(it =>
    {
        it.RealServer = true;
        it.InDevelopment();
        it.Sessions = options => options.MaxSessions = 2;
        it.Authentication = services =>
        {
            var users = protectedCookie ? services.AddIdentityApiEndpoints<MemoryUser>(options => options.UseHanzoSignInPolicy()) : IdentityApp.Add(services).AddApiEndpoints();
            services.AddSingleton<IUserStore<MemoryUser>, MemoryUsers>();
            if (protectedCookie)
            {
                services.AddHanzoSessions().ProtectCookie(IdentityConstants.ApplicationScheme);
            }
            else
            {
                users.AddHanzoSessionToken();
            }

            if (withProvider)
            {
                services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ProviderHandler>("Provider", null);
            }
        };
        it.Services = services => services.AddProblemDetails();
        it.App = Map;
    });

    private static void Map(WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGroup("/identity").MapIdentityApi<MemoryUser>();
        app.MapPost("/form-login", async (SignInManager<MemoryUser> signIn) =>
        {
            await signIn.PasswordSignInAsync("ada", IdentityApp.Password, false, false);
            return Results.LocalRedirect("/");
        });
        app.MapPost("/logout-of-identity", (HttpContext http) => http.SignOutAsync(IdentityConstants.ApplicationScheme));
        app.MapPost("/end-own", (HttpContext http, SessionManager sessions) =>
            sessions.TerminateAsync(http.GetCurrentSession()!.User, http.GetCurrentSession()!.Id, SessionCaller.Of(http.GetCurrentSession()!)));
        app.MapPost("/fault", string () => throw new InvalidOperationException("a fault of the app"));
    }

    private static async Task<Answer> SignInAsync(Visitor visitor, string password = IdentityApp.Password)
    {
        using var body = JsonContent.Create(new { email = "ada", password });
        return await visitor.SendAsync(HttpMethod.Post, "/identity/login?useCookies=true", [], body);
    }

    /// <summary>As the framework's handlers of providers do: it signs in before any endpoint is reached.</summary>
    private sealed class ProviderHandler(
        Microsoft.Extensions.Options.IOptionsMonitor<AuthenticationSchemeOptions> options,
        Microsoft.Extensions.Logging.ILoggerFactory logger,
        System.Text.Encodings.Web.UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder), IAuthenticationRequestHandler
    {
        public async Task<bool> HandleRequestAsync()
        {
            if (Request.Path != "/provider-done")
            {
                return false;
            }

            await Context.SignInAsync(IdentityConstants.ApplicationScheme, MoreEndpoints.Named("ada"));
            return true;
        }

        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());
    }
}
