using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore.Tests;

public sealed class FailingStoreTests
{
    [TestCase("/me")]
    [TestCase("/open")]
    [TestCase("/page")]
    [TestCase("/why")]
    [TestCase("/no/such/route")]
    [TestCase("/api/account/sessions")]
    [TestCase("/api/admin/sessions")]
    [Description("V6 W2 503 on every route to which a token was presented")]
    public async Task A_failing_store_is_503_on_every_route_and_the_cookie_stays(string path)
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();
        app.Store.Fault = new TimeoutException("secret host name");

        foreach (var accept in path.StartsWith("/api/", StringComparison.Ordinal) ? new[] { "*/*", "text/html" } : ["*/*", "application/json"])
        {
            var answer = await visitor.GetAsync(path, ("Accept", accept));

            Assert.That(answer.Status, Is.EqualTo(503));
            Assert.That(answer.Header("Retry-After"), Is.EqualTo("5"));
            Assert.That(answer.ContentType, Is.EqualTo("application/problem+json"));
            Assert.That(answer.Header("Cache-Control"), Is.EqualTo("no-store"));
            Assert.That(answer.SetCookies, Is.Empty);
            Assert.That(
                answer.Body,
                Is.EqualTo("""{"type":"about:blank","title":"Service unavailable","status":503,"detail":"Sessions cannot be read or changed right now. No user was signed out."}"""));
        }

        app.Store.Fault = null;
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
    }

    [TestCase("/open")]
    [TestCase("/page")]
    [TestCase("/no/such/route")]
    [TestCase("/account/sessions")]
    [TestCase("/admin/sessions")]
    [Description("V6 a person who opens a page gets a page: no script, no style, under the library's policy, and with Retry-After")]
    public async Task A_failing_store_is_a_page_for_people(string path)
    {
        await using var app = await WebHarness.StartAsync(it => it.RealServer = true);
        await using var cookies = await CookieApp.StartAsync(settings: it => it.RealServer = true);
        foreach (var web in new[] { app, cookies })
        {
            var visitor = await web.SignedInAsync();
            web.Store.Fault = new TimeoutException("secret host name");
            foreach (var headers in new (string, string)[][] { [("Accept", "text/html,*/*;q=0.8")], [("Accept", "*/*"), ("Sec-Fetch-Mode", "navigate")] })
            {
                var answer = await visitor.GetAsync(path + "?<script>", headers);

                Assert.That((answer.Status, answer.Header("Retry-After")), Is.EqualTo((503, "5")));
                Assert.That(answer.ContentType, Is.EqualTo("text/html; charset=utf-8"));
                Assert.That(answer.Header("Cache-Control"), Is.EqualTo("no-store"));
                Assert.That(answer.Header("Content-Security-Policy"), Does.StartWith("default-src 'none'; script-src 'self'"));
                Assert.That(answer.Header("X-Content-Type-Options"), Is.EqualTo("nosniff"));
                Assert.That(answer.SetCookies, Is.Empty);
                Assert.That(answer.Body, Does.Contain("<h1>Service unavailable</h1>").And.Contain("No user was signed out."));
                Assert.That(answer.Body, Does.Not.Contain("secret").And.Not.Contain("<script").And.Not.Contain("style"));
            }

            var head = await visitor.SendAsync(HttpMethod.Head, path, [("Accept", "text/html")]);
            Assert.That((head.Status, head.ContentType, head.Body), Is.EqualTo((503, "text/html; charset=utf-8", "")));
            var script = await visitor.GetAsync(path, ("Accept", "text/html"), ("Sec-Fetch-Mode", "cors"));
            Assert.That(script.ContentType, Is.EqualTo("application/problem+json"), "a script is no person");
            var old = await visitor.GetAsync(path, ("Accept", "text/html"), ("X-Requested-With", "XMLHttpRequest"));
            Assert.That(old.ContentType, Is.EqualTo("application/problem+json"), "an old script neither");
            web.Store.Fault = null;
            Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
        }
    }

    [Test, Description("V6 who opens the API's address in a browser is shown what the API says")]
    public async Task The_api_answers_json_to_a_person_too()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var visitor = await app.SignedInAsync();
        app.Store.Fault = new TimeoutException();

        foreach (var path in new[] { "/api/account/sessions", "/api/admin/sessions", "/api/get-sessions" })
        {
            Assert.That((await visitor.GetAsync(path, ("Sec-Fetch-Mode", "navigate"))).ContentType, Is.EqualTo("application/problem+json"));
        }
    }

    [TestCase("/login?user=ben")]
    [TestCase("/logout")]
    [TestCase("/page")]
    [Description("V6 whatever the method")]
    public async Task A_failing_store_is_503_for_changes_too(string path)
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();
        app.Store.Fault = new TimeoutException();

        var answer = await visitor.PostAsync(path);

        Assert.That(answer.Status, Is.EqualTo(503));
        Assert.That(answer.SetCookies, Is.Empty);
    }

    [Test, Description("V6 a bearer token as well")]
    public async Task A_failing_store_is_503_for_a_bearer_token()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();
        visitor.Authorization = $"Bearer {visitor.Token}";
        app.Store.Fault = new TimeoutException();

        Assert.That((await visitor.GetAsync("/open")).Status, Is.EqualTo(503));
    }

    [Test, Description("V6 requests without a token pass")]
    public async Task Whoever_presents_no_token_notices_nothing()
    {
        await using var app = await WebHarness.StartAsync();
        app.Store.Fault = new TimeoutException();
        var visitor = app.Visitor();

        Assert.That((await visitor.GetAsync("/open")).Body, Is.EqualTo("open"));
        Assert.That((await visitor.GetAsync("/api/account/sessions")).Status, Is.EqualTo(401));
        visitor.RawCookie = $"{WebHarness.CookieName}=malformed";
        Assert.That((await visitor.GetAsync("/open")).Body, Is.EqualTo("open"));
    }

    [Test, Description("V6 a store that gives up by itself is a failure, not a cancelled request")]
    public async Task A_store_that_cancels_is_503()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();
        app.Store.Fault = new OperationCanceledException();

        Assert.That((await visitor.GetAsync("/open")).Status, Is.EqualTo(503));
    }

    [Test, Description("V6 a cancelled request is not a store failure")]
    public async Task A_request_that_its_client_gave_up_is_not_answered_503()
    {
        var status = new TaskCompletionSource<int>();
        await using var app = await WebHarness.StartAsync(it => it.App = web => web.UseBeforeAuthentication(async (http, next) =>
        {
            var wasAborted = http.Request.Headers.ContainsKey("X-Abort");
            if (wasAborted)
            {
                http.RequestAborted = new CancellationToken(canceled: true);
            }

            try
            {
                await next(http);
            }
            catch (OperationCanceledException) when (wasAborted)
            {
                status.SetResult(http.Response.StatusCode);
            }
        }));
        var visitor = await app.SignedInAsync();
        app.Store.Fault = new OperationCanceledException();

        await visitor.GetAsync("/open", ("X-Abort", "1"));

        Assert.That(await status.Task.WaitAsync(TimeSpan.FromSeconds(30)), Is.EqualTo(200), "nothing was answered");
    }

    [Test, Description("V6 T8 a termination that fails is 503 as well, and nobody is told of success")]
    public async Task A_store_that_fails_behind_the_endpoint_is_503()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();
        app.Store.BeforeChange = () => throw new TimeoutException("secret host name");

        var answer = await visitor.DeleteAsync("/api/account/sessions");

        Assert.That(answer.Status, Is.EqualTo(503));
        Assert.That(answer.Header("Retry-After"), Is.EqualTo("5"));
        Assert.That(answer.Body, Does.Not.Contain("secret"));
    }

    [Test, Description("W2 T8 a sign-out that fails keeps the cookie")]
    public async Task A_sign_out_that_the_store_does_not_commit_is_an_exception_and_keeps_the_cookie()
    {
        await using var app = await WebHarness.StartAsync(it => it.App = web => web.Use(async (http, next) =>
        {
            try
            {
                await next(http);
            }
            catch (TimeoutException)
            {
                http.Response.StatusCode = StatusCodes.Status500InternalServerError;
            }
        }));
        var visitor = await app.SignedInAsync();
        app.Store.BeforeChange = () => throw new TimeoutException();

        var answer = await visitor.PostAsync("/logout");

        Assert.That(answer.Status, Is.EqualTo(500));
        Assert.That(answer.SetCookies, Is.Empty);
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
    }
}
