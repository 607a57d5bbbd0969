using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>The framework's cookie for pages, and bearer tokens for programs, in one app.</summary>
public sealed class BesideBearerTests
{
    [TestCase(true)]
    [TestCase(false)]
    [Description("T7 sign-out ends the session of the scheme that is signed out")]
    public async Task Sign_out_of_the_cookie_ends_the_cookies_session_and_not_the_bearer_tokens(bool bearerFirst)
    {
        await using var app = await StartAsync(MapToken, bearerFirst);
        using var cookie = await app.SignedInAsync("ada", string.Empty);
        using var program = app.Visitor();
        program.Authorization = $"Bearer {(await program.PostAsync("/token?user=ben")).Body}";
        var (adas, bens) = (await cookie.SessionIdAsync(), await program.SessionIdAsync());
        cookie.Authorization = program.Authorization;

        await cookie.PostAsync("/logout");

        Assert.That((await app.EndOfAsync(bens))?.Reason, Is.Null, "the bearer token's session goes on");
        Assert.That((await app.EndOfAsync(adas))?.Reason, Is.EqualTo(SessionEndReason.SignedOut));
    }

    [Test, Description("C1 the token of a cookie's session is in no store, also when its properties are handed on")]
    public async Task Properties_of_the_cookie_take_no_token_into_the_session_of_a_program()
    {
        await using var app = await StartAsync(web => web.MapPost("/token", async (HttpContext http) =>
        {
            var properties = (await http.AuthenticateAsync()).Properties!;
            Assert.That(properties.Items.Values, Has.Some.StartsWith("hs1_"), "the cookie has it");
            return (await http.IssueSessionTokenAsync(http.User, properties)).Session.Id.ToString();
        }));
        using var visitor = await app.SignedInAsync("ada", string.Empty);

        var id = (await visitor.PostAsync("/token")).Body;

        var payload = Encoding.UTF8.GetString((await app.StoredAsync(id)).Payload.Span);
        Assert.That(payload, Does.Contain("ada").And.Not.Contain("hs1_"));
    }

    [Test, Description("V1 an endpoint that names both schemes takes the browser's cookie and the program's token")]
    public async Task An_endpoint_that_names_both_schemes_is_for_browsers_and_programs()
    {
        await using var app = await StartAsync(web =>
        {
            MapToken(web);
            web.MapGet("/both", (HttpContext http) => $"{http.User.Identity!.Name} {http.GetCurrentSession()?.User.Name}")
                .RequireAuthorization(policy => policy.AddAuthenticationSchemes(CookieApp.Scheme, "HanzoSession").RequireAuthenticatedUser());
        });
        using var cookie = await app.SignedInAsync("ada", string.Empty);
        using var program = app.Visitor();
        using var nobody = app.Visitor();
        program.Authorization = $"Bearer {(await program.PostAsync("/token?user=ben")).Body}";

        Assert.That((await cookie.GetAsync("/both")).Body, Is.EqualTo("ada ada"));
        Assert.That((await program.GetAsync("/both")).Body, Is.EqualTo("ben ben"));
        Assert.That((await nobody.GetAsync("/both")).Status, Is.EqualTo(401).Or.EqualTo(302));
    }

    private static Task<WebHarness> StartAsync(Action<WebApplication> app, bool bearerFirst = false) => WebHarness.StartAsync(it =>
    {
        it.Authentication = services =>
        {
            services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
            var authentication = services.AddAuthentication(CookieApp.Scheme);
            if (bearerFirst)
            {
                authentication.AddHanzoSessionToken();
            }

            authentication.AddCookie();
            services.AddHanzoSessions().ProtectCookie(CookieApp.Scheme);
            if (!bearerFirst)
            {
                authentication.AddHanzoSessionToken();
            }
        };
        it.App = app;
    });

    private static void MapToken(WebApplication app) => app.MapPost("/token", async (HttpContext http, string user) =>
        (await http.IssueSessionTokenAsync(MoreEndpoints.Named(user))).Token.Reveal());
}
