using Hanzo.Sessions.AspNetCore.Tests.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>A page of another origin calls the app while its store is away, in a real browser.</summary>
public sealed class CrossOriginOutageTests
{
    [Test, Description("V6 with CORS before authentication, as documented, the page reads 503 and Retry-After, and 401 as well")]
    public async Task A_page_of_another_origin_reads_the_503()
    {
        await using var other = await WebHarness.StartAsync(it => it.RealServer = true);
        var origin = other.App.Urls.Single();
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.RealServer = true;
            it.InDevelopment();
            it.Services = services => Add(services, origin);
            it.App = Use;
        });
        var home = app.App.Urls.Single();
        await using var browser = await (await Chromium.StartedAsync()).NewContextAsync();
        Assert.That((await browser.APIRequest.PostAsync($"{home}/login?user=ada&organization=hanzo")).Status, Is.EqualTo(200));
        var tab = await browser.NewPageAsync();
        await tab.GotoAsync($"{origin}/open");

        var before = await FetchAsync("/me");
        app.Store.Fault = new TimeoutException();
        var away = await FetchAsync("/me");
        app.Store.Fault = null;
        var after = await FetchAsync("/me");
        await browser.ClearCookiesAsync();
        var signedOut = await FetchAsync("/page");

        Assert.That(
            (before, away, after, signedOut),
            Is.EqualTo(("200 null", "503 5 application/problem+json", "200 null", "401 null application/problem+json")));

        Task<string> FetchAsync(string path) => tab.EvaluateAsync<string>(
            """
            address => fetch(address, { credentials: 'include' }).then(
                it => `${it.status} ${it.headers.get('Retry-After')}` + (it.ok ? '' : ` ${it.headers.get('Content-Type')}`),
                fault => `${fault}`)
            """,
            home + path);
    }

    private static void Add(IServiceCollection services, string origin)
    {
        services.AddProblemDetails();
        services.AddCors(cors => cors.AddDefaultPolicy(policy =>
            policy.WithOrigins(origin).AllowCredentials().WithExposedHeaders("Retry-After")));
    }

    /// <summary>The order that docs/Operations.md names.</summary>
    private static void Use(WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseRouting();
        app.UseCors();
        app.UseAuthentication();
        app.UseAuthorization();
    }
}
