using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Hanzo.Sessions.Testing;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>What the tests of the compatible verbs say again and again.</summary>
internal static class CompatibleRequests
{
    /// <summary>Every verb, once, about the record hanzo/ada/shop.</summary>
    public static readonly (HttpMethod Method, string Path)[] Verbs =
    [
        (HttpMethod.Get, "/api/get-sessions?owner=hanzo"),
        (HttpMethod.Get, "/api/get-session?sessionPkId=hanzo/ada/shop"),
        (HttpMethod.Get, "/api/is-session-duplicated?sessionPkId=hanzo/ada/shop"),
        (HttpMethod.Post, "/api/delete-session"),
        (HttpMethod.Post, "/api/add-session"),
        (HttpMethod.Post, "/api/update-session"),
    ];

    /// <summary>A session as a client writes it into a body.</summary>
    public static string Body(string owner, string name, string application) =>
        $$"""{"owner":"{{owner}}","name":"{{name}}","application":"{{application}}","createdTime":"","sessionId":[]}""";

    /// <summary>The whole answer when something went wrong.</summary>
    public static string Error(string message) =>
        $$"""{"status":"error","msg":"{{message}}","data":null,"data2":null,"sub":"","name":"","data3":null}""";

    /// <summary>The whole answer with some JSON as its data.</summary>
    public static string Ok(string data) =>
        $$"""{"status":"ok","msg":"","data":{{data}},"data2":null,"sub":"","name":"","data3":null}""";

    public static Task<Answer> PostBodyAsync(
        this Visitor visitor, string path, string body, string? contentType = "application/json", params (string Name, string Value)[] headers)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        return visitor.SendAsync(HttpMethod.Post, path, [("X-Hanzo-Sessions", "1"), .. headers], content);
    }

    public static Task<Answer> DeleteRecordAsync(
        this Visitor visitor, string owner, string name, string application, string query = "") =>
        visitor.PostBodyAsync("/api/delete-session" + query, Body(owner, name, application));

    /// <summary>A session that is simply there, without anybody having signed in.</summary>
    public static async Task<Session> AddAsync(
        this WebHarness app, string organization, string name, string application = "shop", string? from = null)
    {
        var creation = TestSessions.Of(new SessionUser(organization, name))
            .In(application).At(app.Clock.GetUtcNow()).From(from);
        await app.Store.CreateAsync(creation);
        return creation.Session;
    }

    public static async Task<bool> IsActiveAsync(this WebHarness app, Session session) =>
        await app.EndOfAsync(session.Id.ToString()) is null;

    public static string? Status(this Answer answer) => answer.Json.GetProperty("status").GetString();

    public static string? Message(this Answer answer) => answer.Json.GetProperty("msg").GetString();

    public static JsonElement Data(this Answer answer) => answer.Json.GetProperty("data");

    /// <summary>The records in the data, as owner/name/application.</summary>
    public static IReadOnlyList<string> Records(this Answer answer) =>
    [
        .. answer.Data().EnumerateArray().Select(it =>
            $"{it.GetProperty("owner").GetString()}/{it.GetProperty("name").GetString()}/{it.GetProperty("application").GetString()}"),
    ];
}
