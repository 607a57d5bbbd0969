using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>Tokens in a response body; the server is Kestrel.</summary>
public sealed class IssuedTokenDeliveryTests
{
    private static readonly SessionUser Ada = new("hanzo", "ada");

    [TestCase("/late-password")]
    [TestCase("/late-token")]
    [Description("C9 nothing is stored when the response has already started")]
    public async Task After_the_response_has_started_no_token_is_issued_and_no_password_change_begins(string path)
    {
        Exception? fault = null;
        await using var app = await StartAsync(web =>
        {
            MapLate("/late-password", http => http.RenewSessionAsync());
            MapLate("/late-token", http => http.IssueSessionTokenAsync(Named("ada")));

            void MapLate(string pattern, Func<HttpContext, Task> late) => web.MapPost(pattern, async (HttpContext http) =>
            {
                await http.Response.WriteAsync("begun");
                await http.Response.Body.FlushAsync();
                fault = await Assert.CatchAsync(() => late(http));
            });
        });
        using var visitor = await app.SignedInAsync();
        using var other = await app.SignedInAsync();

        await visitor.PostAsync(path);

        Assert.That(fault, Is.TypeOf<InvalidOperationException>().With.Message.StartWith("The response has started"));
        Assert.That((await visitor.MeAsync(), await other.MeAsync()), Is.EqualTo((200, 200)));
        Assert.That((await app.Manager.GetQuotaAsync(Ada, "default")).Used, Is.EqualTo(2));
    }

    [Test, Description("C9 an issued token whose body an error page replaces never left")]
    public async Task An_exception_after_a_token_was_issued_ends_its_session([Values] bool errorPage)
    {
        await using var app = await StartAsync(
            web => web.MapPost("/token-and-fail", async (HttpContext http) =>
            {
                await http.IssueSessionTokenAsync(Named("ada"));
                throw new InvalidOperationException("after the token");
            }),
            web => _ = errorPage ? web.UseExceptionHandler(error => error.Run(http => http.Response.WriteAsync("sorry"))) : web);
        using var visitor = app.Visitor();

        Assert.That((await visitor.PostAsync("/token-and-fail")).Status, Is.EqualTo(500));

        await Until.TrueAsync(async () => (await app.Manager.GetQuotaAsync(Ada, "default")).Used == 0, "the session that was not delivered ends");
        var history = await app.Manager.ListHistoryAsync(new SessionQuery { Filter = SessionFilter.Of(Ada) });
        Assert.That(history.Items.Single().End!.Reason, Is.EqualTo(SessionEndReason.NotDelivered));
    }

    [Test, Description("C9 a token in the body of an answer is delivered")]
    public async Task A_token_that_is_answered_goes_on()
    {
        await using var app = await StartAsync(web => web.MapPost("/token", async (HttpContext http) =>
            await http.Response.WriteAsync((await http.IssueSessionTokenAsync(Named("ada"))).Token.Reveal())));
        using var visitor = app.Visitor();

        visitor.Authorization = $"Bearer {(await visitor.PostAsync("/token")).Body}";

        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
    }

    [TestCase("/token-then-cookie")]
    [TestCase("/cookie-then-token")]
    [Description("C5 two sign-ins of one request leave one session: the last one's")]
    public async Task A_token_and_a_cookie_in_one_request_leave_one_session(string path)
    {
        await using var app = await StartAsync(web =>
        {
            web.MapPost("/token-then-cookie", async (HttpContext http) =>
            {
                await http.IssueSessionTokenAsync(Named("ada"));
                await http.SignInAsync(Named("ada"));
            });
            web.MapPost("/cookie-then-token", async (HttpContext http) =>
            {
                await http.SignInAsync(Named("ada"));
                await http.Response.WriteAsync((await http.IssueSessionTokenAsync(Named("ada"))).Token.Reveal());
            });
        });
        using var visitor = await app.SignedInAsync();

        var answer = await visitor.PostAsync(path);

        Assert.That((await app.Manager.GetQuotaAsync(Ada, "default")).Used, Is.EqualTo(1));
        var inBody = path is "/cookie-then-token";
        Assert.That(answer.SetCookies, Has.Count.EqualTo(inBody ? 0 : 1), "no cookie of a session that is over");
        visitor.Authorization = inBody ? $"Bearer {answer.Body}" : null;
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
    }

    private static ClaimsPrincipal Named(string name) => MoreEndpoints.Named(name, new Claim("organization", "hanzo"));

    private static Task<WebHarness> StartAsync(Action<WebApplication> map, Action<WebApplication>? first = null) => WebHarness.StartAsync(settings =>
    {
        settings.RealServer = true;
        settings.App = web =>
        {
            first?.Invoke(web);
            web.UseAuthentication();
            map(web);
        };
    });
}
