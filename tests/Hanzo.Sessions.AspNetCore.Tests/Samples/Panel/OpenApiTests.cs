using System.Text.Json;

namespace Hanzo.Sessions.AspNetCore.Tests.Samples.Panel;

/// <summary>The framework's own OpenAPI document, as AdminPanel serves it.</summary>
public sealed class OpenApiTests
{
    private const string Lists = "limit offset cursor organization user application ip search sort order total";

    private JsonElement _document;

    [OneTimeSetUp]
    public async Task ReadAsync()
    {
        var answer = await PanelProcess.Sample.Visitor().GetAsync("/openapi/v1.json");
        Assert.That((answer.Status, answer.ContentType), Is.EqualTo((200, "application/json; charset=utf-8")));
        _document = answer.Json;
    }

    [TestCase("get", "/api/admin/sessions", Lists + " view", "200 400 401 403 412 503")]
    [TestCase("delete", "/api/admin/sessions", "userId application keepCurrent", "200 400 401 403 409 412 503")]
    [TestCase("get", "/api/admin/sessions/{id}", "id", "200 401 403 404 412 503")]
    [TestCase("delete", "/api/admin/sessions/{id}", "id", "204 401 403 404 409 412 503")]
    [TestCase("get", "/api/admin/sessions/history", Lists, "200 400 401 403 412 503")]
    [TestCase("get", "/api/admin/sessions/alarms", "organization limit offset", "200 400 401 403 412 503")]
    [TestCase("get", "/api/account/sessions", Lists, "200 400 401 403 412 503")]
    [TestCase("delete", "/api/account/sessions", "", "200 401 403 412 503")]
    [TestCase("get", "/api/account/sessions/{id}", "id", "200 401 403 404 412 503")]
    [TestCase("delete", "/api/account/sessions/{id}", "id", "204 401 403 404 409 412 503")]
    [TestCase("get", "/api/get-sessions", "owner p pageSize field value sortField sortOrder", "200 503")]
    [TestCase("get", "/api/get-session", "sessionPkId", "200 503")]
    [TestCase("get", "/api/is-session-duplicated", "sessionPkId sessionId", "200 503")]
    [TestCase("post", "/api/delete-session", "sessionId", "200 503")]
    [TestCase("post", "/api/add-session", "", "200 503")]
    [TestCase("post", "/api/update-session", "", "200 503")]
    [TestCase("get", "/api/sso-logout", "logoutAll", "200 503")]
    [TestCase("post", "/api/sso-logout", "logoutAll", "200 503")]
    [TestCase("get", "/v1/iam/get-sessions", "owner p pageSize field value sortField sortOrder", "200 503")]
    [Description("HTTP every route is described with its parameters and answers")]
    public void A_route_is_described(string method, string path, string parameters, string statuses)
    {
        var route = _document.GetProperty("paths").GetProperty(path).GetProperty(method);

        var named = route.TryGetProperty("parameters", out var list) ? list.EnumerateArray().Select(it => it.GetProperty("name").GetString()) : [];
        Assert.That(string.Join(' ', named), Is.EqualTo(parameters));
        Assert.That(string.Join(' ', route.GetProperty("responses").EnumerateObject().Select(it => it.Name)), Is.EqualTo(statuses));
        Assert.That(route.GetProperty("summary").GetString(), Is.Not.Empty);
        foreach (var answer in route.GetProperty("responses").EnumerateObject().Where(it => it.Name is not "204"))
        {
            var type = answer.Name is "200" ? "application/json" : "application/problem+json";
            Assert.That(answer.Value.GetProperty("content").GetProperty(type).GetProperty("schema").GetProperty("$ref").GetString(), Is.Not.Empty, answer.Name);
        }
    }

    [Test, Description("HTTP no route of the library is missing from the document, or from the test above")]
    public void Every_route_of_the_library_is_in_the_document()
    {
        var tagged = _document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject())
            .Count(route => route.Value.TryGetProperty("tags", out var tags)
                && tags.EnumerateArray().Any(tag => tag.GetString()!.StartsWith("Sessions", StringComparison.Ordinal)));

        Assert.That(tagged, Is.EqualTo(26));
    }

    [TestCase("SessionItem", "id organization user application ipAddress userAgent device place lastIpAddress lastUserAgent lastDevice lastPlace movedAt createdAt lastActiveAt expiresAt activeUntil isCurrent")]
    [TestCase("EndedSessionItem", "id organization user application ipAddress userAgent device place lastIpAddress lastUserAgent lastDevice lastPlace movedAt createdAt lastActiveAt expiresAt endedAt reason endedBy")]
    [TestCase("CasdoorAnswer", "status msg data data2 sub name data3")]
    [TestCase("CasdoorRecord", "owner name application createdTime sessionId")]
    [TestCase("AlarmList", "items limit offset countedAt")]
    [TestCase("AlarmItem", "organization user networks count")]
    [TestCase("QuotaItem", "used max")]
    [TestCase("EndedAnswer", "ended")]
    [Description("HTTP the answers have shapes, and ids are text")]
    public void An_answer_has_a_shape(string name, string properties)
    {
        var schema = _document.GetProperty("components").GetProperty("schemas").GetProperty(name);

        Assert.That(string.Join(' ', schema.GetProperty("properties").EnumerateObject().Select(it => it.Name)), Is.EqualTo(properties));
        if (schema.GetProperty("properties").TryGetProperty("id", out var id))
        {
            Assert.That(id.GetProperty("type").GetString(), Is.EqualTo("string"));
        }
    }

    [TestCase("delete-session")]
    [TestCase("add-session")]
    [TestCase("update-session")]
    [Description("HTTP the body of a compatible verb is described")]
    public void A_body_is_described(string verb)
    {
        var content = _document.GetProperty("paths").GetProperty($"/api/{verb}").GetProperty("post").GetProperty("requestBody").GetProperty("content");

        Assert.That(
            content.GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString(), Does.EndWith("/CasdoorRecord"));
    }
}
