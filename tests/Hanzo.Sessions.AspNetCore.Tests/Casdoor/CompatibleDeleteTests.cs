namespace Hanzo.Sessions.AspNetCore.Tests;

public sealed class CompatibleDeleteTests
{
    private static readonly string Affected = CompatibleRequests.Ok("\"Affected\"");
    private static readonly string Unaffected = CompatibleRequests.Ok("\"Unaffected\"");

    [Test, Description("T3 T8 T9 a whole record; Affected, then Unaffected; history says which service")]
    public async Task A_record_is_ended_once()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var client = app.Client(ServiceClients.Hanzo);
        var (first, second) = (await app.AddAsync("hanzo", "ada"), await app.AddAsync("hanzo", "ada"));
        var others = new[] { await app.AddAsync("hanzo", "ada", "mail"), await app.AddAsync("hanzo", "ben"), await app.AddAsync("other", "ada") };

        Assert.That((await client.DeleteRecordAsync("hanzo", "ada", "shop")).Body, Is.EqualTo(Affected));
        Assert.That((await client.DeleteRecordAsync("hanzo", "ada", "shop")).Body, Is.EqualTo(Unaffected));

        foreach (var ended in new[] { first, second })
        {
            var end = await app.EndOfAsync($"{ended.Id}");
            Assert.That((end!.Reason, $"{end.By}"), Is.EqualTo((SessionEndReason.TerminatedByAdmin, "service:hanzo-client")));
        }

        foreach (var other in others)
        {
            Assert.That(await app.IsActiveAsync(other), Is.True);
        }
    }

    [Test, Description("T1 one session, only if the id belongs to that record")]
    public async Task One_session_is_ended_only_as_part_of_its_record()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var client = app.Client(ServiceClients.All);
        var (first, second) = (await app.AddAsync("hanzo", "ada"), await app.AddAsync("hanzo", "ada"));

        foreach (var (owner, name, application) in new[] { ("hanzo", "ada", "mail"), ("hanzo", "ben", "shop"), ("other", "ada", "shop") })
        {
            Assert.That((await client.DeleteRecordAsync(owner, name, application, $"?sessionId={first.Id}")).Body, Is.EqualTo(Unaffected));
        }

        foreach (var id in new[] { "malformed", $"{first.Id}0", $"%7B{first.Id}%7D", SessionId.New(app.Clock.GetUtcNow()).ToString(), "%00", new string('a', 4000) })
        {
            Assert.That((await client.DeleteRecordAsync("hanzo", "ada", "shop", $"?sessionId={id}")).Body, Is.EqualTo(Unaffected), id);
        }

        Assert.That(await app.IsActiveAsync(first), Is.True);
        Assert.That((await client.DeleteRecordAsync("hanzo", "ada", "shop", $"?sessionId={first.Id}")).Body, Is.EqualTo(Affected));
        Assert.That((await client.DeleteRecordAsync("hanzo", "ada", "shop", $"?sessionId={first.Id}")).Body, Is.EqualTo(Unaffected), "T8");
        Assert.That((await app.IsActiveAsync(first), await app.IsActiveAsync(second)), Is.EqualTo((false, true)));
    }

    [Test, Description("T4 the current session is refused, alone or in its record, with this message, and nothing is ended")]
    public async Task The_current_session_cannot_be_deleted()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var ada = await app.SignedInAsync(more: "&application=shop");
        var current = await ada.SessionIdAsync();
        var phone = await app.AddAsync("hanzo", "ada");

        foreach (var query in new[] { $"?sessionId={current}", string.Empty })
        {
            Assert.That(
                (await ada.DeleteRecordAsync("hanzo", "ada", "shop", query)).Body,
                Is.EqualTo(CompatibleRequests.Error($"session id {current} is the current session and cannot be deleted")));
        }

        Assert.That((await ada.MeAsync(), await app.IsActiveAsync(phone)), Is.EqualTo((200, true)));
        Assert.That((await ada.DeleteRecordAsync("hanzo", "ada", "shop", $"?sessionId={phone.Id}")).Body, Is.EqualTo(Affected));
        Assert.That((await app.EndOfAsync($"{phone.Id}"))!.Reason, Is.EqualTo(SessionEndReason.TerminatedByUser));
    }

    [Test, Description("T4 a service has no current session and may end every session in its scope")]
    public async Task A_client_ends_the_last_session_of_a_user()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var ada = await app.SignedInAsync(more: "&application=shop");

        Assert.That((await app.Client(ServiceClients.Hanzo).DeleteRecordAsync("hanzo", "ada", "shop")).Body, Is.EqualTo(Affected));

        Assert.That(await ada.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("Compatible verbs: authorization looks at the body, never at id=")]
    public async Task The_parameters_id_and_columns_are_ignored()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var (ours, theirs) = (await app.AddAsync("hanzo", "ada"), await app.AddAsync("other", "ada"));
        var client = app.Client(ServiceClients.Hanzo);

        Assert.That(
            (await client.DeleteRecordAsync("other", "ada", "shop", "?id=hanzo/ada&columns=sessionId")).Body,
            Is.EqualTo(CompatibleRequests.Error("Unauthorized operation")));
        Assert.That(await app.IsActiveAsync(theirs), Is.True);
        Assert.That((await client.DeleteRecordAsync("hanzo", "ada", "shop", "?id=other/ada&columns=x")).Body, Is.EqualTo(Affected));
        Assert.That((await app.IsActiveAsync(ours), await app.IsActiveAsync(theirs)), Is.EqualTo((false, true)));
    }

    [TestCase("add-session")]
    [TestCase("update-session")]
    [Description("Compatible verbs: ids are never taken from a client")]
    public async Task Sessions_are_not_added_or_changed_by_clients(string verb)
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var client = app.Client(ServiceClients.Hanzo);

        var answer = await client.PostBodyAsync(
            $"/api/{verb}?id=hanzo/ada", """{"owner":"hanzo","name":"ada","application":"shop","sessionId":["chosen"]}""");

        Assert.That(
            (answer.Status, answer.Body),
            Is.EqualTo((200, CompatibleRequests.Error("sessions are created by signing in, and a session id is never taken from a client"))));
        Assert.That((await client.GetAsync("/api/get-sessions?owner=hanzo")).Records(), Is.Empty);
        Assert.That((await client.PostBodyAsync($"/api/{verb}", "not JSON", null)).Status(), Is.EqualTo("error"));
    }

    [Test, Description("HTTP the guard of cookies stands before these verbs too; a credential needs no such header")]
    public async Task A_page_of_another_origin_cannot_delete_with_the_cookie()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var ada = await app.SignedInAsync();
        var phone = await app.AddAsync("hanzo", "ada");
        using var body = new StringContent(CompatibleRequests.Body("hanzo", "ada", "shop"));

        var answer = await ada.SendAsync(HttpMethod.Post, "/api/delete-session", [("Sec-Fetch-Site", "cross-site")], body);

        Assert.That((answer.Status, answer.Status()), Is.EqualTo((200, "error")));
        Assert.That(answer.Message(), Does.StartWith("The header Sec-Fetch-Site must be same-origin"));
        Assert.That(await app.IsActiveAsync(phone), Is.True);
        using var again = new StringContent(CompatibleRequests.Body("hanzo", "ada", "shop"));
        Assert.That(
            (await app.Client(ServiceClients.Hanzo).SendAsync(HttpMethod.Post, "/api/delete-session", [("Sec-Fetch-Site", "cross-site")], again)).Body,
            Is.EqualTo(Affected));
    }
}
