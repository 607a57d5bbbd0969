using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore.Tests;

public sealed class LargeTextTests
{
    [Test, Description("I1 a user agent as long as the server takes is cut to 512 characters")]
    public async Task A_long_user_agent_is_cut()
    {
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.WithEverything();
            it.RealServer = true;
        });
        var ada = app.Visitor();
        ada.UserAgent = "Mozilla/5.0 " + new string('x', 20_000);

        var answer = await ada.SignInAsync();

        Assert.That(answer.Status, Is.EqualTo(200));
        var stored = await app.StoredAsync(answer.Json.GetProperty("session").GetString()!);
        Assert.That(stored.UserAgent, Is.EqualTo(ada.UserAgent[..512]));
    }

    [TestCase(40_000)]
    [TestCase(1_000_000)]
    [Description("I1 a header of 1 MB ends at the server's own bound, and the next request is served")]
    public async Task A_header_beyond_the_bound_is_refused_by_the_server(int length)
    {
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.WithEverything();
            it.RealServer = true;
        });
        foreach (var name in new[] { "User-Agent", "Authorization", "Cookie", "X-Hanzo-Sessions", "Origin" })
        {
            var status = await StatusOfAsync(app, $"GET /api/get-sessions HTTP/1.1\r\nHost: localhost\r\n{name}: {new string('x', length)}\r\n\r\n");
            Assert.That(status, Is.EqualTo("431").Or.EqualTo("broken off"), name);
        }

        Assert.That(
            await StatusOfAsync(app, $"GET /api/get-sessions?owner={new string('x', length)} HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            Is.EqualTo("414").Or.EqualTo("broken off"));
        Assert.That((await app.Client(ServiceClients.Hanzo).GetAsync("/api/get-sessions")).Status(), Is.EqualTo("ok"));
    }

    [Test, Description("I1 a parameter as long as the server takes is 400, cut in the answer")]
    public async Task A_long_parameter_is_400()
    {
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.WithEverything();
            it.RealServer = true;
        });
        var client = app.Client(ServiceClients.Hanzo);
        var text = new string('x', 7000);
        foreach (var name in new[] { "organization", "user", "application", "search", "ip", "sort", "order", "limit", "offset", "cursor", "total", "view" })
        {
            var answer = await client.GetAsync($"/api/admin/sessions?{name}={text}");
            Assert.That((answer.Status, answer.Json.GetProperty("parameter").GetString()), Is.EqualTo((400, name)));
            Assert.That(answer.Body, Has.Length.LessThan(400));
        }

        foreach (var name in new[] { "userId", "userId=ada&application", "userId=ada&keepCurrent" })
        {
            Assert.That((await client.DeleteAsync($"/api/admin/sessions?{name}={text}")).Status, Is.EqualTo(400), name);
        }
    }

    [Test, Description("I1 a name of 1 MB from a form is refused before the store sees it, naming the parameter")]
    public async Task A_name_of_a_megabyte_from_a_form_is_refused()
    {
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.WithEverything();
            it.RealServer = true;
            it.App += web => web.MapPost("/form-login", (Delegate)SignInAsync);
        });
        var calls = app.Store.Calls;

        foreach (var length in new[] { 257, 1_000_000 })
        {
            using var form = new StringContent($"user={new string('x', length)}", Encoding.ASCII, "application/x-www-form-urlencoded");
            var answer = await app.Visitor().SendAsync(HttpMethod.Post, "/form-login", [], form);

            Assert.That(answer.Status, Is.EqualTo(400));
            Assert.That(answer.Body, Does.StartWith("name must be 1 to 256 bytes").And.Length.LessThan(300));
            Assert.That(answer.SetCookies, Is.Empty);
        }

        Assert.That(app.Store.Calls, Is.EqualTo(calls));
        using var fits = new StringContent($"user={new string('x', 256)}", Encoding.ASCII, "application/x-www-form-urlencoded");
        Assert.That((await app.Visitor().SendAsync(HttpMethod.Post, "/form-login", [], fits)).Status, Is.EqualTo(200));
    }

    [Test, Description("I1 names of nearly 1 MB in a body of the compatible verbs are an error")]
    public async Task A_long_name_in_a_body_is_an_error()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var client = app.Client(ServiceClients.All);
        var text = new string('x', 1_000_000);

        foreach (var (owner, name, application) in new[] { (text, "ada", "shop"), ("hanzo", text, "shop"), ("hanzo", "ada", text) })
        {
            Assert.That(
                (await client.DeleteRecordAsync(owner, name, application)).Body,
                Is.EqualTo(CompatibleRequests.Error("the body must name owner, name and application of a session")));
        }
    }

    private static async Task<IResult> SignInAsync(HttpContext http)
    {
        try
        {
            await http.SignInAsync(MoreEndpoints.Named($"{(await http.Request.ReadFormAsync())["user"]}"));
            return Results.Ok();
        }
        catch (ArgumentException fault)
        {
            return Results.Text(fault.Message, statusCode: StatusCodes.Status400BadRequest);
        }
    }

    /// <summary>The status of the answer; or that the server closed the connection while the request was still being sent.</summary>
    private static async Task<string> StatusOfAsync(WebHarness app, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", new Uri(app.App.Urls.Single()).Port);
        var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
            using var reader = new StreamReader(stream);
            return (await reader.ReadLineAsync())?.Split(' ')[1] ?? "broken off";
        }
        catch (IOException)
        {
            return "broken off";
        }
    }
}
