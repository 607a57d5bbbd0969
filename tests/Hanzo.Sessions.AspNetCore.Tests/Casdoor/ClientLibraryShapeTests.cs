using System.Text;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>What the Casdoor libraries of other languages send, byte for byte where it matters.</summary>
public sealed class ClientLibraryShapeTests
{
    private static readonly string Affected = CompatibleRequests.Ok("\"Affected\"");

    [Test, Description("Compatible verbs: Go: Basic, text/plain bodies, an id made before the owner is overwritten, columns")]
    public async Task Requests_of_the_go_library_work()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        await app.AddAsync("hanzo", "ada");
        var client = app.Client(ServiceClients.Hanzo);
        client.UserAgent = "Go-http-client/1.1";

        Assert.That((await client.GetAsync("/api/get-sessions?owner=hanzo")).Records(), Is.EqualTo(new[] { "hanzo/ada/shop" }));
        var page = await client.GetAsync("/api/get-sessions?owner=hanzo&p=1&pageSize=10");
        Assert.That(page.Json.GetProperty("data2").GetDouble(), Is.EqualTo(1), "read as a float64");
        Assert.That((await client.GetAsync("/api/get-session?sessionPkId=hanzo%2Fada%2Fshop")).Data().GetProperty("owner").GetString(), Is.EqualTo("hanzo"));
        var deleted = await client.PostBodyAsync(
            "/api/delete-session?columns=sessionId%2CcreatedTime&id=built-in%2Fada",
            """{"owner":"hanzo","name":"ada","application":"shop","createdTime":"","sessionId":null}""",
            "text/plain;charset=UTF-8");
        Assert.That(deleted.Body, Is.EqualTo(Affected));
        Assert.That((await client.GetAsync("/api/get-session?sessionPkId=hanzo%2Fada%2Fshop")).Data().GetRawText(), Is.EqualTo("null"));
    }

    [Test, Description("Compatible verbs: Java: Basic, text/plain bodies, an empty query")]
    public async Task Requests_of_the_java_library_work()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        await app.AddAsync("hanzo", "ada");
        var client = app.Client(ServiceClients.Hanzo);
        client.UserAgent = "okhttp/4.9.3";

        Assert.That((await client.GetAsync("/api/get-sessions?owner=hanzo")).Records(), Has.Exactly(1).Items);
        Assert.That((await client.GetAsync("/api/get-sessions?owner=hanzo&p=1&pageSize=10&field=name&value=ad")).Records(), Has.Exactly(1).Items);
        Assert.That((await client.GetAsync("/api/get-session?sessionPkId=hanzo/ada/shop")).Status(), Is.EqualTo("ok"));
        var deleted = await client.PostBodyAsync(
            "/api/delete-session?",
            """{"owner":"hanzo","name":"ada","application":"shop","createdTime":"2026-01-01T00:00:00Z","sessionId":["x"]}""",
            "text/plain; charset=utf-8");
        Assert.That(deleted.Body, Is.EqualTo(Affected));
    }

    [Test, Description("Compatible verbs: Python: the credential in the query, bodies without Content-Type, get-session by id")]
    public async Task Requests_of_the_python_library_work()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        await app.AddAsync("hanzo", "ada");
        var client = app.Visitor();
        client.UserAgent = "python-requests/2.31.0";
        var credential = $"clientId=hanzo-client&clientSecret={ServiceClients.Secret}";

        Assert.That((await client.GetAsync($"/api/get-sessions?owner=hanzo&{credential}")).Records(), Is.EqualTo(new[] { "hanzo/ada/shop" }));

        // That library never sends sessionPkId, so its get_session has failed with every server.
        Assert.That((await client.GetAsync($"/api/get-session?id=hanzo%2Fada&{credential}")).Status(), Is.EqualTo("error"));
        var deleted = await client.PostBodyAsync(
            $"/api/delete-session?id=hanzo%2Fada&{credential}",
            """{"owner": "hanzo", "name": "ada", "application": "shop", "createdTime": "string", "sessionId": ["string"]}""",
            contentType: null);
        Assert.That(deleted.Body, Is.EqualTo(Affected));
    }

    [Test, Description("Compatible verbs: .NET: Basic, chunked JSON bodies, an id that disagrees with the body")]
    public async Task Requests_of_the_dotnet_library_work()
    {
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.WithEverything();
            it.RealServer = true;
        });
        await app.AddAsync("hanzo", "ada");
        var client = app.Client(ServiceClients.Hanzo);

        Assert.That((await client.GetAsync("/api/get-sessions?owner=hanzo")).Records(), Has.Exactly(1).Items);
        Assert.That((await client.GetAsync("/api/get-sessions?owner=hanzo&pageSize=10&p=1")).Records(), Has.Exactly(1).Items);
        Assert.That((await client.GetAsync("/api/get-session?sessionPkId=hanzo/ada/shop")).Status(), Is.EqualTo("ok"));
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(
            """{"owner":"hanzo","name":"ada","application":"shop","createdTime":null,"sessionId":null}"""));
        body.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=utf-8");
        var deleted = await client.SendAsync(
            HttpMethod.Post, "/api/delete-session?id=elsewhere/ada", [("Transfer-Encoding", "chunked")], body);
        Assert.That(deleted.Body, Is.EqualTo(Affected));
    }
}
