using System.Globalization;

namespace Hanzo.Sessions.AspNetCore.Tests;

public sealed class HistoryAndAlarmTests
{
    private const string History = "/api/admin/sessions/history";
    private const string Alarms = "/api/admin/sessions/alarms";

    [Test, Description("L5 T9 history: every ended session with instant, reason and actor, to the letter")]
    public async Task An_ended_session_is_shown_with_when_why_and_by_whom()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var session = await app.AddAsync("hanzo", "ada", from: "192.0.2.7");
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        await app.Client(ServiceClients.Hanzo).DeleteAsync($"/api/admin/sessions/{session.Id}");

        var answer = await app.Client(ServiceClients.Hanzo).GetAsync(History);

        Assert.That(
            answer.Body,
            Is.EqualTo(
                $$"""
                {"items":[{"id":"{{session.Id}}","organization":"hanzo","user":"ada","application":"shop","ipAddress":"192.0.2.7",
                "userAgent":null,"device":"Unknown device","place":null,"lastIpAddress":null,"lastUserAgent":null,"lastDevice":null,
                "lastPlace":null,"movedAt":null,"createdAt":"2026-01-01T00:00:00Z","lastActiveAt":"2026-01-01T00:00:00Z",
                "expiresAt":"2026-01-02T00:00:00Z","endedAt":"2026-01-01T00:05:00Z","reason":"TerminatedByAdmin",
                "endedBy":"service:hanzo-client"}],"total":1,"totalIsExact":true,"limit":50,"offset":0,"nextCursor":null,"previousCursor":null}
                """.ReplaceLineEndings(string.Empty)));
        Assert.That(answer.Header("Cache-Control"), Is.EqualTo("no-store"));
    }

    [Test, Description("L5 one session by id, to the letter, while it is active and after it has ended")]
    public async Task A_session_is_explained_by_its_id()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var session = await app.AddAsync("hanzo", "ada", from: "192.0.2.7");
        var client = app.Client(ServiceClients.Hanzo);
        var common =
            $$"""
            {"id":"{{session.Id}}","organization":"hanzo","user":"ada","application":"shop","ipAddress":"192.0.2.7",
            "userAgent":null,"device":"Unknown device","place":null,"lastIpAddress":null,"lastUserAgent":null,"lastDevice":null,
            "lastPlace":null,"movedAt":null,"createdAt":"2026-01-01T00:00:00Z","lastActiveAt":"2026-01-01T00:00:00Z",
            "expiresAt":"2026-01-02T00:00:00Z",
            """.ReplaceLineEndings(string.Empty);

        var active = await client.GetAsync($"/api/admin/sessions/{session.Id}");
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        await client.DeleteAsync($"/api/admin/sessions/{session.Id}");
        var ended = await client.GetAsync($"/api/admin/sessions/{session.Id}");

        Assert.That(active.Body, Is.EqualTo(common +
            """
            "isActive":true,"activeUntil":"2026-01-01T01:00:00Z","endedAt":null,"reason":null,"endedBy":null,"explanation":"Active until 2026-01-01T01:00:00Z without further activity, and until 2026-01-02T00:00:00Z at the latest."}
            """));
        Assert.That(ended.Body, Is.EqualTo(common +
            """
            "isActive":false,"activeUntil":null,"endedAt":"2026-01-01T00:05:00Z","reason":"TerminatedByAdmin","endedBy":"service:hanzo-client","explanation":"Ended at 2026-01-01T00:05:00Z: an administrator or a service ended it."}
            """));
    }

    [Test, Description("L4 L5 an unknown id, no id and a session of another organization look the same")]
    public async Task What_cannot_be_explained_is_not_found()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var foreign = await app.AddAsync("other", "ada");
        var client = app.Client(ServiceClients.Hanzo);

        foreach (var id in new[] { foreign.Id.ToString(), SessionId.New(app.Clock.GetUtcNow()).ToString(), "nonsense" })
        {
            var answer = await client.GetAsync($"/api/admin/sessions/{id}");
            Assert.That((answer.Status, answer.Detail), Is.EqualTo((404, "There is no such session, or its history is no longer kept.")));
        }
    }

    [Test, Description("T9 V7 the reason is what happened, and a timeout has no actor, whether or not clean-up has come by")]
    public async Task Every_way_to_end_has_its_reason()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var user = await app.SignedInAsync("out");
        await user.PostAsync("/logout");
        var replaced = await app.SignedInAsync("replaced");
        await replaced.SignInAsync("over");
        var (own, phone) = (await app.SignedInAsync("own"), await app.SignedInAsync("own"));
        await own.DeleteAsync($"/api/account/sessions/{await phone.SessionIdAsync()}");
        await app.AddAsync("hanzo", "idle");
        app.Clock.Advance(TimeSpan.FromHours(1));

        var answer = await app.Client(ServiceClients.Hanzo).GetAsync(History + "?sort=user&order=asc");

        var ends = answer.Items.Select(it =>
            $"{it.GetProperty("user").GetString()} {it.GetProperty("reason").GetString()} {it.GetProperty("endedBy").GetString()}").ToList();
        Assert.That(ends, Is.SupersetOf(new[]
        {
            "out SignedOut user:hanzo/out", "replaced Replaced user:hanzo/over", "own TerminatedByUser user:hanzo/own", "idle IdleTimeout ",
        }));
        Assert.That(
            answer.Items.Single(it => it.GetProperty("user").ValueEquals("idle")).GetProperty("endedAt").GetString(),
            Is.EqualTo("2026-01-01T01:00:00Z"), "at the instant at which it was over");
    }

    [TestCase("", "c b a")]
    [TestCase("?order=asc", "a b c")]
    [TestCase("?sort=endedAt&order=desc&limit=1&offset=1", "b")]
    [TestCase("?user=b", "b")]
    [TestCase("?search=c", "c")]
    [TestCase("?application=mail", "b")]
    [TestCase("?ip=192.0.2.3", "c")]
    [TestCase("?ip=::ffff:192.0.2.3", "c")]
    [TestCase("?organization=hanzo&sort=application&order=asc", "b a c")]
    [TestCase("?offset=10000", "")]
    [Description("L5 history has the filters and the paging of the list")]
    public async Task History_is_filtered_and_paged(string query, string users)
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var client = app.Client(ServiceClients.Hanzo);
        foreach (var (name, application, number) in new[] { ("a", "shop", 1), ("b", "mail", 2), ("c", "shop", 3) })
        {
            var session = await app.AddAsync("hanzo", name, application, $"192.0.2.{number}");
            await client.DeleteAsync($"/api/admin/sessions/{session.Id}");
            app.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await app.AddAsync("hanzo", "active");

        var answer = await client.GetAsync(History + query);

        Assert.That(string.Join(' ', answer.Items.Select(it => it.GetProperty("user").GetString())), Is.EqualTo(users));
    }

    [Test, Description("L5 L3 a walk through history by cursor sees every session once")]
    public async Task History_is_walked_by_cursor()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var client = app.Client(ServiceClients.Hanzo);
        for (var number = 0; number < 7; number++)
        {
            await app.AddAsync("hanzo", $"user{number}");
        }

        app.Clock.Advance(TimeSpan.FromHours(2));
        List<string?> seen = [];
        for (var next = "?limit=3"; next is not null;)
        {
            var page = await client.GetAsync(History + next);
            seen.AddRange(page.Items.Select(it => it.GetProperty("user").GetString()));
            next = page.Json.GetProperty("nextCursor").GetString() is { } cursor ? $"?limit=3&cursor={cursor}" : null;
        }

        Assert.That(seen, Is.EquivalentTo(Enumerable.Range(0, 7).Select(it => $"user{it}")));
    }

    [TestCase("?sort=count", "sort")]
    [TestCase("?limit=0", "limit")]
    [TestCase("?limit=501", "limit")]
    [TestCase("?offset=10001", "offset")]
    [TestCase("?ip=nowhere", "ip")]
    [TestCase("?cursor=malformed", "cursor")]
    [TestCase("?organization=a/b", "organization")]
    [Description("HTTP 400 names the parameter")]
    public async Task A_parameter_of_history_out_of_range_is_named(string query, string name)
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());

        var answer = await app.Client(ServiceClients.All).GetAsync(History + query);

        Assert.That((answer.Status, answer.Json.GetProperty("parameter").GetString()), Is.EqualTo((400, name)));
        Assert.That(answer.ContentType, Is.EqualTo("application/problem+json"));
    }

    [Test, Description("A1 an alarm is listed while it holds, to the letter; three addresses are none")]
    public async Task Four_addresses_are_an_alarm()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var client = app.Client(ServiceClients.Hanzo);
        List<Session> sessions = [];
        for (var number = 1; number <= 3; number++)
        {
            sessions.Add(await app.AddAsync("hanzo", "ada", from: $"192.0.2.{number}"));
        }

        sessions.Add(await app.AddAsync("hanzo", "ada", from: "192.0.2.3"));
        Assert.That((await client.GetAsync(Alarms)).Body, Is.EqualTo("""{"items":[],"limit":50,"offset":0,"countedAt":"NOW"}""".Replace("NOW", Text(app.Clock.GetUtcNow()), StringComparison.Ordinal)));

        var fourth = await app.AddAsync("hanzo", "ada", "mail", "198.51.100.1");
        Assert.That(
            (await client.GetAsync(Alarms)).Body,
            Is.EqualTo(
                """{"items":[{"organization":"hanzo","user":"ada","networks":["192.0.2.1","192.0.2.2","192.0.2.3","198.51.100.1"],"count":5}],"limit":50,"offset":0,"countedAt":"NOW"}"""
                    .Replace("NOW", Text(app.Clock.GetUtcNow()), StringComparison.Ordinal)));

        await client.DeleteAsync($"/api/admin/sessions/{fourth.Id}");
        Assert.That((await client.GetAsync(Alarms)).Items, Is.Empty, "no longer");
        Assert.That(await app.IsActiveAsync(sessions[0]), Is.True, "an alarm ends nothing");

        static string Text(DateTimeOffset instant) =>
            instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);
    }

    [Test, Description("A1 no request waits for a count that takes long: the answer says that there is none yet, and later how old it is")]
    public async Task Alarms_that_take_long_to_count_are_answered_at_once()
    {
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.WithEverything();
            it.Sessions = options => (options.IpSpreadThreshold, options.CleanupEnabled) = (2, false);
        });
        await app.AddAsync("hanzo", "ada", from: "192.0.2.1");
        await app.AddAsync("hanzo", "ada", from: "192.0.2.2");
        var client = app.Client(ServiceClients.Hanzo);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Store.BeforeAlarms = () => gate.Task;
        var began = app.Clock.GetUtcNow();
        var first = client.GetAsync(Alarms);
        await app.Clock.WaitForTimersAsync();
        app.Clock.Advance(TimeSpan.FromMilliseconds(30));
        Assert.That((await first).Body, Is.EqualTo("""{"items":[],"limit":50,"offset":0,"countedAt":null}"""));
        Assert.That((await client.GetAsync(Alarms)).Json.GetProperty("countedAt").GetString(), Is.Null);

        app.Clock.Advance(TimeSpan.FromSeconds(2));
        gate.SetResult();
        Answer later;
        do
        {
            later = await client.GetAsync(Alarms);
        }
        while (later.Json.GetProperty("countedAt").GetString() is null);

        Assert.That(later.Json.GetProperty("countedAt").GetDateTimeOffset(), Is.EqualTo(began));
        Assert.That(later.Items, Has.Exactly(1).Items);
    }

    [Test, Description("A1 L4 an organization out of scope looks like one without alarms, byte for byte")]
    public async Task Out_of_scope_alarms_look_like_none()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var client = app.Client(ServiceClients.Hanzo);

        var (none, beyond) = (await client.GetAsync(Alarms + "?organization=hanzo"), await client.GetAsync(Alarms + "?organization=other"));

        Assert.That(beyond.Body, Is.EqualTo(none.Body));
    }

    [Test, Description("A1 L3 alarms have pages, and 400 for what is out of range")]
    public async Task Alarms_are_paged()
    {
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.WithEverything();
            it.Sessions = options => options.IpSpreadThreshold = 2;
        });
        foreach (var (organization, name) in new[] { ("hanzo", "ben"), ("hanzo", "ada"), ("other", "ada") })
        {
            await app.AddAsync(organization, name, from: "192.0.2.1");
            await app.AddAsync(organization, name, from: "192.0.2.2");
        }

        var all = app.Client(ServiceClients.All);
        Assert.That(await UsersAsync(all, ""), Is.EqualTo("hanzo/ada hanzo/ben other/ada"));
        Assert.That(await UsersAsync(all, "?limit=1&offset=1"), Is.EqualTo("hanzo/ben"));
        Assert.That(await UsersAsync(all, "?offset=3"), Is.Empty);
        Assert.That(await UsersAsync(all, "?organization=other"), Is.EqualTo("other/ada"));
        Assert.That(await UsersAsync(app.Client(ServiceClients.Hanzo), ""), Is.EqualTo("hanzo/ada hanzo/ben"));
        foreach (var (query, name) in new[] { ("?limit=0", "limit"), ("?limit=501", "limit"), ("?offset=10001", "offset"), ("?organization=", "organization") })
        {
            var answer = await all.GetAsync(Alarms + query);
            Assert.That((answer.Status, answer.Json.GetProperty("parameter").GetString()), Is.EqualTo((400, name)), query);
        }

        static async Task<string> UsersAsync(Visitor visitor, string query) => string.Join(
            ' ',
            (await visitor.GetAsync(Alarms + query)).Items.Select(it => $"{it.GetProperty("organization").GetString()}/{it.GetProperty("user").GetString()}"));
    }

    [TestCase(History, "?organization=other", "?organization=nowhere")]
    [TestCase(Alarms, "?organization=other", "?organization=nowhere")]
    [Description("L4 out of scope looks like nothing there, byte for byte")]
    public async Task Another_organization_looks_like_none(string route, string existing, string absent)
    {
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.WithEverything();
            it.Sessions = options => options.IpSpreadThreshold = 2;
        });
        await app.AddAsync("other", "zoe", from: "192.0.2.1");
        await app.AddAsync("other", "zoe", from: "192.0.2.2");
        var ended = await app.AddAsync("other", "zoe");
        await app.Client(ServiceClients.Other).DeleteAsync($"/api/admin/sessions/{ended.Id}");
        var admin = await app.SignedInAsync("admin", more: WebHarness.Administrator);

        var (one, other) = (await admin.GetAsync(route + existing), await admin.GetAsync(route + absent));

        Assert.That(one.Items, Is.Empty);
        Assert.That(one.Whole, Is.EqualTo(other.Whole));
        Assert.That((await app.Client(ServiceClients.Other).GetAsync(route)).Items, Has.Exactly(1).Items);
    }
}
