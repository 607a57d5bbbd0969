using Hanzo.Sessions.Postgres;
using Hanzo.Sessions.Testing;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>A real PostgreSQL that goes away and comes back under a running app.</summary>
public sealed class StoreOutageTests
{
    private static readonly (string Method, string Path)[] Routes =
    [
        ("GET", "/api/admin/sessions"),
        ("GET", "/api/admin/sessions?view=records"),
        ("GET", "/api/admin/sessions/history"),
        ("GET", "/api/admin/sessions/alarms"),
        ("GET", "/api/admin/sessions/0198c0de000070008000000000000001"),
        ("DELETE", "/api/admin/sessions/0198c0de000070008000000000000001"),
        ("DELETE", "/api/admin/sessions?userId=hanzo/nobody"),
        ("GET", "/api/get-sessions"),
        ("GET", "/api/get-sessions?p=1&pageSize=10"),
        ("GET", "/api/get-session?sessionPkId=hanzo/ada/shop"),
        ("GET", "/api/is-session-duplicated?sessionPkId=hanzo/ada/shop"),
        ("POST", "/api/delete-session"),
    ];

    private static readonly (string Method, string Path)[] RoutesWithSession =
    [
        .. Routes,
        ("GET", "/api/account/sessions"),
        ("DELETE", "/api/account/sessions"),
        ("DELETE", "/api/account/sessions/0198c0de000070008000000000000001"),
        ("POST", "/api/add-session"),
        ("POST", "/api/update-session"),
        ("GET", "/open"),
        ("GET", "/me"),
        ("GET", "/page"),
        ("POST", "/logout"),
        ("GET", "/no/such/route"),
    ];

    [Test, Description("V6 T8 V4 the store goes: 503 with Retry-After everywhere, cookies stay; it returns: all goes on by itself, nothing lost")]
    public async Task The_app_outlives_its_store()
    {
        PostgresServer.Require();
        await using var server = await PostgresServer.StartNewAsync();
        var database = await server.CreateDatabaseAsync();
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.WithEverything();
            it.RealServer = true;
            it.InDevelopment();
            it.Services += services => services.Replace(_ => new StoreWithoutClock(new PostgresSessionStore(database, new PostgresSessionStoreOptions())));
        });
        var admin = await app.SignedInAsync("admin", more: WebHarness.AdministratorOfAll);
        var (ada, phone) = (await app.SignedInAsync(), await app.SignedInAsync());
        var endedBefore = await phone.SessionIdAsync();
        Assert.That((await ada.DeleteAsync($"/api/account/sessions/{endedBefore}")).Status, Is.EqualTo(204));
        var program = app.Visitor();
        program.Authorization = $"Bearer {ada.Token}";
        var client = app.Client(ServiceClients.All);

        await server.StopAsync();

        await Task.WhenAll(
            AllAre503Async(admin, RoutesWithSession), AllAre503Async(ada, RoutesWithSession), AllAre503Async(program, RoutesWithSession),
            AllAre503Async(client, Routes));
        var stranger = app.Visitor();
        Assert.That((await stranger.GetAsync("/open")).Body, Is.EqualTo("open"));
        Assert.That((await stranger.GetAsync("/api/account/sessions")).Status, Is.EqualTo(401));
        Assert.That((await stranger.GetAsync("/api/get-sessions")).Message(), Is.EqualTo("Unauthorized operation"));

        await server.StartAsync();

        await NothingIsLostAsync();
        await server.KillAsync();
        await AllAre503Async(ada, [("GET", "/me")]);
        await server.StartAsync();
        await NothingIsLostAsync();

        async Task NothingIsLostAsync()
        {
            Assert.That((await admin.MeAsync(), await ada.MeAsync(), await program.MeAsync()), Is.EqualTo((200, 200, 200)));
            Assert.That(await phone.MeAsync(), Is.EqualTo(401), "what has ended stays ended");
            Assert.That((await client.GetAsync("/api/get-sessions?owner=hanzo")).Records(), Has.Exactly(2).Items);
            Assert.That((await admin.GetAsync("/api/admin/sessions")).Items, Has.Exactly(2).Items);
            Assert.That(
                (await admin.GetAsync("/api/admin/sessions/history?user=ada")).Items.Select(it => it.GetProperty("id").GetString()),
                Is.EqualTo(new[] { endedBefore }));
            var back = await app.SignedInAsync("ben");
            Assert.That((await admin.DeleteAsync("/api/admin/sessions?userId=hanzo/ben")).Body, Is.EqualTo("{\"ended\":1}"));
            Assert.That(await back.MeAsync(), Is.EqualTo(401));
        }
    }

    private static async Task AllAre503Async(Visitor visitor, (string Method, string Path)[] routes)
    {
        var jar = string.Join(';', visitor.Jar.Values);
        await Task.WhenAll(routes.Select(async route =>
        {
            var (method, path) = route;
            using var body = new StringContent(CompatibleRequests.Body("hanzo", "ada", "shop"));
            var answer = await visitor.SendAsync(
                new HttpMethod(method), path, [("X-Hanzo-Sessions", "1"), ("Accept", "application/json")], method is "POST" ? body : null);

            Assert.That((answer.Status, answer.Header("Retry-After")), Is.EqualTo((503, "5")), $"{method} {path}");
            Assert.That(answer.ContentType, Is.EqualTo("application/problem+json"));
            Assert.That(answer.Header("Cache-Control"), Is.EqualTo("no-store"));
            Assert.That(answer.SetCookies, Is.Empty);
            Assert.That(answer.Body, Does.Contain("No user was signed out.").And.Not.Contain("127.0.0.1"));
        }));

        Assert.That(string.Join(';', visitor.Jar.Values), Is.EqualTo(jar));
    }
}
