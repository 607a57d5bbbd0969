using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore.Tests;

public sealed class BearerTokenTests
{
    [Test, Description("HTTP C1 a program gets its token in the body, and no cookie")]
    public async Task A_token_is_issued_without_a_cookie()
    {
        await using var app = await StartAsync();
        var program = app.Visitor();

        var answer = await program.PostAsync("/token");

        Assert.That((answer.Status, answer.SetCookies.Count), Is.EqualTo((200, 0)));
        Assert.That(answer.Header("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(answer.Body, Does.Match("^hs1_[A-Za-z0-9_-]{43}$"));
        program.Authorization = $"Bearer {answer.Body}";
        Assert.That((await program.GetAsync("/me")).Json.GetProperty("user").GetString(), Is.EqualTo("hanzo/ada"));
        Assert.That((await program.GetAsync("/me")).SetCookies, Is.Empty);
        program.RawCookie = $"{WebHarness.CookieName}=hs1_{new string('A', 43)}";
        Assert.That(await program.MeAsync(), Is.EqualTo(200), "the header counts, not the cookie beside it");
    }

    [Test, Description("HTTP the same-origin guard is for cookies; a bearer token passes")]
    public async Task The_guard_of_cookies_does_not_apply_to_a_bearer_token()
    {
        await using var app = await StartAsync();
        var program = app.Visitor();
        program.Authorization = $"Bearer {(await program.PostAsync("/token")).Body}";

        foreach (var headers in new (string, string)[][] { [], [("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example")] })
        {
            await app.SignedInAsync();
            var answer = await program.SendAsync(HttpMethod.Delete, "/api/account/sessions", headers);
            Assert.That(answer.Body, Is.EqualTo("{\"ended\":1}"));
        }

        Assert.That(await program.MeAsync(), Is.EqualTo(200));
    }

    [Test, Description("C2 C4 the limit holds for programs, and the host can answer 409")]
    public async Task One_token_more_than_the_limit_is_refused()
    {
        await using var app = await StartAsync(it => it.Sessions = options => options.MaxSessions = 2);
        var program = app.Visitor();
        await app.SignedInAsync();
        Assert.That((await program.PostAsync("/token")).Status, Is.EqualTo(200));

        var answer = await program.PostAsync("/token");

        Assert.That((answer.Status, answer.Body), Is.EqualTo((409, "hanzo/ada 2")));
        Assert.That(answer.SetCookies, Is.Empty);
    }

    [TestCase(true)]
    [TestCase(false)]
    [Description("C5 a token or a cookie that the request presents is replaced, and needs no free place")]
    public async Task A_presented_session_is_replaced(bool isBearer)
    {
        await using var app = await StartAsync(it => it.Sessions = options => options.MaxSessions = 1);
        var program = await app.SignedInAsync();
        var (old, oldId) = (program.Token, await program.SessionIdAsync());
        if (isBearer)
        {
            (program.RawCookie, program.Authorization) = (string.Empty, $"Bearer {old}");
        }

        var answer = await program.PostAsync("/token");

        Assert.That((answer.Status, answer.SetCookies.Count), Is.EqualTo((200, 0)));
        Assert.That((await app.EndOfAsync(oldId))!.Reason, Is.EqualTo(SessionEndReason.Replaced));
        Assert.That(answer.Body, Is.Not.EqualTo(old));
        program.Authorization = $"Bearer {answer.Body}";
        Assert.That(await program.MeAsync(), Is.EqualTo(200));
    }

    [Test, Description("C5 the session of a request is the one that its sign-in made, and not the one that it replaced")]
    public async Task A_request_that_issues_a_token_has_that_session()
    {
        await using var app = await StartAsync(it => it.App += web => web.MapPost("/token-and-me", async (HttpContext http) =>
        {
            var issued = await http.IssueSessionTokenAsync(MoreEndpoints.Named("ada"));
            return http.GetCurrentSession()?.Id == issued.Session.Id;
        }));

        foreach (var visitor in new[] { app.Visitor(), await app.SignedInAsync() })
        {
            Assert.That((await visitor.PostAsync("/token-and-me")).Body, Is.EqualTo("true"));
        }
    }

    [Test, Description("C6 the properties of a token can name the application and an earlier end")]
    public async Task A_token_has_the_application_and_the_end_that_the_host_says()
    {
        await using var app = await StartAsync();
        var program = app.Visitor();

        program.Authorization = $"Bearer {(await program.PostAsync("/token?application=phone&minutes=10")).Body}";

        Assert.That((await program.GetAsync("/me")).Json.GetProperty("application").GetString(), Is.EqualTo("phone"));
        app.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        Assert.That(await program.MeAsync(), Is.EqualTo(200));
        app.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(await program.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("HTTP which scheme makes the token must be beyond doubt")]
    public async Task Without_our_scheme_no_token_is_issued()
    {
        await using var app = await StartAsync(it => it.Authentication = services => services.AddAuthentication().AddCookie());

        Assert.That((await app.Visitor().PostAsync("/token")).Body, Is.EqualTo("There must be exactly one scheme from AddHanzoSessionToken, and there are 0."));
    }

    private static Task<WebHarness> StartAsync(Action<WebSettings>? configure = null) => WebHarness.StartAsync(it =>
    {
        it.App += app => app.MapPost("/token", IssueAsync);
        configure?.Invoke(it);
    });

    private static async Task<IResult> IssueAsync(HttpContext http, string? application, int? minutes)
    {
        var principal = MoreEndpoints.Named("ada", new Claim("organization", "hanzo"));
        var properties = new AuthenticationProperties();
        if (application is not null)
        {
            properties.SetSessionApplication(application);
            properties.ExpiresUtc = new DateTimeOffset(2026, 1, 1, 0, minutes ?? 0, 0, TimeSpan.Zero);
        }

        try
        {
            return Results.Text((await http.IssueSessionTokenAsync(principal, properties)).Token.Reveal());
        }
        catch (SessionLimitExceededException refusal)
        {
            return Results.Text($"{refusal.User} {refusal.ActiveSessions.Count}", statusCode: StatusCodes.Status409Conflict);
        }
        catch (InvalidOperationException fault)
        {
            return Results.Text(fault.Message, statusCode: StatusCodes.Status500InternalServerError);
        }
    }
}
