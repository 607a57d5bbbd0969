namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>The query parameters of the lists.</summary>
public sealed class ListParameterTests
{
    private const string Route = "/api/admin/sessions";
    private const string Address = "an IPv4 address such as 192.0.2.7, or an IPv6 address such as 2001:db8::7";

    private WebHarness _app = null!;
    private Visitor _admin = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _app = await WebHarness.StartAsync(it => it.WithAdministrators());
        _admin = await _app.SignedInAsync("admin", more: WebHarness.Administrator);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _admin.Dispose();
        await _app.DisposeAsync();
    }

    [TestCase("limit", "0", "from 1 to 500")]
    [TestCase("limit", "501", "from 1 to 500")]
    [TestCase("limit", "-1", "from 1 to 500")]
    [TestCase("limit", "", "from 1 to 500")]
    [TestCase("limit", "1e2", "from 1 to 500")]
    [TestCase("limit", "99999999999", "from 1 to 500")]
    [TestCase("offset", "-1", "from 0 to 10000")]
    [TestCase("offset", "10001", "from 0 to 10000")]
    [TestCase("offset", " 1", "from 0 to 10000")]
    [TestCase("sort", "token", "one of createdAt, lastActiveAt, expiresAt, user, application, ipAddress")]
    [TestCase("sort", "CREATEDAT", "one of createdAt, lastActiveAt, expiresAt, user, application, ipAddress")]
    [TestCase("sort", "count", "one of createdAt, lastActiveAt, expiresAt, user, application, ipAddress")]
    [TestCase("order", "descending", "one of asc, desc")]
    [TestCase("total", "exact", "one of capped, none")]
    [TestCase("view", "history", "one of sessions, records")]
    [TestCase("ip", "localhost", Address)]
    [TestCase("ip", "1.2.3.4.5", Address)]
    [TestCase("ip", "0177.1", Address)]
    [TestCase("ip", "0177.0.0.1", Address)]
    [TestCase("ip", "127.1", Address)]
    [TestCase("ip", "127.0.0.01", Address)]
    [TestCase("ip", "0x7f.0.0.1", Address)]
    [TestCase("ip", "0x7f000001", Address)]
    [TestCase("ip", "2130706433", Address)]
    [TestCase("ip", "1", Address)]
    [TestCase("ip", " 127.0.0.1", Address)]
    [TestCase("ip", "127.0.0.1:80", Address)]
    [TestCase("ip", "127.0.0.1/8", Address)]
    [TestCase("ip", "[::1]", Address)]
    [TestCase("ip", "[::1]:80", Address)]
    [TestCase("ip", "::1/64", Address)]
    [TestCase("ip", "fe80::1%2", Address)]
    [TestCase("ip", "fe80::1%lo", Address)]
    [TestCase("ip", "::ffff:0177.0.0.1", Address)]
    [TestCase("ip", "::ffff:127.1", Address)]
    [TestCase("ip", "::0x1", Address)]
    [TestCase("ip", "", Address)]
    [TestCase("cursor", "AAAA", "the nextCursor or previousCursor of an earlier answer")]
    [TestCase("cursor", "", "the nextCursor or previousCursor of an earlier answer")]
    [TestCase("organization", "a/b", "1 to 256 bytes of UTF-8 without NUL or '/'")]
    [TestCase("organization", "", "1 to 256 bytes of UTF-8 without NUL or '/'")]
    [TestCase("application", "a/b", "1 to 256 bytes of UTF-8 without NUL or '/'")]
    [TestCase("user", "", "1 to 256 bytes of UTF-8 without NUL")]
    [TestCase("search", "", "1 to 256 bytes of UTF-8 without NUL")]
    [Description("L3 400 names the parameter, its value and the range")]
    public async Task A_parameter_out_of_range_is_named_with_its_value_and_its_range(string name, string value, string range)
    {
        var answer = await _admin.GetAsync($"{Route}?{name}={Uri.EscapeDataString(value)}");

        Assert.That(answer.Status, Is.EqualTo(400));
        Assert.That(answer.ContentType, Is.EqualTo("application/problem+json"));
        Assert.That(answer.Json.GetProperty("parameter").GetString(), Is.EqualTo(name));
        Assert.That(answer.Detail, Is.EqualTo($"{name} is '{value}'; it must be {range}."));
    }

    [TestCase("192.0.2.7")]
    [TestCase("::ffff:192.0.2.7")]
    [TestCase("::FFFF:c000:207")]
    [TestCase("0:0:0:0:0:ffff:192.0.2.7")]
    [Description("L3 A1 an address is found however its canonical forms are written")]
    public async Task An_address_is_found_in_each_of_its_forms(string ip)
    {
        await using var app = await WebHarness.StartAsync(it => it.WithAdministrators());
        var admin = await app.SignedInAsync("admin", more: WebHarness.Administrator);
        await app.AddAsync("hanzo", "ada", from: "192.0.2.7");
        await app.AddAsync("hanzo", "ben", from: "192.0.2.8");

        var answer = await admin.GetAsync($"{Route}?ip={Uri.EscapeDataString(ip)}");

        Assert.That(answer.Items.Select(item => item.GetProperty("user").GetString()), Is.EqualTo(new[] { "ada" }));
    }

    [TestCase("GET", Route, "limit offset cursor organization user application ip search sort order total view")]
    [TestCase("GET", Route + "/history", "limit offset cursor organization user application ip search sort order total")]
    [TestCase("GET", Route + "/alarms", "organization limit offset")]
    [TestCase("DELETE", Route, "userId application keepCurrent")]
    [TestCase("GET", "/api/account/sessions", "limit offset cursor organization user application ip search sort order total")]
    [Description("L3 a parameter that is given twice is 400: its values are not one text with a comma")]
    public async Task A_parameter_that_is_given_twice_is_refused(string method, string path, string names)
    {
        foreach (var name in names.Split(' '))
        {
            foreach (var query in new[] { $"{name}=a&{name}=b", $"{name}=a&x=1&{name.ToUpperInvariant()}=a" })
            {
                var answer = await _admin.SendAsync(new HttpMethod(method), $"{path}?{query}", [("X-Hanzo-Sessions", "1")]);

                Assert.That((answer.Status, answer.ContentType), Is.EqualTo((400, "application/problem+json")), query);
                Assert.That(answer.Json.GetProperty("parameter").GetString(), Is.EqualTo(name).IgnoreCase, query);
                Assert.That(answer.Detail, Is.EqualTo($"{name} is given 2 times; it must be given once.").IgnoreCase);
            }
        }
    }

    [Test, Description("L3 nothing ends by a parameter that is given twice")]
    public async Task Two_users_are_not_one_and_no_session_ends()
    {
        using var odd = await _app.SignedInAsync("a,b");

        var answer = await _admin.DeleteAsync($"{Route}?userId=a&userId=b");

        Assert.That((answer.Status, await odd.MeAsync()), Is.EqualTo((400, 200)));
        Assert.That((await _admin.GetAsync($"{Route}?user=a,b")).Items, Has.Count.EqualTo(1), "a comma is part of a name");
    }

    [TestCase("", "userId is missing; it must name whose sessions to end, as organization/name.")]
    [TestCase("?userId=", "userId is missing; it must name whose sessions to end, as organization/name.")]
    [TestCase("?userId=hanzo/", "userId is 'hanzo/'; it must be organization/name, or a name in your organization.")]
    [TestCase("?userId=/ada", "userId is '/ada'; it must be organization/name, or a name in your organization.")]
    [TestCase("?userId=a%00", "userId is 'a\0'; it must be organization/name, or a name in your organization.")]
    [TestCase("?userId=ada&keepCurrent=yes", "keepCurrent is 'yes'; it must be one of true, false.")]
    [TestCase("?userId=ada&application=a/b", "application is 'a/b'; it must be 1 to 256 bytes of UTF-8 without NUL or '/'.")]
    [Description("HTTP 400 without userId, or with one out of bounds; then nothing is ended")]
    public async Task A_termination_that_does_not_say_whose_ends_nothing(string query, string detail)
    {
        using var ada = await _app.SignedInAsync($"ada{query.Length}");

        var answer = await _admin.DeleteAsync(Route + query);

        Assert.That(answer.Status, Is.EqualTo(400));
        Assert.That(answer.Detail, Is.EqualTo(detail));
        Assert.That(await ada.MeAsync(), Is.EqualTo(200));
    }

    [Test, Description("HTTP 400 for a bare name from a caller of all organizations")]
    public async Task A_bare_name_does_not_do_for_an_administrator_of_all_organizations()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithAdministrators());
        var root = await app.SignedInAsync("root", "built-in", WebHarness.AdministratorOfAll);

        var answer = await root.DeleteAsync($"{Route}?userId=root");

        Assert.That(answer.Status, Is.EqualTo(400));
        Assert.That(answer.Detail, Is.EqualTo("userId is 'root'; it must be organization/name."));
    }

    [Test, Description("L3 a long value is shown cut")]
    public async Task A_long_value_is_shown_cut_and_well_formed()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithAdministrators());
        var admin = await app.SignedInAsync("admin", more: WebHarness.Administrator);
        var value = new string('a', 39) + "😀" + new string('b', 300);

        var answer = await admin.GetAsync($"{Route}?user={Uri.EscapeDataString(value)}");

        Assert.That(answer.Status, Is.EqualTo(400));
        Assert.That(answer.Detail, Does.Match("\\Auser is 'a{39}[^\uFFFD]*\\.\\.\\.'; it must be 1 to 256 bytes"));
    }

    [Test, Description("L3 the boundaries themselves are in range")]
    public async Task The_first_and_the_last_value_of_each_range_are_accepted()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithAdministrators());
        var admin = await app.SignedInAsync("admin", more: WebHarness.Administrator);

        foreach (var query in new[] { "limit=1", "limit=500", "offset=0", "offset=10000", $"user={new string('a', 256)}", "ip=::1", "user=a/b" })
        {
            Assert.That((await admin.GetAsync($"{Route}?{query}")).Status, Is.EqualTo(200), query);
        }

        Assert.That((await admin.GetAsync($"{Route}?user={new string('a', 257)}")).Status, Is.EqualTo(400));
    }

    [TestCase("sort=user", "ada ben cid")]
    [TestCase("sort=user&order=desc", "cid ben ada")]
    [TestCase("sort=createdAt", "ben ada cid", Description = "instants: newest first")]
    [TestCase("sort=createdAt&order=asc", "cid ada ben")]
    [TestCase("", "ben ada cid", Description = "L3 newest first by default")]
    [TestCase("sort=lastActiveAt", "cid ben ada")]
    [TestCase("sort=expiresAt&order=asc", "cid ada ben")]
    [TestCase("sort=application", "cid ada ben", Description = "a, b, c")]
    [TestCase("sort=ipAddress&order=desc", "ben ada cid", Description = "all alike: by id, the same way")]
    [TestCase("user=ben", "ben")]
    [TestCase("search=b", "ben")]
    [TestCase("search=%25", "")]
    [TestCase("application=a", "cid")]
    [TestCase("ip=203.0.113.1", "")]
    [TestCase("limit=2&sort=user", "ada ben")]
    [TestCase("limit=2&offset=2&sort=user", "cid")]
    [TestCase("offset=100", "")]
    [Description("L3 filters, sorts and pages")]
    public async Task A_list_is_filtered_sorted_and_cut_as_asked(string query, string users)
    {
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.WithAdministrators();
            it.Endpoints += options => options.AdministratorScope = (_, _) => SessionScope.Of("hanzo");
        });
        var admin = await app.SignedInAsync("admin", "elsewhere", WebHarness.Administrator);
        var cid = await app.SignedInAsync("cid", more: "&application=a");
        foreach (var (name, application) in new[] { ("ada", "b"), ("ben", "c") })
        {
            app.Clock.Advance(TimeSpan.FromMinutes(5));
            await app.SignedInAsync(name, more: $"&application={application}");
        }

        app.Clock.Advance(TimeSpan.FromMinutes(5));
        await cid.MeAsync();

        var answer = await admin.GetAsync($"{Route}?{query}");

        Assert.That(string.Join(' ', answer.Items.Select(item => item.GetProperty("user").GetString())), Is.EqualTo(users));
    }

    [TestCase("sessions", "sort=user")]
    [TestCase("sessions", "sort=createdAt&order=desc")]
    [TestCase("records", "sort=user")]
    [TestCase("records", "sort=count&order=desc")]
    [Description("L3 a walk by cursor sees every row once")]
    public async Task A_walk_by_cursor_sees_every_row_once(string view, string order)
    {
        await using var app = await WebHarness.StartAsync(it => it.WithAdministrators());
        var admin = await app.SignedInAsync("admin", more: WebHarness.Administrator);
        for (var i = 0; i < 9; i++)
        {
            await app.SignedInAsync($"user{i % 6}", more: $"&application=app{i % 2}");
        }

        List<string> walked = [];
        string? cursor = null;
        do
        {
            var answer = await admin.GetAsync($"{Route}?view={view}&{order}&limit=2&total=none" + (cursor is null ? "" : $"&cursor={cursor}"));
            walked.AddRange(answer.Items.Select(item => item.GetRawText()));
            cursor = answer.Json.GetProperty("nextCursor").GetString();
            Assert.That(answer.Json.GetProperty("total").ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Null));
        }
        while (cursor is not null);

        var all = (await admin.GetAsync($"{Route}?view={view}&{order}")).Items.Select(item => item.GetRawText());
        Assert.That(walked, Is.EqualTo(all));
    }

    [TestCase("&offset=1")]
    [TestCase("&sort=user")]
    [TestCase("&order=asc")]
    [TestCase("&view=records")]
    [Description("L3 a cursor continues the list that it came from, and no other")]
    public async Task A_cursor_of_another_list_is_refused(string other)
    {
        await using var app = await WebHarness.StartAsync(it => it.WithAdministrators());
        var admin = await app.SignedInAsync("admin", more: WebHarness.Administrator);
        await app.SignedInAsync();
        var cursor = (await admin.GetAsync($"{Route}?limit=1")).Json.GetProperty("nextCursor").GetString();

        var answer = await admin.GetAsync($"{Route}?limit=1&cursor={cursor}{other}");

        Assert.That(answer.Status, Is.EqualTo(400));
        Assert.That(answer.Json.GetProperty("parameter").GetString(), Is.EqualTo("cursor"));
    }

    [Test, Description("L4 a cursor from another scope opens nothing")]
    public async Task A_cursor_of_another_administrator_shows_nothing_out_of_scope()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithAdministrators());
        var root = await app.SignedInAsync("root", "built-in", WebHarness.AdministratorOfAll);
        var admin = await app.SignedInAsync("admin", more: WebHarness.Administrator);
        await app.SignedInAsync("zoe", "other");
        var cursor = (await root.GetAsync($"{Route}?limit=1&sort=user&order=desc")).Json.GetProperty("nextCursor").GetString();

        var answer = await admin.GetAsync($"{Route}?limit=1&sort=user&order=desc&cursor={cursor}");

        Assert.That(answer.Items.Select(item => item.GetProperty("organization").GetString()), Is.EqualTo(new[] { "hanzo" }));
    }
}
