using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>A sign-in with the properties of this very session is a rotation.</summary>
public sealed class RefreshTests
{
    [Test, Description("T10 id, created and expires stay, the old token is dead")]
    public async Task A_refresh_gives_the_session_a_new_token_and_new_claims_and_nothing_else()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();
        var (old, id) = (visitor.Token, await visitor.SessionIdAsync());
        var before = await app.StoredAsync(id);
        app.Clock.Advance(TimeSpan.FromMinutes(10));

        var answer = await visitor.PostAsync("/refresh");

        Assert.That(answer.Json.GetProperty("session").GetString(), Is.EqualTo(id));
        Assert.That(visitor.Token, Is.Not.EqualTo(old));
        var after = await app.StoredAsync(id);
        Assert.That((after.CreatedAt, after.ExpiresAt), Is.EqualTo((before.CreatedAt, before.ExpiresAt)));
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
        Assert.That((await visitor.GetAsync("/api/account/sessions")).Items, Has.Count.EqualTo(1));
        visitor.RawCookie = $"{WebHarness.CookieName}={old}";
        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
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

    [Test, Description("T10 the cookie of a refresh is that of a sign-in")]
    public async Task A_refreshed_persistent_cookie_expires_with_the_session_and_not_later()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync(more: "&persistent=true");
        app.Clock.Advance(TimeSpan.FromMinutes(30));

        var answer = await visitor.PostAsync("/refresh");

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
            Assert.That((await visitor.PostAsync("/refresh")).Status, Is.EqualTo(200));
        }

        app.Clock.Advance(TimeSpan.FromMinutes(30));

        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("T10 of parallel refreshes exactly one wins")]
    public async Task Of_parallel_refreshes_exactly_one_gets_a_cookie()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();
        var gate = new TaskCompletionSource();
        var (token, arrived) = (visitor.Token, 0);
        app.Store.BeforeChange = ArriveAsync;
        var racers = Enumerable.Range(0, 8).Select(_ => app.Visitor()).ToList();

        var answers = await Task.WhenAll(racers.Select(racer =>
        {
            racer.RawCookie = $"{WebHarness.CookieName}={token}";
            return racer.PostAsync("/refresh");
        }));

        Assert.That(answers.Count(it => it.SetCookies.Count == 1), Is.EqualTo(1));
        Assert.That((await app.Manager.GetQuotaAsync(new SessionUser("hanzo", "ada"), "default")).Used, Is.EqualTo(1));

        // Nobody rotates before all have been recognised.
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
