using System.Security.Claims;
using Hanzo.Sessions.Benchmarks.Harness;
using Hanzo.Sessions.Benchmarks.Rivals;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static Hanzo.Sessions.Benchmarks.Harness.Outcome;

namespace Hanzo.Sessions.Benchmarks.Topics;

/// <summary>What a request pays for knowing who sent it: Kestrel on loopback, a small answer, ten claims.</summary>
internal sealed class Http : ITopic
{
    private const string Request = "whole request through Kestrel, ten claims";

    public IReadOnlyList<string> Works { get; } = [Request];

    public async Task RunAsync(Run run)
    {
        List<WebApplication> apps = [];
        using var inMemory = new MemoryCacheTicketStore();
        try
        {
            await run.CompareAsync(
                Request,
                [
                    await StartAsync("Hanzo.Sessions, in memory", Role.Ours, apps, signsIn: true, services =>
                    {
                        services.AddHanzoSessions(options => options.MaxSessions = null);
                        services.AddAuthentication().AddHanzoSessionToken();
                    }),
                    await StartAsync("no authentication", Role.Floor, apps, signsIn: false, authenticate: null),
                    await StartAsync("a constant principal", Role.Floor, apps, signsIn: false, services =>
                        services.AddAuthentication("Constant").AddScheme<AuthenticationSchemeOptions, ConstantPrincipalHandler>("Constant", null)),
                    await StartAsync("stock cookie, stateless", Role.Rival, apps, signsIn: true, services => Cookies(services, store: null)),
                    await StartAsync("stock cookie, ticket in MemoryCache", Role.Rival, apps, signsIn: true, services => Cookies(services, inMemory)),
                    await StartAsync("stock cookie, ticket in IDistributedCache, in memory", Role.Rival, apps, signsIn: true, services => Cookies(services, new DistributedCacheTicketStore())),
                ],
                [Target.AtLeast(1.9, "stock cookie, stateless"), Target.AtLeast(0.75, "a constant principal")],
                asRate: true,
                special: run.Effort with { Rounds = run.Effort.LoadRounds });
        }
        finally
        {
            foreach (var app in apps)
            {
                await app.DisposeAsync();
            }
        }
    }

    private static void Cookies(IServiceCollection services, ITicketStore? store)
    {
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options => options.SessionStore = store);
    }

    private static async Task<HttpContestant> StartAsync(
        string name, Role role, List<WebApplication> apps, bool signsIn, Action<IServiceCollection>? authenticate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        if (authenticate is not null)
        {
            authenticate(builder.Services);
            builder.Services.AddAuthorization();
        }

        var app = builder.Build();
        app.UseRouting();
        if (authenticate is not null)
        {
            app.UseAuthentication();
            app.UseAuthorization();
        }

        var get = app.MapGet("/", (RequestDelegate)(http =>
        {
            // Chunks could come as several packets, and the load reads one.
            var answer = Answer(http, signsIn);
            http.Response.ContentLength = answer.Length;
            return http.Response.WriteAsync(answer);
        }));
        if (authenticate is not null)
        {
            get.RequireAuthorization();
        }

        app.MapPost("/login", (RequestDelegate)(http => http.SignInAsync(TenClaims.Principal("ada"))));
        await app.StartAsync();
        apps.Add(app);
        var url = new Uri(app.Urls.Single());
        return new HttpContestant(name, role, url, signsIn ? await SignInAsync(url) : null);
    }

    private static string Answer(HttpContext http, bool signsIn)
    {
        Must(!signsIn || (http.User.FindFirstValue("locale") is not null && http.User.Claims.Count() == 10));
        return "ok";
    }

    private static async Task<string> SignInAsync(Uri url)
    {
        using var client = new HttpClient(new HttpClientHandler { UseCookies = false });
        using var answer = await client.PostAsync(new Uri(url, "/login"), content: null);
        answer.EnsureSuccessStatusCode();
        return string.Join("; ", answer.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
    }
}
