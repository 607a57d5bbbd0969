using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore.Tests;

public sealed class ServiceCredentialTests
{
    private const string Admin = "/api/admin/sessions";
    private const string Query = $"clientId=hanzo-client&clientSecret={ServiceClients.Secret}";

    [TestCase("hanzo-client", ServiceClients.Secret, true)]
    [TestCase("hanzo-client", ServiceClients.Secret + "x", false)]
    [TestCase("hanzo-client", "CANARY-3F1B0A5C9D7E42688B1D0C6A", false)]
    [TestCase("hanzo-client", "", false)]
    [TestCase("HANZO-CLIENT", ServiceClients.Secret, false)]
    [TestCase("other-client", ServiceClients.Secret + " ", false)]
    [TestCase("unknown", ServiceClients.Secret, false)]
    [TestCase("nobody", "", false)]
    [TestCase("", ServiceClients.Secret, false)]
    [TestCase("", "", false)]
    [Description("HTTP a client credential is exact; what is refused looks the same")]
    public async Task A_credential_is_right_or_401(string id, string secret, bool isRight)
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        await app.AddAsync("hanzo", "ada");
        var client = app.Visitor();
        client.Authorization = ServiceClients.Basic($"{id}:{secret}");

        var answer = await client.GetAsync(Admin);

        Assert.That(answer.Status, Is.EqualTo(isRight ? 200 : 401));
        Assert.That(answer.Whole, isRight ? Does.Contain("\"user\":\"ada\"") : Is.EqualTo((await app.Visitor().GetAsync(Admin)).Whole));
        var verb = await app.Visitor().GetAsync($"/api/get-sessions?clientId={Uri.EscapeDataString(id)}&clientSecret={Uri.EscapeDataString(secret)}");
        Assert.That(verb.Status(), Is.EqualTo(isRight ? "ok" : "error"));
    }

    [TestCase("Basic ")]
    [TestCase("Basic !!!")]
    [TestCase("Basic aGFuem8tY2xpZW50")]
    [TestCase("Basic aGFuem8tY2xpZW50Og==")]
    [TestCase("Basic Og==")]
    [TestCase("Basic gIGC")]
    [TestCase("Basic aGFuem8tY2xpZW50OmNhbmFyeQ")]
    [TestCase("Basic a a")]
    [TestCase("Basic =")]
    [Description("HTTP a credential that cannot be read is a wrong one")]
    public async Task A_malformed_credential_is_401(string authorization)
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var client = app.Visitor();
        client.Authorization = authorization;

        Assert.That((await client.GetAsync(Admin)).Status, Is.EqualTo(401));
        Assert.That((await client.GetAsync("/api/get-sessions")).Body, Is.EqualTo(CompatibleRequests.Error("Unauthorized operation")));
    }

    [Test, Description("HTTP a credential for somebody else, such as a proxy in front, does not hide the session")]
    public async Task Without_clients_and_on_the_pages_a_credential_is_not_looked_at([Values] bool clients)
    {
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.WithAdministrators();
            if (clients)
            {
                it.Endpoints += options => options.Clients.Add(ServiceClients.Hanzo);
            }
        });
        using var admin = await app.SignedInAsync(more: WebHarness.Administrator);
        admin.Authorization = ServiceClients.Basic("gateway:open sesame");

        Assert.That((await admin.GetAsync("/account/sessions")).Status, Is.EqualTo(200));
        Assert.That((await admin.GetAsync("/admin/sessions")).Status, Is.EqualTo(200));
        Assert.That((await admin.GetAsync("/api/account/sessions")).Status, Is.EqualTo(clients ? 401 : 200));
        Assert.That((await admin.GetAsync(Admin)).Status, Is.EqualTo(clients ? 401 : 200));
    }

    [Test, Description("HTTP the name of the scheme has no case (RFC 9110 11.1), and a secret may contain a colon")]
    public async Task The_scheme_has_no_case_and_a_secret_may_have_colons()
    {
        const string secret = "a:secret:with:colons";
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.WithEverything();
            it.Endpoints += options => options.Clients.Add(
                new SessionClient("colons", SessionClient.HashSecret(secret), SessionScope.Of("hanzo")));
        });
        var client = app.Visitor();
        foreach (var scheme in new[] { "Basic", "basic", "BASIC" })
        {
            client.Authorization = ServiceClients.Basic($"colons:{secret}").Replace("Basic", scheme, StringComparison.Ordinal);
            Assert.That((await client.GetAsync(Admin)).Status, Is.EqualTo(200), scheme);
        }
    }

    [Test, Description("HTTP the credential in the query is for the compatible verbs alone")]
    public async Task A_credential_in_the_query_opens_only_the_compatible_verbs()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var session = await app.AddAsync("hanzo", "ada");
        var client = app.Visitor();

        foreach (var path in new[] { Admin, $"{Admin}/history", $"{Admin}/alarms", "/api/account/sessions" })
        {
            Assert.That((await client.GetAsync($"{path}?{Query}")).Status, Is.EqualTo(401), path);
        }

        Assert.That((await client.DeleteAsync($"{Admin}/{session.Id}?{Query}")).Status, Is.EqualTo(401));
        Assert.That((await client.DeleteAsync($"{Admin}?userId=ada&{Query}")).Status, Is.EqualTo(401));
        Assert.That(await app.IsActiveAsync(session), Is.True);
        Assert.That((await client.GetAsync("/api/get-sessions?clientId=hanzo-client")).Status(), Is.EqualTo("error"), "half of one");
        Assert.That((await client.GetAsync($"/api/get-sessions?{Query}&clientId=all-client")).Status(), Is.EqualTo("error"), "two of one");
        Assert.That((await client.DeleteRecordAsync("hanzo", "ada", "shop", "?" + Query)).Body, Is.EqualTo(CompatibleRequests.Ok("\"Affected\"")));
    }

    [Test, Description("HTTP with a cookie beside it, the credential alone counts, right or wrong")]
    public async Task A_credential_takes_the_place_of_the_cookie()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var admin = await app.SignedInAsync("admin", "other", WebHarness.Administrator + "&application=shop");
        var mine = await admin.SessionIdAsync();
        await app.AddAsync("hanzo", "ada");

        admin.Authorization = ServiceClients.Basic($"hanzo-client:{ServiceClients.Secret}");
        Assert.That((await admin.GetAsync(Admin)).Items.Select(it => it.GetProperty("user").GetString()), Is.EqualTo(new[] { "ada" }));
        Assert.That((await admin.GetAsync($"{Admin}?view=records")).Body, Does.Not.Contain(mine));
        Assert.That((await admin.GetAsync("/api/account/sessions")).Status, Is.EqualTo(403));

        admin.Authorization = ServiceClients.Basic("hanzo-client:wrong");
        Assert.That((await admin.GetAsync(Admin)).Status, Is.EqualTo(401));
        Assert.That((await admin.DeleteRecordAsync("other", "admin", "shop")).Body, Is.EqualTo(CompatibleRequests.Error("Unauthorized operation")));

        admin.Authorization = ServiceClients.Basic($"other-client:{ServiceClients.Secret}");
        Assert.That((await admin.DeleteAsync($"{Admin}/{mine}")).Status, Is.EqualTo(204), "a service has no current session");
        Assert.That(await admin.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("T4 T5 T9 a service ends every session of a user; history says which service")]
    public async Task A_client_ends_all_sessions_of_a_user()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var ada = await app.SignedInAsync();
        var id = await ada.SessionIdAsync();
        await app.AddAsync("hanzo", "ada");
        var client = app.Client(ServiceClients.Hanzo);

        Assert.That((await client.DeleteAsync($"{Admin}?userId=ada&keepCurrent=true")).Body, Is.EqualTo("{\"ended\":2}"));

        var ended = (await client.GetAsync($"{Admin}/history?user=ada")).Items;
        Assert.That(ended.Select(it => it.GetProperty("endedBy").GetString()), Is.All.EqualTo("service:hanzo-client").And.Exactly(2).Items);
        Assert.That(ended.Select(it => it.GetProperty("id").GetString()), Does.Contain(id));
        Assert.That((await client.GetAsync(Admin)).Items, Is.Empty);
    }

    [Test, Description("HTTP a client has no sessions of its own")]
    public async Task The_account_routes_are_403_for_a_client()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var client = app.Client(ServiceClients.All);
        var session = await app.AddAsync("hanzo", "ada");

        foreach (var answer in new[]
        {
            await client.GetAsync("/api/account/sessions"),
            await client.DeleteAsync("/api/account/sessions"),
            await client.DeleteAsync($"/api/account/sessions/{session.Id}"),
        })
        {
            Assert.That((answer.Status, answer.Detail), Is.EqualTo((403, "A client has no sessions of its own.")));
        }

        Assert.That(await app.IsActiveAsync(session), Is.True);
    }

    [Test, Description("HTTP a client of all organizations must say whose sessions it means")]
    public async Task A_client_of_all_organizations_gives_no_bare_name()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        await app.AddAsync("hanzo", "ada");
        var client = app.Client(ServiceClients.All);

        Assert.That((await client.DeleteAsync($"{Admin}?userId=ada")).Status, Is.EqualTo(400));
        Assert.That((await client.DeleteAsync($"{Admin}?userId=hanzo/ada")).Body, Is.EqualTo("{\"ended\":1}"));
    }

    [Test, Description("HTTP under a fallback policy the routes are left to the library by a policy of their own")]
    public async Task Under_a_fallback_policy_a_credential_works_where_the_routes_are_left_to_the_library()
    {
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.WithEverything();
            it.Services += services => services.AddAuthorizationBuilder()
                .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
            it.MapsHanzoSessions = false;
            it.App = web =>
            {
                web.MapHanzoSessions(it.Endpoints).RequireAuthorization(policy => policy.RequireAssertion(_ => true));
                web.MapCasdoorSessions().RequireAuthorization(policy => policy.RequireAssertion(_ => true));
            };
        });
        await app.AddAsync("hanzo", "ada");
        using var client = app.Client(ServiceClients.Hanzo);
        using var nobody = app.Visitor();

        Assert.That((await client.GetAsync(Admin)).Items, Has.Count.EqualTo(1));
        Assert.That((await client.GetAsync("/api/get-sessions")).Status(), Is.EqualTo("ok"));
        Assert.That((await nobody.GetAsync($"/api/get-sessions?{Query}")).Status(), Is.EqualTo("ok"));
        Assert.That((await nobody.GetAsync(Admin)).Status, Is.EqualTo(401));
        Assert.That((await nobody.GetAsync("/api/account/sessions")).Status, Is.EqualTo(401));
        Assert.That((await nobody.GetAsync("/account/sessions")).Status, Is.EqualTo(401));
        Assert.That((await nobody.GetAsync("/api/get-sessions")).Body, Is.EqualTo(CompatibleRequests.Error("Unauthorized operation")));
        Assert.That((await nobody.GetAsync("/open")).Status, Is.EqualTo(401), "the host's own routes are still closed");
    }

    [Test, Description("HTTP a credential proves nothing on the host's own routes")]
    public async Task A_credential_signs_nobody_in()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithEverything());
        var client = app.Client(ServiceClients.All);

        Assert.That((await client.MeAsync(), (await client.GetAsync("/page")).Status), Is.EqualTo((401, 401)));
        Assert.That((await client.GetAsync($"/me?{Query}")).Status, Is.EqualTo(401));
    }
}
