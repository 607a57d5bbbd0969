namespace Hanzo.Sessions.AspNetCore.Tests;

public sealed class MethodAndHeaderTests
{
    private const string SomeId = "0198c0de000070008000000000000001";

    /// <summary>Every path of the library and the methods that it has.</summary>
    private static readonly (string Path, string Methods)[] Paths =
    [
        ("/api/admin/sessions", "DELETE, GET"),
        ($"/api/admin/sessions/{SomeId}", "GET, DELETE"),
        ("/api/admin/sessions/history", "GET, DELETE"),
        ("/api/admin/sessions/alarms", "GET, DELETE"),
        ("/api/account/sessions", "DELETE, GET"),
        ($"/api/account/sessions/{SomeId}", "GET, DELETE"),
        ("/api/get-sessions", "GET"),
        ("/api/get-session", "GET"),
        ("/api/is-session-duplicated", "GET"),
        ("/api/delete-session", "POST"),
        ("/api/add-session", "POST"),
        ("/api/update-session", "POST"),
    ];

    private static readonly (string Path, string Methods)[] PathsThatSignOut =
        [("/api/sso-logout", "GET, POST"), ("/v1/iam/sso-logout", "GET, POST")];

    [Test, Description("HTTP 405 for what is not mapped, HEAD and OPTIONS among it; nothing ends and no origin is let in")]
    public async Task A_method_that_is_not_mapped_is_405()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var session = await app.AddAsync("hanzo", "ada");
        var tried = 0;
        foreach (var caller in new[] { app.Visitor(), await app.SignedInAsync("admin", more: WebHarness.AdministratorOfAll), app.Client(ServiceClients.All) })
        {
            foreach (var (path, methods) in Paths.Concat(PathsThatSignOut))
            {
                foreach (var method in new[] { "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "QUERY" }.Except(methods.Split(", "), StringComparer.Ordinal))
                {
                    var answer = await caller.SendAsync(
                        new HttpMethod(method), path, [("X-Hanzo-Sessions", "1"), ("Origin", "https://evil.example"), ("Access-Control-Request-Method", "DELETE")]);

                    Assert.That(answer.Status, Is.EqualTo(405), $"{method} {path}");
                    Assert.That(answer.Headers["Allow"].SelectMany(it => it.Split(", ")), Is.EquivalentTo(methods.Split(", ")), $"{method} {path}");
                    Assert.That(answer.Headers.Select(it => it.Key), Has.None.StartsWith("Access-Control"));
                    Assert.That(answer.Body, Is.Empty);
                    tried++;
                }
            }
        }

        Assert.That(tried, Is.GreaterThan(200));
        Assert.That(await app.IsActiveAsync(session), Is.True);
    }

    [Test, Description("HTTP responses carry Cache-Control: no-store, whatever they say")]
    public async Task Every_answer_says_no_store()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var admin = await app.SignedInAsync("admin", more: WebHarness.Administrator);
        HashSet<int> statuses = [];
        foreach (var caller in new[] { app.Visitor(), admin, await app.SignedInAsync(), app.Client(ServiceClients.All) })
        {
            foreach (var (path, methods) in Paths)
            {
                foreach (var method in methods.Split(", "))
                {
                    foreach (var query in new[] { "", "?limit=x", "?userId=admin" })
                    {
                        foreach (var (name, value) in new[] { ("X-Hanzo-Sessions", "1"), ("Sec-Fetch-Site", "cross-site") })
                        {
                            var answer = await caller.SendAsync(new HttpMethod(method), path + query, [(name, value)]);

                            Assert.That(answer.Header("Cache-Control"), Is.EqualTo("no-store"), $"{method} {path}{query}");
                            Assert.That(answer.Headers["Set-Cookie"], Is.Empty);
                            Assert.That(answer.Headers["Location"], Is.Empty);
                            Assert.That(
                                answer.ContentType,
                                Is.EqualTo(path.Contains("admin", StringComparison.Ordinal) || path.Contains("account", StringComparison.Ordinal)
                                    ? answer.Status switch { 200 => "application/json", 204 => null, _ => "application/problem+json" }
                                    : "application/json; charset=utf-8"));
                            statuses.Add(answer.Status);
                        }
                    }
                }
            }
        }

        Assert.That(statuses, Is.SupersetOf(new[] { 200, 400, 401, 403, 404, 409 }));
        var phone = await app.AddAsync("hanzo", "admin");
        var gone = await admin.DeleteAsync($"/api/admin/sessions/{phone.Id}");
        Assert.That((gone.Status, gone.Header("Cache-Control"), gone.Body), Is.EqualTo((204, "no-store", "")));
    }

    [Test, Description("HTTP nothing that does not exist is told apart from nothing that is mapped")]
    public async Task A_path_that_is_not_mapped_is_404()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        foreach (var path in new[] { "/api/admin/sessions/a/b", "/api/admin", "/api/get-users", "/api/account/sessions/history/x" })
        {
            Assert.That((await app.Client(ServiceClients.All).GetAsync(path)).Status, Is.EqualTo(404), path);
        }
    }

    [TestCase("malformed")]
    [TestCase("..%2F..")]
    [TestCase("0198C0DE0000700080000000000000010")]
    [TestCase("{0198c0de-0000-7000-8000-000000000001}")]
    [Description("HTTP an id that cannot be one is like one that is unknown, byte for byte")]
    public async Task A_malformed_id_is_404(string id)
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var admin = await app.SignedInAsync("admin", more: WebHarness.Administrator);

        foreach (var route in new[] { "/api/admin/sessions/", "/api/account/sessions/" })
        {
            Assert.That((await admin.DeleteAsync(route + id)).Whole, Is.EqualTo((await admin.DeleteAsync(route + SomeId)).Whole));
        }
    }
}
