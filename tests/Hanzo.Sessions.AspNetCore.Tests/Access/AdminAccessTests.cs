using Microsoft.AspNetCore.Builder;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>Who may use the administrators' routes, and what of.</summary>
public sealed class AdminAccessTests
{
    private const string Route = "/api/admin/sessions";
    private const string SomeId = "0198c0de000070008000000000000001";

    private static readonly (HttpMethod Method, string Path)[] Routes =
    [
        (HttpMethod.Get, Route),
        (HttpMethod.Delete, $"{Route}?userId=ada"),
        (HttpMethod.Delete, $"{Route}/{SomeId}"),
    ];

    [Test, Description("HTTP no session: 401")]
    public async Task Without_a_session_every_route_answers_401()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithAdministrators());

        Assert.That(await StatusesAsync(app.Visitor()), Is.EqualTo(new[] { 401, 401, 401 }));
    }

    [Test, Description("HTTP not an administrator: 403")]
    public async Task Who_is_not_an_administrator_is_answered_403()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithAdministrators());
        var ada = await app.SignedInAsync();

        Assert.That(await StatusesAsync(ada), Is.EqualTo(new[] { 403, 403, 403 }));
        Assert.That((await ada.GetAsync(Route)).Detail, Is.EqualTo("You are not an administrator."));
    }

    [Test, Description("HTTP nobody is an administrator until the host names a policy")]
    public async Task Without_a_policy_nobody_is_an_administrator()
    {
        await using var app = await WebHarness.StartAsync();
        var admin = await app.SignedInAsync("admin", more: WebHarness.AdministratorOfAll);

        Assert.That(await StatusesAsync(admin), Is.EqualTo(new[] { 403, 403, 403 }));
        Assert.That((await admin.GetAsync(Route)).Detail, Does.StartWith("No user is an administrator here"));
    }

    [Test, Description("HTTP AllowAnonymous on the endpoints is refused at start")]
    public async Task An_app_that_opens_the_endpoints_does_not_start()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => WebHarness.StartAsync(it =>
        {
            it.MapsHanzoSessions = false;
            it.App = web => web.MapHanzoSessions().AllowAnonymous();
        }));

        Assert.That(fault!.Message, Does.StartWith("AllowAnonymous() stands on ").And.Contain("/api/"));
    }

    [Test, Description("HTTP a policy that does not exist is refused")]
    public async Task An_app_that_names_a_policy_it_does_not_have_does_not_start()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => WebHarness.StartAsync(it =>
            it.Endpoints = options => options.AdministratorPolicy = "missing"));

        Assert.That(fault!.Message, Does.Contain("'missing'"));
    }

    [Test, Description("L4 an administrator sees the own organization")]
    public async Task An_administrator_sees_the_own_organization_only()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithAdministrators());
        var admin = await app.SignedInAsync("admin", more: WebHarness.Administrator);
        await app.SignedInAsync("zoe", "other");

        Assert.That(Users(await admin.GetAsync(Route)), Is.EqualTo(new[] { "admin" }));
        Assert.That(Users(await admin.GetAsync($"{Route}?organization=hanzo")), Is.EqualTo(new[] { "admin" }));
        foreach (var query in new[] { "organization=other", "organization=nowhere", "organization=other&user=zoe", "user=zoe", "search=z", "organization=HANZO" })
        {
            var answer = await admin.GetAsync($"{Route}?{query}");

            Assert.That(
                answer.Body,
                Is.EqualTo("""{"items":[],"total":0,"totalIsExact":true,"limit":50,"offset":0,"nextCursor":null,"previousCursor":null}"""), query);
            Assert.That((await admin.GetAsync($"{Route}?view=records&{query}")).Items, Is.Empty, query);
        }
    }

    [Test, Description("L4 out of scope is like not found")]
    public async Task What_is_out_of_scope_is_answered_as_if_it_were_not_there()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithAdministrators());
        var admin = await app.SignedInAsync("admin", more: WebHarness.Administrator);
        var zoe = await app.SignedInAsync("zoe", "other");

        var foreign = await admin.DeleteAsync($"{Route}/{await zoe.SessionIdAsync()}");
        var missing = await admin.DeleteAsync($"{Route}/{SomeId}");

        Assert.That(foreign.Status, Is.EqualTo(404));
        Assert.That(foreign.Whole, Is.EqualTo(missing.Whole));
        Assert.That((await admin.DeleteAsync($"{Route}?userId=other/zoe")).Body, Is.EqualTo("{\"ended\":0}"));
        Assert.That((await admin.DeleteAsync($"{Route}?userId=other/nobody")).Body, Is.EqualTo("{\"ended\":0}"));
        Assert.That((await admin.DeleteAsync($"{Route}?userId=other/zoe&application=default")).Body, Is.EqualTo("{\"ended\":0}"));
        Assert.That(await zoe.MeAsync(), Is.EqualTo(200));
    }

    [Test, Description("L4 all organizations, for those who have them")]
    public async Task An_administrator_of_all_organizations_sees_and_ends_in_all()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithAdministrators());
        var root = await app.SignedInAsync("root", "built-in", WebHarness.AdministratorOfAll);
        var (ada, zoe) = (await app.SignedInAsync(), await app.SignedInAsync("zoe", "other"));

        Assert.That(Users(await root.GetAsync($"{Route}?sort=user")), Is.EqualTo(new[] { "ada", "root", "zoe" }));
        Assert.That(Users(await root.GetAsync($"{Route}?organization=other")), Is.EqualTo(new[] { "zoe" }));
        Assert.That((await root.DeleteAsync($"{Route}/{await ada.SessionIdAsync()}")).Status, Is.EqualTo(204));
        Assert.That((await root.DeleteAsync($"{Route}?userId=other/zoe")).Body, Is.EqualTo("{\"ended\":1}"));
        Assert.That((await ada.MeAsync(), await zoe.MeAsync()), Is.EqualTo((401, 401)));
    }

    [Test, Description("L4 a user of the same name in another organization is another user")]
    public async Task A_bare_name_is_one_in_the_own_organization()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithAdministrators());
        var admin = await app.SignedInAsync("admin", more: WebHarness.Administrator);
        var (ours, theirs) = (await app.SignedInAsync("ada"), await app.SignedInAsync("ada", "other"));

        Assert.That((await admin.DeleteAsync($"{Route}?userId=ada")).Body, Is.EqualTo("{\"ended\":1}"));

        Assert.That((await ours.MeAsync(), await theirs.MeAsync()), Is.EqualTo((401, 200)));
    }

    [Test, Description("T9 who ended it")]
    public async Task History_knows_the_administrator_who_ended_a_session()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithAdministrators());
        var admin = await app.SignedInAsync("admin", more: WebHarness.Administrator);
        var id = await (await app.SignedInAsync()).SessionIdAsync();

        await admin.DeleteAsync($"{Route}/{id}");

        var end = await app.EndOfAsync(id);
        Assert.That(end!.Reason, Is.EqualTo(SessionEndReason.TerminatedByAdmin));
        Assert.That(end.By!.ToString(), Is.EqualTo("user:hanzo/admin"));
        Assert.That((await admin.DeleteAsync($"{Route}/{id}")).Status, Is.EqualTo(404), "T8 already ended");
    }

    [Test, Description("T4 the own session is protected, and nothing is ended")]
    public async Task An_administrator_cannot_end_the_session_in_use()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithAdministrators());
        var (admin, phone) = (await app.SignedInAsync("admin", more: WebHarness.Administrator), await app.SignedInAsync("admin"));
        var id = await admin.SessionIdAsync();

        foreach (var path in new[] { $"/{id}", "?userId=admin", "?userId=hanzo/admin", "?userId=admin&application=default", "?userId=admin&keepCurrent=false" })
        {
            var answer = await admin.DeleteAsync(Route + path);

            Assert.That(answer.Status, Is.EqualTo(409), path);
            Assert.That(answer.Detail, Is.EqualTo($"session id {id} is the current session and cannot be deleted"), path);
        }

        Assert.That(await phone.MeAsync(), Is.EqualTo(200));
        Assert.That((await admin.DeleteAsync($"{Route}?userId=admin&keepCurrent=true")).Body, Is.EqualTo("{\"ended\":1}"));
        Assert.That((await admin.MeAsync(), await phone.MeAsync()), Is.EqualTo((200, 401)));
    }

    [Test, Description("T3 one record only")]
    public async Task With_an_application_only_that_record_ends()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithAdministrators());
        var admin = await app.SignedInAsync("admin", more: WebHarness.Administrator);
        var (mail, wiki) = (await app.SignedInAsync(more: "&application=mail"), await app.SignedInAsync(more: "&application=wiki"));

        Assert.That((await admin.DeleteAsync($"{Route}?userId=ada&application=mail")).Body, Is.EqualTo("{\"ended\":1}"));
        Assert.That((await admin.DeleteAsync($"{Route}?userId=ada&application=mail")).Body, Is.EqualTo("{\"ended\":0}"), "T8");

        Assert.That((await mail.MeAsync(), await wiki.MeAsync()), Is.EqualTo((401, 200)));
    }

    private static async Task<int[]> StatusesAsync(Visitor visitor)
    {
        List<int> statuses = [];
        foreach (var (method, path) in Routes)
        {
            var answer = await visitor.SendAsync(method, path, [("X-Hanzo-Sessions", "1")]);
            Assert.That(answer.Header("Cache-Control"), Is.EqualTo("no-store"));
            Assert.That(answer.ContentType, Is.EqualTo("application/problem+json"));
            statuses.Add(answer.Status);
        }

        return [.. statuses];
    }

    private static IEnumerable<string?> Users(Answer answer) => answer.Items.Select(item => item.GetProperty("user").GetString());
}
