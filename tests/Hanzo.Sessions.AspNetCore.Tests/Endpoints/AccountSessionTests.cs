namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>What users see and end of their own.</summary>
public sealed class AccountSessionTests
{
    private const string Route = "/api/account/sessions";

    [Test, Description("HTTP the caller's own sessions, the current one marked, and the quota")]
    public async Task A_user_sees_the_own_sessions_and_which_one_is_this()
    {
        await using var app = await WebHarness.StartAsync();
        var (laptop, phone) = (await app.SignedInAsync(), await app.SignedInAsync(more: "&application=mail"));
        await app.SignedInAsync("ben");
        await app.SignedInAsync("ada", "other");

        var answer = await laptop.GetAsync(Route);

        Assert.That(
            answer.Items.Select(item => (item.GetProperty("id").GetString(), item.GetProperty("isCurrent").GetBoolean())),
            Is.EquivalentTo(new[] { (await laptop.SessionIdAsync(), true), (await phone.SessionIdAsync(), false) }));
        Assert.That(answer.Json.GetProperty("quota").GetRawText(), Is.EqualTo("""{"used":2,"max":10}"""));
        Assert.That(answer.Header("Cache-Control"), Is.EqualTo("no-store"));
    }

    [TestCase("?user=ben")]
    [TestCase("?organization=other")]
    [TestCase("?search=b")]
    [Description("L4 no parameter shows somebody else's")]
    public async Task No_parameter_shows_the_sessions_of_another_user(string query)
    {
        await using var app = await WebHarness.StartAsync();
        var ada = await app.SignedInAsync();
        await app.SignedInAsync("ben");
        await app.SignedInAsync("ada", "other");

        var answer = await ada.GetAsync(Route + query);

        Assert.That(
            answer.Items.Select(item => $"{item.GetProperty("organization")}/{item.GetProperty("user")}"),
            Has.All.EqualTo("hanzo/ada"));
    }

    [Test, Description("HTTP no limit, no maximum")]
    public async Task Without_a_limit_the_quota_has_no_maximum()
    {
        await using var app = await WebHarness.StartAsync(it => it.Sessions = options => options.MaxSessions = null);
        var ada = await app.SignedInAsync();

        Assert.That((await ada.GetAsync(Route)).Json.GetProperty("quota").GetRawText(), Is.EqualTo("""{"used":1,"max":null}"""));
    }

    [Test, Description("T1 one of the caller's own: 204, and its next request is 401")]
    public async Task A_user_ends_another_own_session()
    {
        await using var app = await WebHarness.StartAsync();
        var (laptop, phone) = (await app.SignedInAsync(), await app.SignedInAsync());
        var id = await phone.SessionIdAsync();

        var answer = await laptop.DeleteAsync($"{Route}/{id}");

        Assert.That((answer.Status, answer.Body), Is.EqualTo((204, string.Empty)));
        Assert.That(answer.Header("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That((await laptop.MeAsync(), await phone.MeAsync()), Is.EqualTo((200, 401)));
        Assert.That((await app.EndOfAsync(id))!.Reason, Is.EqualTo(SessionEndReason.TerminatedByUser));
        Assert.That((await laptop.DeleteAsync($"{Route}/{id}")).Status, Is.EqualTo(404), "T8 twice");
    }

    [Test, Description("HTTP 404: unknown, somebody else's, and no id at all, look the same")]
    public async Task Somebody_elses_session_looks_like_none()
    {
        await using var app = await WebHarness.StartAsync();
        var (ada, ben, other) = (await app.SignedInAsync(), await app.SignedInAsync("ben"), await app.SignedInAsync("ada", "other"));
        var expected = (await ada.DeleteAsync($"{Route}/0198c0de000070008000000000000001")).Whole;

        foreach (var id in new[] { await ben.SessionIdAsync(), await other.SessionIdAsync(), "nonsense", "%20", ada.Token, new string('a', 5_000) })
        {
            Assert.That((await ada.DeleteAsync($"{Route}/{id}")).Whole, Is.EqualTo(expected), id);
        }

        Assert.That(expected, Does.Contain("\n404\n"));
        Assert.That((await ben.MeAsync(), await other.MeAsync()), Is.EqualTo((200, 200)));
    }

    [Test, Description("L5 users learn whether one of their sessions ended, when and why, but not which administrator ended it")]
    public async Task Users_are_told_about_each_of_their_sessions()
    {
        await using var app = await WebHarness.StartAsync();
        var (ada, phone, tablet) = (await app.SignedInAsync(), await app.SignedInAsync(), await app.SignedInAsync());
        var (first, second) = (await phone.SessionIdAsync(), await tablet.SessionIdAsync());
        Assert.That((await ada.GetAsync($"{Route}/{first}")).Json.GetProperty("isActive").GetBoolean(), Is.True);

        await ada.DeleteAsync($"{Route}/{first}");
        await app.Manager.TerminateAsync(SessionScope.Of("hanzo"), SessionId.Parse(second), SessionCaller.Service("chief"));
        var (own, admins) = ((await ada.GetAsync($"{Route}/{first}")).Json, (await ada.GetAsync($"{Route}/{second}")).Json);

        Assert.That((own.GetProperty("isActive").GetBoolean(), admins.GetProperty("isActive").GetBoolean()), Is.EqualTo((false, false)));
        Assert.That((own.GetProperty("reason").GetString(), own.GetProperty("endedBy").GetString()), Is.EqualTo(("TerminatedByUser", "user:hanzo/ada")));
        Assert.That((admins.GetProperty("reason").GetString(), admins.GetProperty("endedBy").GetString()), Is.EqualTo(("TerminatedByAdmin", (string?)null)));
        Assert.That(admins.GetRawText(), Does.Not.Contain("chief"));

        var (ben, other) = (await app.SignedInAsync("ben"), await app.SignedInAsync("ada", "other"));
        var unknown = (await ada.GetAsync($"{Route}/0198c0de000070008000000000000001")).Whole;
        Assert.That(unknown, Does.Contain("\n404\n"));
        foreach (var id in new[] { await ben.SessionIdAsync(), await other.SessionIdAsync(), "nonsense" })
        {
            Assert.That((await ada.GetAsync($"{Route}/{id}")).Whole, Is.EqualTo(unknown), id);
        }
    }

    [Test, Description("T4 the exact text")]
    public async Task The_session_in_use_cannot_be_deleted()
    {
        await using var app = await WebHarness.StartAsync();
        var ada = await app.SignedInAsync();
        var id = await ada.SessionIdAsync();

        var answer = await ada.DeleteAsync($"{Route}/{id}");

        Assert.That(answer.Status, Is.EqualTo(409));
        Assert.That(
            answer.Body,
            Is.EqualTo($$"""{"type":"about:blank","title":"Conflict","status":409,"detail":"session id {{id}} is the current session and cannot be deleted"}"""));
        Assert.That(await ada.MeAsync(), Is.EqualTo(200));
    }

    [Test, Description("T4 T5 all the others")]
    public async Task A_user_ends_all_other_own_sessions_in_all_applications()
    {
        await using var app = await WebHarness.StartAsync();
        var (ada, phone, mail) = (await app.SignedInAsync(), await app.SignedInAsync(), await app.SignedInAsync(more: "&application=mail"));
        var ben = await app.SignedInAsync("ben");

        Assert.That((await ada.DeleteAsync(Route)).Body, Is.EqualTo("{\"ended\":2}"));
        Assert.That((await ada.DeleteAsync(Route)).Body, Is.EqualTo("{\"ended\":0}"));

        Assert.That(
            (await ada.MeAsync(), await phone.MeAsync(), await mail.MeAsync(), await ben.MeAsync()),
            Is.EqualTo((200, 401, 401, 200)));
    }

    [Test, Description("HTTP 401 without a session, on each route")]
    public async Task Without_a_session_every_route_answers_401()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = app.Visitor();

        Assert.That((await visitor.GetAsync(Route)).Status, Is.EqualTo(401));
        Assert.That((await visitor.DeleteAsync(Route)).Status, Is.EqualTo(401));
        Assert.That((await visitor.DeleteAsync($"{Route}/0198c0de000070008000000000000001")).Status, Is.EqualTo(401));
    }

    [Test, Description("HTTP reading changes nothing but the last activity")]
    public async Task Reading_twice_ends_nothing_and_makes_nothing()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithAdministrators());
        var admin = await app.SignedInAsync("admin", more: WebHarness.Administrator);

        foreach (var path in new[] { Route, "/api/admin/sessions", "/api/admin/sessions?view=records" })
        {
            var first = (await admin.GetAsync(path)).Whole;
            Assert.That((await admin.GetAsync(path)).Whole, Is.EqualTo(first));
        }
    }
}
