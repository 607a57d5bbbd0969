using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>A sign-in with the properties of this very session is a refresh: it changes the claims, and the token only with the credentials.</summary>
public sealed class RefreshTests
{
    [Test, Description("T10 a refresh keeps the token: a lost answer, and a parallel request with the same cookie, signs no user out")]
    public async Task A_refresh_gives_the_session_new_claims_and_nothing_else()
    {
        await using var app = await WebHarness.StartAsync();
        using var visitor = await app.SignedInAsync();
        var (token, id) = (visitor.Token, await visitor.SessionIdAsync());
        var before = await app.StoredAsync(id);
        app.Clock.Advance(TimeSpan.FromMinutes(10));

        var answer = await visitor.PostAsync("/refresh");

        Assert.That((answer.Json.GetProperty("session").GetString(), answer.SetCookies.Count), Is.EqualTo((id, 0)));
        Assert.That(visitor.Token, Is.EqualTo(token));
        var after = await app.StoredAsync(id);
        Assert.That((after.CreatedAt, after.ExpiresAt), Is.EqualTo((before.CreatedAt, before.ExpiresAt)));
        Assert.That((await visitor.GetAsync("/claims")).Body, Does.Contain("refreshed=yes"));
        Assert.That((await visitor.GetAsync("/api/account/sessions")).Items, Has.Count.EqualTo(1));
    }

    [TestCase("1", "2", true)]
    [TestCase(null, "2", true)]
    [TestCase("1", null, true)]
    [TestCase("1", "1", false)]
    [TestCase(null, null, false)]
    [Description("T10 another security stamp is a change of credentials; a stamp on one side only is a difference")]
    public async Task A_refresh_with_another_security_stamp_gives_a_new_token_and_kills_copies_of_the_old_one(
        string? before, string? after, bool rotates)
    {
        await using var app = await WebHarness.StartAsync();
        using var visitor = await app.SignedInAsync(more: before is null ? "" : $"&claim={DemoEndpoints.Stamp}:{before}");
        using var thief = app.Visitor();
        thief.RawCookie = $"{WebHarness.CookieName}={visitor.Token}";
        var id = await visitor.SessionIdAsync();

        var answer = await visitor.PostAsync("/refresh" + (after is null ? "" : $"?stamp={after}"));

        Assert.That(answer.SetCookies, Has.Count.EqualTo(rotates ? 1 : 0));
        Assert.That(await visitor.SessionIdAsync(), Is.EqualTo(id));
        Assert.That((await visitor.GetAsync("/claims")).Body, Does.Contain("refreshed=yes"));
        Assert.That(await thief.MeAsync(), Is.EqualTo(rotates ? 401 : 200));
    }

    [Test, Description("T10 the host names the claim")]
    public async Task The_claim_of_the_security_stamp_is_an_option()
    {
        await using var app = await WebHarness.StartAsync(it => it.Token = options => options.SecurityStampClaimType = "refreshed");
        using var visitor = await app.SignedInAsync(more: "&claim=refreshed:yes");

        Assert.That((await visitor.PostAsync("/refresh?stamp=2")).SetCookies, Is.Empty);
        Assert.That((await visitor.PostAsync("/refresh?refreshed=again")).SetCookies, Has.Count.EqualTo(1));
    }

    [Test, Description("T10 conditional on the claims that were read: the loser changes nothing")]
    public async Task A_refresh_that_was_made_from_older_claims_changes_nothing()
    {
        await using var app = await WebHarness.StartAsync();
        using var visitor = await app.SignedInAsync();
        LetAnotherRequestChangeFirst(app, () => visitor.PostAsync("/refresh?refreshed=first"));

        await visitor.PostAsync("/refresh?refreshed=second");

        Assert.That((await visitor.GetAsync("/claims")).Body, Does.Contain("refreshed=first"));
    }

    [Test, Description("T10 a rotation depends on the token only, never on the claims")]
    public async Task A_change_of_credentials_wins_over_a_refresh_in_between()
    {
        await using var app = await WebHarness.StartAsync();
        using var visitor = await app.SignedInAsync();
        using var thief = app.Visitor();
        thief.RawCookie = $"{WebHarness.CookieName}={visitor.Token}";
        LetAnotherRequestChangeFirst(app, () => thief.PostAsync("/refresh?refreshed=thief"));

        Assert.That((await visitor.PostAsync("/refresh?stamp=2")).SetCookies, Has.Count.EqualTo(1));

        Assert.That((await visitor.GetAsync("/claims")).Body, Does.Contain("refreshed=yes"));
        Assert.That(await thief.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("T10 a thief's plain refresh that races a change of password changes nothing")]
    public async Task A_refresh_with_a_token_that_a_change_of_credentials_has_killed_changes_nothing()
    {
        await using var app = await WebHarness.StartAsync();
        using var visitor = await app.SignedInAsync();
        using var thief = app.Visitor();
        thief.RawCookie = $"{WebHarness.CookieName}={visitor.Token}";
        LetAnotherRequestChangeFirst(app, () => visitor.PostAsync("/refresh?stamp=2&refreshed=victim"));

        Assert.That((await thief.PostAsync("/refresh?refreshed=thief")).SetCookies, Is.Empty);

        Assert.That((await visitor.GetAsync("/claims")).Body, Does.Contain("refreshed=victim"));
        Assert.That(await thief.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("T10 T4 if another request has rotated the token meanwhile, the session ends")]
    public async Task A_change_of_credentials_ends_the_session_whose_token_another_request_has_rotated()
    {
        await using var app = await WebHarness.StartAsync();
        using var visitor = await app.SignedInAsync();
        using var thief = app.Visitor();
        thief.Jar[WebHarness.CookieName] = visitor.Token;
        var id = await visitor.SessionIdAsync();
        LetAnotherRequestChangeFirst(app, () => thief.PostAsync("/refresh?stamp=thief"));

        var answer = await visitor.PostAsync("/refresh?stamp=2");

        Assert.That((answer.Status, answer.SetCookies.Count), Is.EqualTo((401, 0)));
        Assert.That((await app.EndOfAsync(id))!.Reason, Is.EqualTo(SessionEndReason.PasswordChanged));
        Assert.That((await visitor.MeAsync(), await thief.MeAsync()), Is.EqualTo((401, 401)));
    }

    [Test, Description("T10 a refresh that changes no claim writes nothing")]
    public async Task A_refresh_with_the_same_claims_does_not_write()
    {
        await using var app = await WebHarness.StartAsync();
        using var visitor = await app.SignedInAsync();
        await visitor.PostAsync("/refresh");
        app.Store.BeforeChange = () => throw new InvalidOperationException("nothing may change");

        Assert.That((await visitor.PostAsync("/refresh")).Status, Is.EqualTo(200));
    }

    [Test, Description("T10 without new claims a session keeps those it has, and not what the host adds on each request")]
    public async Task A_changed_password_keeps_nothing_of_what_was_added_to_the_request()
    {
        var transformation = new InPlaceRole { IsOn = true };
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.Services = services => services.AddSingleton<IClaimsTransformation>(transformation);
            it.App = web =>
            {
                web.MapPost("/password", async (HttpContext http) => (await http.RenewSessionAsync()).Count);
                web.MapGet("/roles", (HttpContext http) => string.Join(',', http.User.FindAll("role").Select(claim => claim.Value)));
            };
        });
        using var visitor = await app.SignedInAsync(more: "&claim=role:own");

        Assert.That((await visitor.GetAsync("/roles")).Body, Is.EqualTo("own,added"));
        await visitor.PostAsync("/password");
        transformation.IsOn = false;

        Assert.That((await visitor.GetAsync("/roles")).Body, Is.EqualTo("own"));
    }

    [Test, Description("T10 the cookie of a rotation is that of a sign-in")]
    public async Task The_persistent_cookie_of_changed_credentials_expires_with_the_session_and_not_later()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync(more: "&persistent=true");
        app.Clock.Advance(TimeSpan.FromMinutes(30));

        var answer = await visitor.PostAsync("/refresh?stamp=2");

        Assert.That(
            answer.SetCookies.Single(),
            Does.EndWith("; expires=Fri, 02 Jan 2026 00:00:00 GMT; path=/; secure; samesite=lax; httponly"));
        Assert.That(answer.Header("Cache-Control"), Is.EqualTo("no-store"));
    }

    [Test, Description("T10 V2 refreshing for ever does not prolong the absolute lifetime")]
    public async Task No_number_of_refreshes_gets_a_session_past_its_absolute_lifetime()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();
        for (var i = 0; i < 47; i++)
        {
            app.Clock.Advance(TimeSpan.FromMinutes(30));
            Assert.That((await visitor.PostAsync($"/refresh?refreshed={i}&stamp={i / 2}")).Status, Is.EqualTo(200));
        }

        app.Clock.Advance(TimeSpan.FromMinutes(30));

        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [TestCase("refreshed", 0, 8)]
    [TestCase("stamp", 1, 0)]
    [Description("T10 of parallel refreshes exactly one writes its claims, and all stay signed in; of parallel changes of credentials one gets a token, and another one ends the session")]
    public async Task Of_parallel_refreshes_exactly_one_wins(string what, int cookies, int stillSignedIn)
    {
        await using var app = await WebHarness.StartAsync();
        using var visitor = await app.SignedInAsync();
        var gate = new TaskCompletionSource();
        var (token, arrived) = (visitor.Token, 0);
        app.Store.BeforeChange = ArriveAsync;
        var racers = Enumerable.Range(0, 8).Select(_ => app.Visitor()).ToList();
        racers.ForEach(racer => racer.RawCookie = $"{WebHarness.CookieName}={token}");

        var answers = await Task.WhenAll(racers.Select((racer, number) => racer.PostAsync($"/refresh?{what}={number}")));

        Assert.That(answers.Count(it => it.SetCookies.Count == 1), Is.EqualTo(cookies));
        var signedIn = 0;
        foreach (var racer in racers)
        {
            signedIn += await racer.MeAsync() == 200 ? 1 : 0;
        }

        Assert.That(signedIn, Is.EqualTo(stillSignedIn));

        // No request changes anything before all have been recognized.
        Task ArriveAsync()
        {
            if (Interlocked.Increment(ref arrived) == 8)
            {
                gate.SetResult();
            }

            return gate.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    [Test, Description("T10 a session that ends while it is refreshed stays ended")]
    public async Task A_refresh_of_a_session_that_has_just_ended_makes_no_session()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();
        app.Store.BeforeChange = async () =>
        {
            app.Store.BeforeChange = null;
            await app.Manager.TerminateEverythingAsync(SessionCaller.Service("test"));
        };

        var answer = await visitor.PostAsync("/refresh");

        Assert.That(answer.SetCookies, Is.Empty);
        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
        Assert.That((await app.Manager.GetQuotaAsync(new SessionUser("hanzo", "ada"), "default")).Used, Is.Zero);
    }

    [Test, Description("T10 refreshing as another user is a sign-in")]
    public async Task A_refresh_as_another_user_is_a_sign_in_over_the_session()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();
        var id = await visitor.SessionIdAsync();

        var answer = await visitor.PostAsync("/refresh?user=ben");

        Assert.That(answer.Json.GetProperty("user").GetString(), Is.EqualTo("hanzo/ben"));
        Assert.That(answer.Json.GetProperty("session").GetString(), Is.Not.EqualTo(id));
        Assert.That((await app.EndOfAsync(id))!.Reason, Is.EqualTo(SessionEndReason.Replaced));
    }

    [Test, Description("T10 properties of an earlier session do not make a rotation")]
    public async Task The_properties_of_an_ended_session_do_not_refresh_the_next_one()
    {
        await using var app = await WebHarness.StartAsync(it => it.App = web => web.MapKeptProperties());
        var visitor = await app.SignedInAsync();
        await visitor.PostAsync("/keep");
        await visitor.SignInAsync();
        var (second, token) = (await visitor.SessionIdAsync(), visitor.Token);

        await visitor.PostAsync("/sign-in-with-kept");

        Assert.That(await visitor.SessionIdAsync(), Is.Not.EqualTo(second));
        Assert.That((await app.EndOfAsync(second))!.Reason, Is.EqualTo(SessionEndReason.Replaced));
        visitor.RawCookie = $"{WebHarness.CookieName}={token}";
        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("T10 C5 a refresh under another name replaces the session for the rest of its time")]
    public async Task A_refresh_under_another_name_keeps_the_end_and_the_methods()
    {
        await using var app = await WebHarness.StartAsync();
        using var visitor = await app.SignedInAsync(more: "&claim=amr:pwd&claim=amr:otp");
        var before = await app.StoredAsync(await visitor.SessionIdAsync());
        app.Clock.Advance(TimeSpan.FromMinutes(30));

        await visitor.PostAsync("/refresh?user=renamed");

        var after = await app.StoredAsync(await visitor.SessionIdAsync());
        Assert.That(after.User.Name, Is.EqualTo("renamed"));
        Assert.That((after.ExpiresAt, after.AuthenticationMethods), Is.EqualTo((before.ExpiresAt, "pwd otp")));
    }

    /// <summary>When the next request is about to change the store, another one comes first.</summary>
    private static void LetAnotherRequestChangeFirst(WebHarness app, Func<Task> other) => app.Store.BeforeChange = async () =>
    {
        app.Store.BeforeChange = null;
        await other();
    };

    /// <summary>As the framework's documentation shows it: it adds to the principal that it is given.</summary>
    private sealed class InPlaceRole : IClaimsTransformation
    {
        public bool IsOn { get; set; }

        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            if (IsOn && !principal.HasClaim("role", "added"))
            {
                principal.AddIdentity(new ClaimsIdentity([new Claim("role", "added")]));
            }

            return Task.FromResult(principal);
        }
    }
}
