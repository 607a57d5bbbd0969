using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>The library's scheme beside others.</summary>
public sealed class ManySchemesTests
{
    [Test, Description("T10 C5 the properties of one scheme's session do not rotate that of another scheme")]
    public async Task Refreshing_under_another_scheme_does_not_give_the_claims_of_one_user_to_the_session_of_another()
    {
        await using var app = await StartWithTwoSchemesAsync();
        var visitor = app.Visitor();
        await visitor.PostAsync("/sign-in?scheme=first&name=ada");
        await visitor.PostAsync("/sign-in?scheme=second&name=ben");

        await visitor.PostAsync("/copy?from=second&to=first");

        var answer = await visitor.GetAsync("/who?scheme=first");
        Assert.That(answer.Body, Is.EqualTo("ben, session of default/ben"));
    }

    [Test, Description("V1 a dead cookie of another scheme does not hide the session")]
    public async Task An_ended_session_of_one_scheme_does_not_hide_the_active_one_of_another()
    {
        await using var app = await StartWithTwoSchemesAsync();
        var visitor = app.Visitor();
        await visitor.PostAsync("/sign-in?scheme=first&name=ada");
        visitor.Jar["__Host-second"] = "hs1_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

        Assert.That((await visitor.GetAsync("/api/account/sessions")).Status, Is.EqualTo(200));
    }

    [Test, Description("HTTP the host's claims transformation makes administrators, too")]
    public async Task Claims_that_the_host_adds_on_each_request_count_for_the_administrators_policy()
    {
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.WithAdministrators();
            it.Services += services => services.AddSingleton<IClaimsTransformation, AdaIsAdministrator>();
        });
        var (ada, ben) = (await app.SignedInAsync(), await app.SignedInAsync("ben"));

        Assert.That((await ada.GetAsync("/api/admin/sessions")).Status, Is.EqualTo(200));
        Assert.That((await ben.GetAsync("/api/admin/sessions")).Status, Is.EqualTo(403));
    }

    [Test, Description("HTTP a challenge leaves the schemes of others in place")]
    public async Task A_challenge_adds_to_the_schemes_that_are_offered_already()
    {
        await using var app = await WebHarness.StartAsync(it => it.App = web =>
        {
            web.UseBeforeAuthentication((http, next) =>
            {
                http.Response.Headers.WWWAuthenticate = "Negotiate";
                return next(http);
            });
            web.UseAuthorization();
        });

        var answer = await app.Visitor().GetAsync("/page");

        Assert.That(answer.Headers["WWW-Authenticate"], Is.EquivalentTo(new[] { "Negotiate", "Bearer" }));
    }

    private static Task<WebHarness> StartWithTwoSchemesAsync() => WebHarness.StartAsync(it =>
    {
        it.Authentication = services => services.AddAuthentication("first")
            .AddHanzoSessionToken("first", options => options.CookieName = "__Host-first")
            .AddHanzoSessionToken("second", options => options.CookieName = "__Host-second");
        it.App = web =>
        {
            web.MapPost("/sign-in", (HttpContext http, string scheme, string name) => http.SignInAsync(scheme, MoreEndpoints.Named(name)));
            web.MapPost("/copy", async (HttpContext http, string from, string to) =>
            {
                var ticket = await http.AuthenticateAsync(from);
                await http.SignInAsync(to, ticket.Principal!, ticket.Properties);
            });
            web.MapGet("/who", async (HttpContext http, string scheme, SessionManager sessions) =>
            {
                var ticket = await http.AuthenticateAsync(scheme);
                var token = http.Request.Headers.Cookie.ToString().Split("; ").Single(it => it.StartsWith($"__Host-{scheme}=", StringComparison.Ordinal)).Split('=')[1];
                var session = (await sessions.ValidateAsync(token)).Session;
                return $"{ticket.Principal?.Identity?.Name}, session of {session?.User}";
            });
        };
    });

    private sealed class AdaIsAdministrator : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            var transformed = principal.Clone();
            if (string.Equals(principal.Identity?.Name, "ada", StringComparison.Ordinal))
            {
                transformed.AddIdentity(new ClaimsIdentity([new Claim("role", "admin")]));
            }

            return Task.FromResult(transformed);
        }
    }
}
