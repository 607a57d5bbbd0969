namespace Hanzo.Sessions.AspNetCore.Tests;

public sealed class CompatibleScopeTests
{
    private static readonly string Unauthorized = CompatibleRequests.Error("Unauthorized operation");

    [Test, Description("Compatible verbs: nobody, an ended session and a wrong credential are all answered alike")]
    public async Task Who_is_not_known_may_do_nothing()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var session = await app.AddAsync("hanzo", "ada");
        var ended = await app.SignedInAsync("admin", more: WebHarness.AdministratorOfAll);
        await app.Manager.TerminateAllAsync(new SessionUser("hanzo", "admin"), SessionCaller.Service("test"));
        var (wrong, unknown) = (app.Visitor(), app.Visitor());
        wrong.Authorization = ServiceClients.Basic("hanzo-client:wrong");
        unknown.Authorization = "Bearer hs1_" + new string('A', 43);

        foreach (var visitor in new[] { app.Visitor(), ended, wrong, unknown })
        {
            foreach (var (method, path) in CompatibleRequests.Verbs)
            {
                using var body = new StringContent(CompatibleRequests.Body("hanzo", "ada", "shop"));
                var answer = await visitor.SendAsync(method, path, [("X-Hanzo-Sessions", "1")], method == HttpMethod.Post ? body : null);

                Assert.That((answer.Status, answer.Body), Is.EqualTo((200, Unauthorized)), path);
                Assert.That(answer.Header("Cache-Control"), Is.EqualTo("no-store"));
                Assert.That(answer.SetCookies, Is.Empty);
            }
        }

        Assert.That(await app.IsActiveAsync(session), Is.True);
    }

    [Test, Description("Compatible verbs: a user may use three verbs on the own records, and may not list")]
    public async Task A_user_reaches_the_own_records_only()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var ada = await app.SignedInAsync();
        var own = await app.AddAsync("hanzo", "ada");
        await app.AddAsync("hanzo", "ben");
        await app.AddAsync("other", "ada");

        Assert.That((await ada.GetAsync("/api/get-session?sessionPkId=hanzo/ada/shop")).Data().GetProperty("name").GetString(), Is.EqualTo("ada"));
        Assert.That((await ada.GetAsync($"/api/is-session-duplicated?sessionPkId=hanzo/ada/shop&sessionId={own.Id}")).Data().GetBoolean(), Is.False);
        foreach (var query in new[] { "", "?owner=hanzo", "?owner=other", "?owner=hanzo&p=1&pageSize=10", "?owner=%00" })
        {
            Assert.That((await ada.GetAsync("/api/get-sessions" + query)).Body, Is.EqualTo(Unauthorized), query);
        }

        foreach (var (owner, name) in new[] { ("hanzo", "ben"), ("other", "ada"), ("hanzo", "nobody"), ("HANZO", "ada"), ("hanzo", "Ada"), ("hanzo", "ada ") })
        {
            Assert.That((await ada.GetAsync($"/api/get-session?sessionPkId={owner}/{name}/shop")).Body, Is.EqualTo(Unauthorized), name);
            Assert.That((await ada.GetAsync($"/api/is-session-duplicated?sessionPkId={owner}/{name}/shop&id=hanzo/ada")).Body, Is.EqualTo(Unauthorized), name);
            Assert.That((await ada.DeleteRecordAsync(owner, name, "shop", "?id=hanzo/ada")).Body, Is.EqualTo(Unauthorized), name);
        }

        Assert.That((await ada.DeleteRecordAsync("hanzo", "ada", "shop")).Body, Is.EqualTo(CompatibleRequests.Ok("\"Affected\"")));
        Assert.That((await app.EndOfAsync($"{own.Id}"))!.Reason, Is.EqualTo(SessionEndReason.TerminatedByUser));
    }

    [Test, Description("Compatible verbs: out of scope is answered byte for byte the same, whether or not anything exists")]
    public async Task What_is_out_of_scope_cannot_be_told_from_what_is_not_there()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var theirs = await app.AddAsync("other", "zoe");
        var callers = new[]
        {
            app.Client(ServiceClients.Hanzo),
            await app.SignedInAsync("admin", more: WebHarness.Administrator),
            await app.SignedInAsync("ada"),
        };
        foreach (var caller in callers)
        {
            foreach (var verb in new[] { "get-session", "is-session-duplicated" })
            {
                await SameAsync(
                    caller.GetAsync($"/api/{verb}?sessionPkId=other/zoe/shop&sessionId={theirs.Id}"),
                    caller.GetAsync($"/api/{verb}?sessionPkId=other/nobody/shop&sessionId={theirs.Id}"),
                    caller.GetAsync($"/api/{verb}?sessionPkId=nowhere/zoe/shop"));
            }

            await SameAsync(
                caller.GetAsync("/api/get-sessions?owner=other"),
                caller.GetAsync("/api/get-sessions?owner=nowhere"),
                caller.GetAsync("/api/get-sessions?owner=other&p=1&pageSize=1&field=name&value=zoe"));
            await SameAsync(
                caller.DeleteRecordAsync("other", "zoe", "shop"),
                caller.DeleteRecordAsync("other", "nobody", "shop"),
                caller.DeleteRecordAsync("other", "zoe", "shop", $"?sessionId={theirs.Id}"),
                caller.DeleteRecordAsync("nowhere", "zoe", "shop", $"?sessionId={theirs.Id}"));
        }

        Assert.That(await app.IsActiveAsync(theirs), Is.True);

        static async Task SameAsync(params Task<Answer>[] requests)
        {
            var answers = await Task.WhenAll(requests);
            Assert.That(answers.Select(it => it.Whole).Distinct(StringComparer.Ordinal), Has.Exactly(1).Items);
            Assert.That(answers[0].Body, Is.EqualTo(Unauthorized));
        }
    }

    [Test, Description("L4 without owner a list is of the caller's whole scope")]
    public async Task Without_an_owner_the_whole_scope_is_listed()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        await app.AddAsync("hanzo", "ada");
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await app.AddAsync("other", "ada");

        foreach (var query in new[] { "", "?owner=", "?p=1&pageSize=10" })
        {
            Assert.That((await app.Client(ServiceClients.Hanzo).GetAsync("/api/get-sessions" + query)).Records(), Is.EqualTo(new[] { "hanzo/ada/shop" }));
            Assert.That((await app.Client(ServiceClients.Other).GetAsync("/api/get-sessions" + query)).Records(), Is.EqualTo(new[] { "other/ada/shop" }));
            Assert.That((await app.Client(ServiceClients.All).GetAsync("/api/get-sessions" + query)).Records(), Is.EqualTo(new[] { "other/ada/shop", "hanzo/ada/shop" }));
        }
    }

    [Test, Description("Compatible verbs: a bearer token does as well as the cookie")]
    public async Task A_bearer_token_authenticates()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var admin = await app.SignedInAsync("admin", more: WebHarness.Administrator);
        var program = app.Visitor();
        program.Authorization = $"Bearer {admin.Token}";
        var session = await app.AddAsync("hanzo", "ada");
        using var body = new StringContent(CompatibleRequests.Body("hanzo", "ada", "shop"));

        Assert.That((await program.GetAsync("/api/get-sessions?owner=hanzo")).Records(), Does.Contain("hanzo/ada/shop"));
        Assert.That((await program.SendAsync(HttpMethod.Post, "/api/delete-session", [], body)).Body, Is.EqualTo(CompatibleRequests.Ok("\"Affected\"")));
        Assert.That(await app.IsActiveAsync(session), Is.False);
    }
}
