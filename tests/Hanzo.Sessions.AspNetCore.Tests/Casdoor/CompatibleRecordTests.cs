namespace Hanzo.Sessions.AspNetCore.Tests;

public sealed class CompatibleRecordTests
{
    [Test, Description("Compatible verbs: get-session answers the record, or data null")]
    public async Task A_record_is_found_by_its_key_or_is_null()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var client = app.Client(ServiceClients.Hanzo);
        var session = await app.AddAsync("hanzo", "ada");
        await app.AddAsync("hanzo", "ada", "mail");

        var found = await client.GetAsync("/api/get-session?sessionPkId=hanzo/ada/shop&id=hanzo/ben&columns=name");
        var missing = await client.GetAsync("/api/get-session?sessionPkId=hanzo/ada/wiki");

        Assert.That(
            found.Body,
            Is.EqualTo(CompatibleRequests.Ok(
                $$"""{"owner":"hanzo","name":"ada","application":"shop","createdTime":"2026-01-01T00:00:00Z","sessionId":["{{session.Id}}"]}""")));
        Assert.That(missing.Body, Is.EqualTo(CompatibleRequests.Ok("null")));
        foreach (var answer in new[] { found, missing })
        {
            Assert.That((answer.Status, answer.ContentType), Is.EqualTo((200, "application/json; charset=utf-8")));
            Assert.That(answer.Header("Cache-Control"), Is.EqualTo("no-store"));
        }
    }

    [TestCase("hanzo/na/me/shop", "na/me")]
    [TestCase("hanzo/na%2Fme%2Fshop", "na/me")]
    [TestCase("hanzo///shop", "/")]
    [TestCase("hanzo//a//shop", "/a/")]
    [TestCase("hanzo/%F0%9F%A6%8A%20+/shop", "🦊  ")]
    [Description("I1 sessionPkId is split at the first and the last slash")]
    public async Task A_name_may_contain_slashes(string sessionPkId, string name)
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        await app.AddAsync("hanzo", name);

        var answer = await app.Client(ServiceClients.Hanzo).GetAsync($"/api/get-session?sessionPkId={sessionPkId}");

        Assert.That(answer.Data().GetProperty("name").GetString(), Is.EqualTo(name));
    }

    [Test, Description("I1 a malformed sessionPkId is an error in the envelope, never 500")]
    public async Task A_malformed_key_is_an_error()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var long256 = new string('a', 256);
        string[] malformed =
        [
            "", "hanzo", "/", "//", "hanzo/", "/ada", "hanzo/ada", "/ada/shop", "hanzo//shop", "hanzo/ada/", "hanzo/ada/shop/",
            "hanzo/%00/shop", "hanzo/ada/%00", "%00/ada/shop", $"{long256}a/ada/shop", $"hanzo/{long256}a/shop",
            $"hanzo/ada/{long256}a", new string('/', 4000), "hanzo%5Cada%5Cshop",
        ];
        foreach (var caller in new[] { app.Client(ServiceClients.All), app.Client(ServiceClients.Hanzo), await app.SignedInAsync() })
        {
            foreach (var verb in new[] { "get-session", "is-session-duplicated" })
            {
                foreach (var query in malformed.Select(it => $"?sessionPkId={it}").Append(string.Empty).Append("?id=hanzo/ada/shop"))
                {
                    var answer = await caller.GetAsync($"/api/{verb}{query}");

                    Assert.That(
                        (answer.Status, answer.Body),
                        Is.EqualTo((200, CompatibleRequests.Error("sessionPkId must be owner/name/application"))),
                        verb + query);
                }
            }
        }

        Assert.That(
            (await app.Client(ServiceClients.All).GetAsync($"/api/get-session?sessionPkId={long256}/{long256}/{long256}")).Body,
            Is.EqualTo(CompatibleRequests.Ok("null")), "256 bytes each are within the bounds");
    }

    [Test, Description("Compatible verbs: more than one active: true; none: false; exactly one: whether it is another")]
    public async Task A_session_is_duplicated_when_there_is_another()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var client = app.Client(ServiceClients.Hanzo);
        var elsewhere = await app.AddAsync("hanzo", "ada", "mail");

        Assert.That(await IsDuplicatedAsync($"{elsewhere.Id}"), Is.False, "none");
        Assert.That(await IsDuplicatedAsync(null), Is.False, "none, and no id");
        var only = await app.AddAsync("hanzo", "ada");
        Assert.That(await IsDuplicatedAsync($"{only.Id}"), Is.False, "it is this one");
        Assert.That(await IsDuplicatedAsync($"{only.Id}".ToUpperInvariant()), Is.False, "in either case");
        Assert.That(await IsDuplicatedAsync($"{elsewhere.Id}"), Is.True, "another");
        Assert.That(await IsDuplicatedAsync("malformed"), Is.True, "a malformed id is none of ours");
        Assert.That(await IsDuplicatedAsync(null), Is.True, "no id at all");
        var second = await app.AddAsync("hanzo", "ada");
        Assert.That(await IsDuplicatedAsync($"{only.Id}"), Is.True, "two");
        await client.DeleteRecordAsync("hanzo", "ada", "shop", $"?sessionId={only.Id}");
        Assert.That(await IsDuplicatedAsync($"{second.Id}"), Is.False, "an ended one does not count");
        app.Clock.Advance(TimeSpan.FromHours(1));
        Assert.That(await IsDuplicatedAsync(null), Is.False, "nor does an expired one");

        async Task<bool> IsDuplicatedAsync(string? id)
        {
            var answer = await client.GetAsync($"/api/is-session-duplicated?sessionPkId=hanzo/ada/shop{(id is null ? "" : "&sessionId=" + id)}");
            Assert.That(answer.Status(), Is.EqualTo("ok"));
            return answer.Data().GetBoolean();
        }
    }

    [TestCase("GET", "get-sessions", "owner p pageSize field value sortField sortOrder id")]
    [TestCase("GET", "get-session", "sessionPkId id")]
    [TestCase("GET", "is-session-duplicated", "sessionPkId sessionId")]
    [TestCase("POST", "delete-session", "sessionId")]
    [TestCase("POST", "sso-logout", "logoutAll")]
    [Description("Compatible verbs: a parameter that is given twice is an error that names it, and nothing ends")]
    public async Task A_parameter_that_is_given_twice_is_an_error(string method, string verb, string names)
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var ada = await app.SignedInAsync(more: WebHarness.Administrator + "&application=shop");
        foreach (var name in names.Split(' '))
        {
            using var body = new StringContent(CompatibleRequests.Body("hanzo", "ada", "shop"));
            var answer = await ada.SendAsync(
                new HttpMethod(method), $"/api/{verb}?{name}=a&{name}=b", [("X-Hanzo-Sessions", "1")], method is "POST" ? body : null);

            Assert.That((answer.Status, answer.Body), Is.EqualTo((200, CompatibleRequests.Error($"{name} is given 2 times; it must be given once."))));
        }

        Assert.That(await ada.MeAsync(), Is.EqualTo(200));
    }
}
