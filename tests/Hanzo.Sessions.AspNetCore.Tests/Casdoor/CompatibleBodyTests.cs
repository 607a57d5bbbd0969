using System.Text;

namespace Hanzo.Sessions.AspNetCore.Tests;

public sealed class CompatibleBodyTests
{
    private const string NotJson = "the body is not a session in JSON";
    private const string Incomplete = "the body must name owner, name and application of a session";

    [TestCase("application/json")]
    [TestCase("application/json; charset=utf-8")]
    [TestCase("text/plain;charset=UTF-8")]
    [TestCase("application/x-www-form-urlencoded")]
    [TestCase("multipart/form-data")]
    [TestCase(null)]
    [Description("Compatible verbs: the body is parsed whatever its Content-Type")]
    public async Task A_body_is_read_under_any_content_type(string? contentType)
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        await app.AddAsync("hanzo", "ada");

        var answer = await app.Client(ServiceClients.Hanzo)
            .PostBodyAsync("/api/delete-session", CompatibleRequests.Body("hanzo", "ada", "shop"), contentType);

        Assert.That(answer.Body, Is.EqualTo(CompatibleRequests.Ok("\"Affected\"")));
    }

    [TestCase("""{"owner":"hanzo","name":"ada","application":"shop"}""")]
    [TestCase("""  {"application":"shop","unknown":{"a":[1]},"name":"ada","owner":"hanzo","createdTime":null,"sessionId":null}  """)]
    [TestCase("""{"owner":"h\u0061nzo","name":"ada","application":"shop","name":"ada"}""")]
    [TestCase("""{"Owner":"hanzo","NAME":"ada","Application":"shop"}""")]
    [TestCase("""{"owner":"other","Owner":"hanzo","name":"ada","application":"shop"}""", Description = "the last of a name counts")]
    [TestCase("\uFEFF{\"owner\":\"hanzo\",\"name\":\"ada\",\"application\":\"shop\"}")]
    [Description("Compatible verbs: what else a body may hold does not matter")]
    public async Task A_body_that_names_a_record_is_enough(string body)
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        await app.AddAsync("hanzo", "ada");

        var answer = await app.Client(ServiceClients.Hanzo).PostBodyAsync("/api/delete-session", body, "text/plain;charset=UTF-8");

        Assert.That(answer.Body, Is.EqualTo(CompatibleRequests.Ok("\"Affected\"")));
    }

    [Test, Description("Compatible verbs: a caller is authorized for the object that is acted upon, whatever the case of its names")]
    public async Task A_name_in_another_case_opens_no_other_organization()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var (own, other) = (await app.AddAsync("hanzo", "ada"), await app.AddAsync("other", "ada"));

        var answer = await app.Client(ServiceClients.Hanzo).PostBodyAsync(
            "/api/delete-session", """{"owner":"hanzo","name":"ada","application":"shop","OWNER":"other"}""");

        Assert.That(answer.Body, Is.EqualTo(CompatibleRequests.Error("Unauthorized operation")));
        Assert.That((await app.IsActiveAsync(own), await app.IsActiveAsync(other)), Is.EqualTo((true, true)));
    }

    [TestCase("", NotJson)]
    [TestCase(" ", NotJson)]
    [TestCase("null", Incomplete)]
    [TestCase("{}", Incomplete)]
    [TestCase("[]", NotJson)]
    [TestCase("1", NotJson)]
    [TestCase("\"hanzo/ada/shop\"", NotJson)]
    [TestCase("owner=hanzo&name=ada&application=shop", NotJson)]
    [TestCase("""{"owner":"hanzo","name":"ada","application":"shop"} x""", NotJson)]
    [TestCase("""{"owner":"hanzo","name":"ada","application":"shop",}""", NotJson)]
    [TestCase("""{"owner":"hanzo","name":"ada","application":"shop" """, NotJson)]
    [TestCase("""{'owner':'hanzo','name':'ada','application':'shop'}""", NotJson)]
    [TestCase("""{"owner":1,"name":"ada","application":"shop"}""", NotJson)]
    [TestCase("""{"owner":["hanzo"],"name":"ada","application":"shop"}""", NotJson)]
    [TestCase("""{"owner":"hanzo","name":{},"application":"shop"}""", NotJson)]
    [TestCase("""{"owner":"hanzo","name":"ada","application":true}""", NotJson)]
    [TestCase("""{"owner":"hanzo","name":"ada","application":"shop","sessionId":"one"}""", NotJson)]
    [TestCase("""{"owner":"hanzo","name":"ada","application":"shop","sessionId":[1]}""", NotJson)]
    [TestCase("""{"owner":"hanzo","name":"ada","application":"shop","createdTime":1}""", NotJson)]
    [TestCase("""{"owner":"hanzo","name":"ada\ud800","application":"shop"}""", NotJson)]
    [TestCase("""{"owner":"\udc00\ud800","name":"ada","application":"shop"}""", NotJson)]
    [TestCase("""{"owner":"hanzo","name":"ada","application":"shop","\ud800":1}""", NotJson)]
    [TestCase("""{"owner":"hanzo","name":"ada","application":"shop","sessionId":["\ud800"]}""", NotJson)]
    [TestCase("""{"owner":null,"name":"ada","application":"shop"}""", Incomplete)]
    [TestCase("""{"name":"ada","application":"shop"}""", Incomplete)]
    [TestCase("""{"owner":"hanzo","application":"shop"}""", Incomplete)]
    [TestCase("""{"owner":"hanzo","name":"ada"}""", Incomplete)]
    [TestCase("""{"owner":"","name":"ada","application":"shop"}""", Incomplete)]
    [TestCase("""{"owner":"hanzo","name":"","application":"shop"}""", Incomplete)]
    [TestCase("""{"owner":"hanzo","name":"ada","application":""}""", Incomplete)]
    [TestCase("""{"owner":"hanzo/ada","name":"ada","application":"shop"}""", Incomplete)]
    [TestCase("""{"owner":"hanzo","name":"ada","application":"sh/op"}""", Incomplete)]
    [TestCase("""{"owner":"hanzo","name":"a\u0000da","application":"shop"}""", Incomplete)]
    [Description("Compatible verbs: a body that cannot be read is an error in the envelope, never 500, and nothing ends")]
    public async Task A_body_that_names_no_record_is_an_error(string body, string message)
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var session = await app.AddAsync("hanzo", "ada");
        foreach (var caller in new[] { app.Client(ServiceClients.All), await app.SignedInAsync() })
        {
            var answer = await caller.PostBodyAsync("/api/delete-session", body);

            Assert.That((answer.Status, answer.Body), Is.EqualTo((200, CompatibleRequests.Error(message))));
        }

        Assert.That(await app.IsActiveAsync(session), Is.True);
    }

    [Test, Description("Compatible verbs: bytes that are no text, and nesting without end")]
    public async Task Bytes_that_are_no_json_are_an_error()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var client = app.Client(ServiceClients.All);
        byte[] start = [.. "{\"owner\":\"hanzo\",\"application\":\"shop\",\"name\":\""u8];
        byte[][] bodies =
        [
            [0xFF, 0xFE, (byte)'{', 0, (byte)'}', 0],
            [.. start, 0xC3, 0x28, (byte)'"', (byte)'}'],
            [.. start, 0xED, 0xA0, 0x80, (byte)'"', (byte)'}'],
            [.. start, 0, (byte)'"', (byte)'}'],
            Encoding.UTF8.GetBytes("{\"x\":" + new string('[', 100_000)),
            new byte[1000],
        ];
        foreach (var body in bodies)
        {
            using var content = new ByteArrayContent(body);
            var answer = await client.SendAsync(HttpMethod.Post, "/api/delete-session", [], content);

            Assert.That((answer.Status, answer.Body), Is.EqualTo((200, CompatibleRequests.Error(NotJson))));
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    [Description("Compatible verbs: a body of 2 MB is an error, whether or not its length was announced")]
    public async Task A_body_that_is_too_large_is_an_error(bool chunked)
    {
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.WithEverything();
            it.RealServer = true;
        });
        var client = app.Client(ServiceClients.Hanzo);
        var session = await app.AddAsync("hanzo", "ada");
        var large = $$"""{"padding":"{{new string('x', 2 * 1024 * 1024)}}","owner":"hanzo","name":"ada","application":"shop"}""";

        using var content = new StringContent(large);
        var answer = await client.SendAsync(
            HttpMethod.Post, "/api/delete-session", chunked ? [("Transfer-Encoding", "chunked")] : [], content);

        Assert.That((answer.Status, answer.Body), Is.EqualTo((200, CompatibleRequests.Error(NotJson))));
        Assert.That(await app.IsActiveAsync(session), Is.True);
        var nearly = $$"""{"padding":"{{new string('x', 1000 * 1024)}}","owner":"hanzo","name":"ada","application":"shop"}""";
        Assert.That((await client.PostBodyAsync("/api/delete-session", nearly)).Body, Is.EqualTo(CompatibleRequests.Ok("\"Affected\"")));
    }
}
