using System.Globalization;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>The claims and properties that are kept with a session.</summary>
public sealed class PayloadTests
{
    private static readonly SessionUser Ada = new("hanzo", "ada");

    [Test, Description("C8 all identities, claim types, value types, issuers, properties and the actor")]
    public void Everything_of_a_principal_comes_back()
    {
        var actor = new ClaimsIdentity([new Claim(ClaimTypes.Name, "boss")], "impersonation")
        {
            Actor = new ClaimsIdentity([new Claim(ClaimTypes.Name, "root")]),
        };
        var first = new ClaimsIdentity("Identity.Application", "login", "rights") { Label = "main", Actor = actor };
        first.AddClaim(new Claim("login", "ada", ClaimValueTypes.String, "issuer", "original"));
        first.AddClaim(new Claim("rights", "admin"));
        first.AddClaim(new Claim("born", "1815-12-10", ClaimValueTypes.Date));
        first.AddClaim(new Claim("empty", string.Empty));
        first.AddClaim(new Claim("text", "Ünïcödé 😀 \0 <b> \r\n"));
        first.AddClaim(new Claim("with properties", "x") { Properties = { ["a"] = "1", ["b"] = string.Empty } });
        var second = new ClaimsIdentity([new Claim("login", "other"), new Claim("login", "other")]);
        var principal = new ClaimsPrincipal([first, second, new ClaimsIdentity()]);

        var read = TicketPayload.Read(TicketPayload.Write(principal, new AuthenticationProperties(), null), null).Principal;

        Assert.That(Text(read), Is.EqualTo(Text(principal)));
        Assert.That(read.Identity!.Name, Is.EqualTo("ada"));
        Assert.That(read.IsInRole("admin"), Is.True);
        Assert.That(read.Claims, Has.All.Matches<Claim>(claim => claim is { Subject: not null }));
    }

    [Test, Description("C8 the properties, without what belongs to one request")]
    public void The_properties_come_back_without_instants_redirect_and_tokens()
    {
        var properties = new AuthenticationProperties
        {
            IsPersistent = true,
            AllowRefresh = true,
            RedirectUri = "/x",
            IssuedUtc = DateTimeOffset.UnixEpoch,
            ExpiresUtc = DateTimeOffset.UnixEpoch,
            Items = { ["LoginProvider"] = "oidc", ["nothing"] = null },
        };
        properties.StoreTokens([new AuthenticationToken { Name = "access_token", Value = "secret" }]);

        var read = TicketPayload.Read(TicketPayload.Write(new ClaimsPrincipal(), properties, null), null).Properties;

        Assert.That(
            read.Items.OrderBy(it => it.Key, StringComparer.Ordinal),
            Is.EqualTo(new KeyValuePair<string, string?>[] { new(".persistent", string.Empty), new("LoginProvider", "oidc"), new("nothing", null) }));
    }

    [Test, Description("C8 every request has a principal of its own")]
    public async Task What_one_request_does_to_its_principal_the_next_one_does_not_see()
    {
        await using var app = await WebHarness.StartAsync(it => it.App = web => web.MapGet("/grow", (HttpContext http) =>
        {
            http.User.Identities.Single().AddClaim(new Claim("grown", "yes"));
            http.User.AddIdentity(new ClaimsIdentity());
            return http.User.Claims.Count() + http.User.Identities.Count();
        }));
        var visitor = await app.SignedInAsync();

        var first = await visitor.GetAsync("/grow");

        Assert.That((await visitor.GetAsync("/grow")).Body, Is.EqualTo(first.Body));
    }

    [Test, Description("C8 at most 32 KiB")]
    public async Task Claims_of_more_than_32_KiB_are_refused_and_make_no_session()
    {
        await using var app = await WebHarness.StartAsync(it => it.App = web => web.MapPost(
            "/login-big",
            (HttpContext http, int size) => http.SignInAsync(MoreEndpoints.Named("ada", new Claim("big", new string('x', size))))));
        var visitor = app.Visitor();
        var size = SessionManager.MaxPayloadBytes - TicketPayload.Write(
            MoreEndpoints.Named("ada", new Claim("big", new string('x', 20_000))), new AuthenticationProperties(), null).Length + 20_000;

        var fault = await Assert.ThrowsAsync<SessionPayloadTooLargeException>(() => visitor.PostAsync($"/login-big?size={size + 1}"));
        Assert.That(fault!.Message, Does.Contain("32769 bytes; it may have at most 32768"));
        Assert.That((await app.Manager.GetQuotaAsync(new SessionUser("default", "ada"), "default")).Used, Is.Zero);

        Assert.That((await visitor.PostAsync($"/login-big?size={size}")).Status, Is.EqualTo(200));
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
    }

    [Test, Description("C8 a user in 200 groups: the host can catch the refusal and say so, and with fewer claims the user signs in")]
    public async Task A_host_can_catch_that_the_claims_of_200_groups_are_too_large()
    {
        const string issuer = "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0";
        await using var app = await WebHarness.StartAsync(it => it.App = web => web.MapPost("/login-groups", async (HttpContext http, int count) =>
        {
            var groups = Enumerable.Range(0, count)
                .Select(number => new Claim("groups", new Guid(number, 0, 0, new byte[8]).ToString(), ClaimValueTypes.String, issuer));
            try
            {
                await http.SignInAsync(MoreEndpoints.Named("ada", [.. groups]));
                return Results.Text("signed in");
            }
            catch (SessionPayloadTooLargeException refusal)
            {
                return Results.Text($"{refusal.Size}", statusCode: StatusCodes.Status422UnprocessableEntity);
            }
        }));
        using var visitor = app.Visitor();

        var refused = await visitor.PostAsync("/login-groups?count=200");

        Assert.That((refused.Status, refused.SetCookies.Count), Is.EqualTo((422, 0)));
        Assert.That(int.Parse(refused.Body, CultureInfo.InvariantCulture), Is.GreaterThan(SessionManager.MaxPayloadBytes));
        Assert.That((await app.Manager.GetQuotaAsync(new SessionUser("default", "ada"), "default")).Used, Is.Zero);
        Assert.That((await visitor.PostAsync("/login-groups?count=100")).Body, Is.EqualTo("signed in"));
    }

    [TestCase(new byte[] { 2, 0, 0, 0 }, Description = "a newer version")]
    [TestCase(new byte[] { 0 }, Description = "no version")]
    [TestCase(new byte[] { 1 }, Description = "cut short")]
    [TestCase(new byte[] { 1, 0, 0, 255, 255, 255, 255, 255 }, Description = "an endless number")]
    [TestCase(new byte[] { 1, 255, 255, 255, 255, 7 }, Description = "two thousand million items")]
    [TestCase(new byte[] { 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0 }, Description = "a claim without a type")]
    [Description("C8 V6 what a node does not understand is a store failure, never a sign-out")]
    public async Task A_payload_that_the_server_does_not_know_is_503_and_the_session_stays_as_it_was(byte[] payload)
    {
        await using var app = await WebHarness.StartAsync();
        var issued = await app.Manager.CreateAsync(new NewSession { User = Ada, Payload = payload });
        var visitor = app.Visitor();
        visitor.Jar[WebHarness.CookieName] = issued.Token.Reveal();
        app.Clock.Advance(TimeSpan.FromMinutes(10));

        var answer = await visitor.GetAsync("/me");

        Assert.That(answer.Status, Is.EqualTo(503));
        Assert.That(answer.SetCookies, Is.Empty);
        var stored = await app.StoredAsync(issued.Session.Id.ToString());
        Assert.That((stored.End, stored.LastActiveAt), Is.EqualTo((default(SessionEnd), issued.Session.LastActiveAt)));

        await app.Manager.TerminateEverythingAsync(SessionCaller.Service("upgrade"));
        Assert.That(await visitor.MeAsync(), Is.EqualTo(401), "once it has ended, nobody reads its payload");
    }

    [Test, Description("V1 V6 no sign-in of a token scheme has made the session: its token is none of this scheme's")]
    public async Task A_token_whose_session_has_no_payload_is_refused_and_the_session_stays_as_it_was()
    {
        await using var app = await WebHarness.StartAsync();
        var issued = await app.Manager.CreateAsync(new NewSession { User = Ada });
        var visitor = app.Visitor();
        visitor.Authorization = $"Bearer {issued.Token.Reveal()}";
        app.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
        var stored = await app.StoredAsync(issued.Session.Id.ToString());
        Assert.That((stored.End, stored.LastActiveAt), Is.EqualTo((default(SessionEnd), issued.Session.LastActiveAt)));
    }

    [Test, Description("C8 fifty thousand broken payloads: read, or refused by an exception")]
    public void No_bytes_bring_the_reader_down()
    {
        var random = new Random(20260101);
        var good = TicketPayload.Write(
            MoreEndpoints.Named("ada", new Claim("x", "y") { Properties = { ["a"] = "b" } }),
            new AuthenticationProperties { IsPersistent = true },
            null);
        for (var round = 0; round < 50_000; round++)
        {
            var bytes = (byte[])good.Clone();
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                bytes[random.Next(1, bytes.Length)] = (byte)random.Next(256);
            }

            Read(bytes.AsSpan(0, random.Next(1, bytes.Length + 1)));
        }

        static void Read(ReadOnlySpan<byte> bytes)
        {
            try
            {
                TicketPayload.Read(bytes, null);
            }
            catch (Exception fault) when (fault is InvalidDataException or ArgumentException)
            {
                // Refused.
            }
        }
    }

    [Test, Description("C8 32 KiB of nothing but actors")]
    public async Task A_chain_of_actors_does_not_bring_the_server_down()
    {
        await using var app = await WebHarness.StartAsync();
        byte[] payload = [1, 0, 0, 1, .. Enumerable.Repeat(new byte[] { 0, 0, 0, 0, 0, 1 }, 5_460).SelectMany(it => it)];
        var issued = await app.Manager.CreateAsync(new NewSession { User = Ada, Payload = payload });
        var visitor = app.Visitor();
        visitor.Jar[WebHarness.CookieName] = issued.Token.Reveal();

        Assert.That((await visitor.GetAsync("/me")).Status, Is.EqualTo(503));
    }

    [Test, Description("C8 tokens are dropped unless the host opts in")]
    public async Task Tokens_of_the_sign_in_are_not_kept_by_default()
    {
        await using var app = await StartWithTokensAsync(keep: false);
        var visitor = app.Visitor();

        await visitor.PostAsync("/login-as");

        Assert.That((await visitor.GetAsync("/token")).Body, Is.EqualTo("none"));
        Assert.That(await PayloadTextAsync(app, visitor), Does.Not.Contain("very-secret").And.Not.Contain("access_token"));
    }

    [Test, Description("C8 kept tokens are encrypted by Data Protection")]
    public async Task Kept_tokens_come_back_and_are_encrypted_in_the_store()
    {
        await using var app = await StartWithTokensAsync(keep: true);
        var visitor = app.Visitor();

        await visitor.PostAsync("/login-as");

        Assert.That((await visitor.GetAsync("/token")).Body, Is.EqualTo("very-secret"));
        Assert.That(await PayloadTextAsync(app, visitor), Does.Not.Contain("very-secret").And.Not.Contain("access_token"));
    }

    [Test, Description("C8 T10 a refresh keeps the tokens")]
    public async Task Kept_tokens_survive_a_refresh()
    {
        await using var app = await StartWithTokensAsync(keep: true);
        var visitor = app.Visitor();
        await visitor.PostAsync("/login-as");

        await visitor.PostAsync("/refresh");

        Assert.That((await visitor.GetAsync("/token")).Body, Is.EqualTo("very-secret"));
    }

    [Test, Description("C8 without the key ring only the tokens are lost")]
    public async Task With_a_lost_key_ring_the_session_goes_on_without_its_tokens_and_a_warning_says_so()
    {
        var keys = new LosableKeys();
        using var log = new RecordedLines();
        await using var app = await StartWithTokensAsync(keep: true, keys, log);
        using var visitor = app.Visitor();
        await visitor.PostAsync("/login-as");
        Assert.That((await visitor.GetAsync("/token")).Body, Is.EqualTo("very-secret"));
        var id = await visitor.SessionIdAsync();

        keys.Lose();

        var answer = await visitor.GetAsync("/token");
        Assert.That((answer.Status, answer.Body), Is.EqualTo((200, "none")));
        Assert.That((await visitor.GetAsync("/me")).Json.GetProperty("user").GetString(), Is.EqualTo("default/ada"));
        Assert.That(
            log.All,
            Has.Some.StartsWith($"104 Warning The tokens that are kept with session {id} cannot be decrypted"));
        Assert.That(log.All, Has.None.Contains("very-secret").And.None.Contains(visitor.Token));
    }

    [Test, Description("C8 T10 a key ring that is away for a moment loses no token")]
    public async Task Tokens_that_cannot_be_decrypted_at_a_refresh_are_there_again_with_the_keys()
    {
        var keys = new LosableKeys();
        await using var app = await StartWithTokensAsync(keep: true, keys);
        using var visitor = app.Visitor();
        await visitor.PostAsync("/login-as");
        keys.Lose();
        await visitor.PostAsync("/refresh");
        Assert.That((await visitor.GetAsync("/token")).Body, Is.EqualTo("none"));

        keys.Find();

        Assert.That((await visitor.GetAsync("/token")).Body, Is.EqualTo("very-secret"));
    }

    private static Task<WebHarness> StartWithTokensAsync(
        bool keep, IDataProtectionProvider? keys = null, ILoggerProvider? log = null)
    {
        var properties = new AuthenticationProperties();
        properties.StoreTokens([new AuthenticationToken { Name = "access_token", Value = "very-secret" }]);
        return WebHarness.StartAsync(it =>
        {
            it.Token = options => options.KeepTokens = keep;
            it.Services = services =>
            {
                services.AddSingleton(keys ?? new EphemeralDataProtectionProvider());
                if (log is not null)
                {
                    services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
                }
            };
            it.App = web =>
            {
                web.MapSignInAs(MoreEndpoints.Named("ada"), properties);
                web.MapGet("/token", async (HttpContext http) => await http.GetTokenAsync("access_token") ?? "none");
            };
        });
    }

    private static async Task<string> PayloadTextAsync(WebHarness app, Visitor visitor)
    {
        var payload = (await app.StoredAsync(await visitor.SessionIdAsync())).Payload;
        Assert.That(payload.Length, Is.GreaterThan(0));
        return Encoding.Latin1.GetString(payload.Span);
    }

    private static string Text(ClaimsPrincipal principal) => string.Join('\n', principal.Identities.Select(Text));

    private static string Text(ClaimsIdentity identity) =>
        $"{identity.AuthenticationType}|{identity.NameClaimType}|{identity.RoleClaimType}|{identity.Label}|{identity.IsAuthenticated}\n"
        + string.Join('\n', identity.Claims.Select(claim =>
            $" {claim.Type}|{claim.Value}|{claim.ValueType}|{claim.Issuer}|{claim.OriginalIssuer}|{string.Join(',', claim.Properties)}"))
        + (identity.Actor is null ? string.Empty : $"\n actor {Text(identity.Actor)}");

    /// <summary>A key ring that another one takes the place of.</summary>
    private sealed class LosableKeys : IDataProtectionProvider
    {
        private readonly EphemeralDataProtectionProvider _first = new();
        private EphemeralDataProtectionProvider? _others;

        public void Lose() => _others = new EphemeralDataProtectionProvider();

        public void Find() => _others = null;

        public IDataProtector CreateProtector(string purpose) => (_others ?? _first).CreateProtector(purpose);
    }
}
