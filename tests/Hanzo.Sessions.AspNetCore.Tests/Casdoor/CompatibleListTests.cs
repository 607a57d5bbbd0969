namespace Hanzo.Sessions.AspNetCore.Tests;

public sealed class CompatibleListTests
{
    private const string Route = "/api/get-sessions?owner=hanzo";

    [Test, Description("Compatible verbs: the envelope, to the letter")]
    public async Task A_list_is_answered_in_this_envelope()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var first = await app.AddAsync("hanzo", "ada");
        app.Clock.Advance(TimeSpan.FromSeconds(61.5));
        var (second, ben) = (await app.AddAsync("hanzo", "ada"), await app.AddAsync("hanzo", "ben", "mail"));
        var records =
            $$"""
            [{"owner":"hanzo","name":"ben","application":"mail","createdTime":"2026-01-01T00:01:01Z","sessionId":["{{ben.Id}}"]},
            {"owner":"hanzo","name":"ada","application":"shop","createdTime":"2026-01-01T00:00:00Z","sessionId":["{{second.Id}}","{{first.Id}}"]}]
            """.ReplaceLineEndings(string.Empty);
        var client = app.Client(ServiceClients.Hanzo);

        var all = await client.GetAsync(Route);
        var page = await client.GetAsync(Route + "&p=1&pageSize=10");

        Assert.That(all.Body, Is.EqualTo($$"""{"status":"ok","msg":"","sub":"","name":"","data":{{records}},"data2":null,"data3":null}"""));
        Assert.That(page.Body, Is.EqualTo($$"""{"status":"ok","msg":"","data":{{records}},"data2":2,"sub":"","name":"","data3":null}"""));
        foreach (var answer in new[] { all, page })
        {
            Assert.That(answer.Status, Is.EqualTo(200));
            Assert.That(answer.ContentType, Is.EqualTo("application/json; charset=utf-8"));
            Assert.That(answer.Header("Cache-Control"), Is.EqualTo("no-store"));
        }
    }

    [Test, Description("Compatible verbs: nothing there is an empty array, not null")]
    public async Task Without_sessions_the_data_is_an_empty_array()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var client = app.Client(ServiceClients.Hanzo);

        Assert.That((await client.GetAsync(Route)).Data().GetRawText(), Is.EqualTo("[]"));
        Assert.That((await client.GetAsync(Route + "&p=1&pageSize=10")).Body, Is.EqualTo(CompatibleRequests.Ok("[]").Replace("\"data2\":null", "\"data2\":0", StringComparison.Ordinal)));
    }

    [TestCase("", "5 4 3 2 1", null)]
    [TestCase("&p=1", "5 4 3 2 1", null)]
    [TestCase("&pageSize=2", "5 4 3 2 1", null)]
    [TestCase("&p=&pageSize=2", "5 4 3 2 1", null)]
    [TestCase("&p=1&pageSize=2", "5 4", 5)]
    [TestCase("&p=2&pageSize=2", "3 2", 5)]
    [TestCase("&p=3&pageSize=2", "1", 5)]
    [TestCase("&p=4&pageSize=2", "", 5)]
    [TestCase("&p=2147483647&pageSize=500", "", 5)]
    [TestCase("&p=1&pageSize=500", "5 4 3 2 1", 5)]
    [TestCase("&p=1&pageSize=5", "5 4 3 2 1", 5)]
    [Description("Compatible verbs: paged with both p and pageSize, data2 the exact total, beyond the end empty")]
    public async Task A_page_is_cut_only_when_both_parameters_are_given(string query, string names, int? total)
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        for (var number = 1; number <= 5; number++)
        {
            await app.AddAsync("hanzo", $"{number}");
            app.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var answer = await app.Client(ServiceClients.Hanzo).GetAsync(Route + query);

        Assert.That(string.Join(' ', answer.Records().Select(it => it.Split('/')[1])), Is.EqualTo(names));
        Assert.That(answer.Json.GetProperty("data2").GetRawText(), Is.EqualTo(total is null ? "null" : $"{total}"));
    }

    [TestCase("&p=0&pageSize=10", "p is '0'; it must be from 1 to 2147483647.")]
    [TestCase("&p=-1&pageSize=10", "p is '-1'; it must be from 1 to 2147483647.")]
    [TestCase("&p=2147483648&pageSize=10", "p is '2147483648'; it must be from 1 to 2147483647.")]
    [TestCase("&p=one&pageSize=10", "p is 'one'; it must be from 1 to 2147483647.")]
    [TestCase("&p=1&p=2&pageSize=10", "p is given 2 times; it must be given once.")]
    [TestCase("&p=1&pageSize=0", "pageSize is '0'; it must be from 1 to 500.")]
    [TestCase("&p=1&pageSize=501", "pageSize is '501'; it must be from 1 to 500.")]
    [TestCase("&p=1&pageSize=+5", "pageSize is ' 5'; it must be from 1 to 500.")]
    [TestCase("&p=1&pageSize=10&sortField=secret", "sortField is 'secret'; it must be one of owner, name, application, createdTime, sessionId.")]
    [TestCase("&p=1&pageSize=10&field=token&value=x", "field is 'token'; it must be one of owner, name, application.")]
    [TestCase("&p=1&pageSize=10&field=name&value=%00", @"value is '\u0000'; it must be 1 to 256 bytes of UTF-8 without NUL.")]
    [Description("Compatible verbs: out of range is an error in the envelope that names parameter, value and range")]
    public async Task A_parameter_out_of_range_is_named(string query, string message)
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());

        var answer = await app.Client(ServiceClients.Hanzo).GetAsync(Route + query);

        Assert.That(answer.Status, Is.EqualTo(200));
        Assert.That(
            answer.Body,
            Is.EqualTo(CompatibleRequests.Error(message.Replace("'", @"\u0027", StringComparison.Ordinal))));
    }

    [TestCase("field=name&value=d_", "d_n")]
    [TestCase("field=name&value=%25", "a%b")]
    [TestCase("field=name&value=A", "")]
    [TestCase("field=name&value=a", "a%b ada dan")]
    [TestCase("field=name&value=", "a%b ada d_n dan")]
    [TestCase("field=&value=ada", "a%b ada d_n dan")]
    [TestCase("value=ada", "a%b ada d_n dan")]
    [TestCase("field=application&value=mai", "dan")]
    [TestCase("field=owner&value=anz", "a%b ada d_n dan")]
    [TestCase("field=owner&value=other", "")]
    [Description("Compatible verbs: field and value are one literal substring filter")]
    public async Task A_filter_is_a_literal_part_of_one_column(string filter, string names)
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        await app.AddAsync("hanzo", "ada");
        await app.AddAsync("hanzo", "a%b");
        await app.AddAsync("hanzo", "d_n");
        await app.AddAsync("hanzo", "dan", "mail");
        await app.AddAsync("other", "ada");

        var answer = await app.Client(ServiceClients.Hanzo)
            .GetAsync($"{Route}&p=1&pageSize=10&sortField=name&sortOrder=ascend&{filter}");

        Assert.That(string.Join(' ', answer.Records().Select(it => it.Split('/')[1])), Is.EqualTo(names));
        Assert.That(answer.Json.GetProperty("data2").GetInt64(), Is.EqualTo(answer.Records().Count), "the total is of what matches");
    }

    [TestCase("", "z/a/shop a/z/mail a/b/shop")]
    [TestCase("&sortOrder=ascend", "a/b/shop a/z/mail z/a/shop")]
    [TestCase("&sortField=createdTime&sortOrder=ascend", "a/b/shop a/z/mail z/a/shop")]
    [TestCase("&sortField=createdTime&sortOrder=descend", "z/a/shop a/z/mail a/b/shop")]
    [TestCase("&sortField=createdTime&sortOrder=whatever", "z/a/shop a/z/mail a/b/shop")]
    [TestCase("&sortField=owner&sortOrder=ascend", "a/b/shop a/z/mail z/a/shop")]
    [TestCase("&sortField=owner&sortOrder=descend", "z/a/shop a/z/mail a/b/shop")]
    [TestCase("&sortField=application&sortOrder=ascend", "a/z/mail a/b/shop z/a/shop")]
    [TestCase("&sortField=application", "z/a/shop a/b/shop a/z/mail")]
    [TestCase("&sortField=&sortOrder=", "z/a/shop a/z/mail a/b/shop")]
    [Description("Compatible verbs: sortField, and sortOrder ascend or descending")]
    public async Task A_page_is_sorted_as_asked(string order, string records)
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        foreach (var (organization, name, application) in new[] { ("a", "b", "shop"), ("a", "z", "mail"), ("z", "a", "shop") })
        {
            await app.AddAsync(organization, name, application);
            app.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var answer = await app.Client(ServiceClients.All).GetAsync("/api/get-sessions?p=1&pageSize=10" + order);

        Assert.That(string.Join(' ', answer.Records()), Is.EqualTo(records));
    }

    [TestCase("ascend", "ben cid ada")]
    [TestCase("descend", "ada cid ben")]
    [Description("Compatible verbs: sortField=sessionId sorts by the first id that a record shows, at any depth")]
    public async Task A_page_is_sorted_by_session_id(string order, string names)
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        foreach (var name in new[] { "ada", "ben", "cid", "ada" })
        {
            await app.AddAsync("hanzo", name);
            app.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var client = app.Client(ServiceClients.Hanzo);
        List<string> walked = [];
        foreach (var page in new[] { 1, 2, 3 })
        {
            var answer = await client.GetAsync($"{Route}&p={page}&pageSize=1&sortField=sessionId&sortOrder={order}");
            walked.AddRange(answer.Records().Select(it => it.Split('/')[1]));
        }

        var whole = await client.GetAsync($"{Route}&p=1&pageSize=10&sortField=sessionId&sortOrder={order}");
        var shown = whole.Data().EnumerateArray().Select(it => it.GetProperty("sessionId")[0].GetString()).ToList();
        Assert.That(string.Join(' ', walked), Is.EqualTo(names));
        Assert.That(shown, order is "ascend" ? Is.Ordered.Ascending.Using<string>(string.CompareOrdinal) : Is.Ordered.Descending.Using<string>(string.CompareOrdinal));
        Assert.That(shown, Has.Count.EqualTo(3));
    }

    [Test, Description("Compatible verbs: L1 what has ended is not listed, and the last session takes the record with it (T2)")]
    public async Task Ended_and_expired_sessions_are_not_listed()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var client = app.Client(ServiceClients.Hanzo);
        await app.AddAsync("hanzo", "ada");
        app.Clock.Advance(TimeSpan.FromMinutes(59));
        await app.AddAsync("hanzo", "ben");
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.That((await client.GetAsync(Route)).Records(), Is.EqualTo(new[] { "hanzo/ben/shop" }));
        await client.DeleteRecordAsync("hanzo", "ben", "shop");
        Assert.That((await client.GetAsync(Route)).Records(), Is.Empty);
    }
}
