namespace Hanzo.Sessions.AspNetCore.Tests;

public sealed class JsonShapeTests
{
    private const string Firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";

    [Test, Description("HTTP the exact JSON of a session and of a record")]
    public async Task A_session_and_a_record_have_exactly_this_shape()
    {
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.WithAdministrators();
            it.RealServer = true;
        });
        var admin = app.Visitor();
        admin.UserAgent = Firefox;
        await admin.SignInAsync("admin", more: WebHarness.Administrator + "&application=app-hanzo");
        app.Clock.Advance(TimeSpan.FromMilliseconds(90_250));
        var id = await admin.SessionIdAsync();
        var session =
            $$"""
            {"id":"{{id}}","organization":"hanzo","user":"admin","application":"app-hanzo","ipAddress":"127.0.0.1",
            "userAgent":"{{Firefox}}","device":"Firefox on Windows","place":null,"lastIpAddress":null,
            "lastUserAgent":null,"lastDevice":null,"lastPlace":null,"movedAt":null,"createdAt":"2026-01-01T00:00:00Z",
            "lastActiveAt":"2026-01-01T00:01:30.25Z","expiresAt":"2026-01-02T00:00:00Z",
            "activeUntil":"2026-01-01T01:01:30.25Z","isCurrent":true}
            """.ReplaceLineEndings(string.Empty);

        Assert.That(
            (await admin.GetAsync("/api/admin/sessions")).Body,
            Is.EqualTo($$"""{"items":[{{session}}],"total":1,"totalIsExact":true,"limit":50,"offset":0,"nextCursor":null,"previousCursor":null}"""));
        Assert.That(
            (await admin.GetAsync("/api/admin/sessions?view=records")).Body,
            Is.EqualTo(
                $$"""
                {"items":[{"organization":"hanzo","user":"admin","application":"app-hanzo","createdAt":"2026-01-01T00:00:00Z",
                "lastActiveAt":"2026-01-01T00:01:30.25Z","count":1,"sessions":[{{session}}]}],
                "total":1,"totalIsExact":true,"limit":50,"offset":0,"nextCursor":null,"previousCursor":null}
                """.ReplaceLineEndings(string.Empty)));
        Assert.That(
            (await admin.GetAsync("/api/account/sessions")).Body,
            Is.EqualTo(
                $$$"""
                {"items":[{{{session}}}],"total":1,"totalIsExact":true,"limit":50,"offset":0,"nextCursor":null,"previousCursor":null,"quota":{"used":1,"max":10}}
                """.ReplaceLineEndings(string.Empty)));
    }

    [Test, Description("L2 a record gathers the sessions of a user in an application")]
    public async Task A_record_has_the_earliest_creation_and_the_latest_activity()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithAdministrators());
        var first = await app.SignedInAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        await app.SignedInAsync();
        var admin = await app.SignedInAsync("admin", more: WebHarness.Administrator);
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        await first.MeAsync();

        var record = (await admin.GetAsync("/api/admin/sessions?view=records&user=ada")).Items.Single();

        Assert.That(record.GetProperty("count").GetInt32(), Is.EqualTo(2));
        Assert.That(record.GetProperty("sessions").GetArrayLength(), Is.EqualTo(2));
        Assert.That(record.GetProperty("createdAt").GetString(), Is.EqualTo("2026-01-01T00:00:00Z"));
        Assert.That(record.GetProperty("lastActiveAt").GetString(), Is.EqualTo("2026-01-01T00:10:00Z"));
    }

    [Test, Description("HTTP never the token or its hash, in any body")]
    public async Task No_answer_holds_a_token_or_its_hash()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithAdministrators());
        var (admin, ada) = (await app.SignedInAsync("admin", more: WebHarness.Administrator), await app.SignedInAsync());
        var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(ada.Token));
        var id = await ada.SessionIdAsync();
        List<Answer> answers = [];
        foreach (var path in new[] { "/api/account/sessions", "/api/admin/sessions", "/api/admin/sessions?view=records", "/api/admin/sessions?sort=x", $"/api/admin/sessions?user={ada.Token}x%00" })
        {
            answers.Add(await admin.GetAsync(path));
            answers.Add(await ada.GetAsync(path));
        }

        answers.Add(await ada.DeleteAsync($"/api/account/sessions/{id}"));
        answers.Add(await admin.DeleteAsync($"/api/admin/sessions/{id}"));
        answers.Add(await ada.GetAsync("/page"));

        foreach (var secret in new[] { ada.Token[4..], admin.Token[4..], Convert.ToHexString(hash), Convert.ToBase64String(hash) })
        {
            Assert.That(
                answers.Where(it => !it.Body.Contains("parameter", StringComparison.Ordinal)).Select(it => it.Whole),
                Has.None.Contains(secret).IgnoreCase);
        }
    }

    [Test, Description("HTTP text of users is text: no markup leaves the JSON unescaped")]
    public async Task Names_and_user_agents_are_escaped()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = app.Visitor();
        visitor.UserAgent = "<script>alert(1)</script>&'\"";
        await visitor.SignInAsync("%3Cb%3E");

        var answer = await visitor.GetAsync("/api/account/sessions");

        Assert.That(answer.Body, Does.Not.Contain("<").And.Not.Contain("&").And.Not.Contain("'"));
        Assert.That(answer.Items.Single().GetProperty("user").GetString(), Is.EqualTo("<b>"));
    }
}
