using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.AspNetCore.Tests;

public sealed class SessionClientTests
{
    private static readonly string Hash = SessionClient.HashSecret(ServiceClients.Secret);

    [Test, Description("HTTP a secret has at least 16 characters")]
    public void A_secret_has_a_least_length()
    {
        var fault = Assert.Throws<ArgumentException>(() => SessionClient.HashSecret("fifteen-letters"));

        Assert.That(fault!.ParamName, Is.EqualTo("secret"));
        Assert.That(fault.Message, Does.Contain("15").And.Contain("16").And.Not.Contain("fifteen"));
        Assert.Throws<ArgumentNullException>(() => SessionClient.HashSecret(null!));
        Assert.That(
            SessionClient.HashSecret("sixteen-letters!"),
            Is.EqualTo("e178cfa9fadaf72ddef299ee2db3c05d7be0a6a6049afb2b153b5fbf136c472d"));
        Assert.That(SessionClient.HashSecret(new string('s', 100_000)), Does.Match("^[0-9a-f]{64}$"));
    }

    [Test, Description("HTTP the hash is SHA-256 of the secret in UTF-8, in either case of its digits")]
    public async Task A_hash_may_be_written_in_capitals()
    {
        await using var app = await WebHarness.StartAsync(it => it.Endpoints = options =>
            options.Clients.Add(new SessionClient("capitals", Hash.ToUpperInvariant(), SessionScope.AllOrganizations)));
        var client = app.Visitor();
        client.Authorization = ServiceClients.Basic($"capitals:{ServiceClients.Secret}");

        Assert.That((await client.GetAsync("/api/admin/sessions")).Status, Is.EqualTo(200));
    }

    [Test, Description("HTTP a client that is configured wrongly is refused at start, by name")]
    public async Task A_faulty_client_is_refused_at_start_and_named()
    {
        await RefusedAsync("'short'", new SessionClient("short", Hash[..63], SessionScope.AllOrganizations));
        await RefusedAsync("'plain'", new SessionClient("plain", ServiceClients.Secret, SessionScope.AllOrganizations));
        await RefusedAsync("'digits'", new SessionClient("digits", new string('g', 64), SessionScope.AllOrganizations));
        await RefusedAsync("'none'", new SessionClient("none", null!, SessionScope.AllOrganizations));
        await RefusedAsync("'no:colon'", new SessionClient("no:colon", Hash, SessionScope.AllOrganizations));
        await RefusedAsync("''", new SessionClient("", Hash, SessionScope.AllOrganizations));
        await RefusedAsync("''", new SessionClient(null!, Hash, SessionScope.AllOrganizations));
        await RefusedAsync("'everywhere'", new SessionClient("everywhere", Hash, null!));
        await RefusedAsync(
            "'twice'",
            new SessionClient("twice", Hash, SessionScope.Of("hanzo")),
            new SessionClient("twice", Hash, SessionScope.Of("other")));
        await RefusedAsync(
            "'one'",
            new SessionClient("two", "", SessionScope.AllOrganizations),
            new SessionClient("one", "", SessionScope.AllOrganizations));

        static async Task RefusedAsync(string named, params SessionClient[] clients)
        {
            var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => WebHarness.StartAsync(it =>
                it.Endpoints = options => Array.ForEach(clients, options.Clients.Add)));

            Assert.That(fault!.Message, Does.Contain(named));
            Assert.That(fault.Message, Does.Not.Contain(ServiceClients.Secret).And.Not.Contain(Hash[..63]));
        }
    }

    [Test, Description("HTTP both kinds of routes may be given the same settings")]
    public async Task The_same_client_may_be_named_twice()
    {
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.WithEverything();
            it.App = web => web.MapCasdoorSessions(options => options.Clients.Add(
                new SessionClient("hanzo-client", Hash, SessionScope.Of("hanzo"))));
        });

        Assert.That((await app.Client(ServiceClients.Hanzo).GetAsync("/api/get-sessions")).Status(), Is.EqualTo("ok"));
    }

    [Test, Description("HTTP neither the secret nor its hash is logged or printed")]
    public async Task No_log_line_and_no_text_has_the_secret()
    {
        using var log = new RecordedLines();
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.WithEverything();
            it.Services += services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        });
        var client = app.Client(ServiceClients.Hanzo);
        await client.GetAsync("/api/admin/sessions");
        await client.DeleteRecordAsync("hanzo", "ada", "shop");
        client.Authorization = ServiceClients.Basic($"hanzo-client:{ServiceClients.Secret}!");
        await client.GetAsync("/api/admin/sessions");
        client.Authorization = ServiceClients.Basic($"{ServiceClients.Secret}:{ServiceClients.Secret}");
        await client.GetAsync("/api/admin/sessions");
        app.Store.Fault = new TimeoutException();
        client.Authorization = ServiceClients.Basic($"hanzo-client:{ServiceClients.Secret}");
        await client.GetAsync("/api/admin/sessions");

        Assert.That(log.All.Where(it => it.Contains(ServiceClients.Secret, StringComparison.Ordinal) || it.Contains(Hash, StringComparison.OrdinalIgnoreCase)), Is.Empty);
        Assert.That(log.All, Has.Some.EqualTo("102 Warning A credential of the client hanzo-client was refused."));
        Assert.That(log.All, Has.Some.EqualTo("102 Warning A credential of the client unknown was refused."));
        Assert.That($"{ServiceClients.Hanzo}", Is.EqualTo("client hanzo-client"));
        Assert.That($"{new ClientCredential("hanzo-client", ServiceClients.Secret)}", Is.EqualTo("hanzo-client"));
    }

    [Test, Description("HTTP nor does the library log a secret that came in the query")]
    public async Task No_log_line_of_the_library_has_the_query()
    {
        using var log = new RecordedLines();
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.WithEverything();
            it.Services += services => services.AddLogging(logging => logging
                .SetMinimumLevel(LogLevel.Trace).AddFilter<RecordedLines>("Microsoft", LogLevel.Warning).AddProvider(log));
        });

        await app.Visitor().GetAsync($"/api/get-sessions?clientId=hanzo-client&clientSecret={ServiceClients.Secret}");
        await app.Visitor().GetAsync($"/api/get-sessions?clientId=unknown&clientSecret={ServiceClients.Secret}");

        Assert.That(log.All, Is.Not.Empty);
        Assert.That(log.All.Where(it => it.Contains(ServiceClients.Secret, StringComparison.Ordinal)), Is.Empty);
    }
}
