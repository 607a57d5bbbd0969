using Hanzo.Sessions.Testing;
using Microsoft.AspNetCore.Authentication;

namespace Hanzo.Sessions.AspNetCore.Tests;

public sealed class SignInOverSessionTests
{
    private const string Planted = "hs1_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    [Test, Description("C6 an ExpiresUtc that is past already signs no user in, as with the framework's cookie, and leaves no other user signed in")]
    public async Task A_sign_in_whose_end_is_past_makes_no_session_and_signs_out([Values] bool protectedCookie)
    {
        var properties = new AuthenticationProperties { ExpiresUtc = TestSessions.Start };
        Action<WebSettings> settings = it => it.App = web => web.MapSignInAs(MoreEndpoints.Named("ben"), properties);
        await using var app = protectedCookie ? await CookieApp.StartAsync(settings: settings) : await WebHarness.StartAsync(settings);
        using var visitor = await app.SignedInAsync();
        var id = await visitor.SessionIdAsync();

        var answer = await visitor.PostAsync("/login-as");

        Assert.That(answer.Status, Is.EqualTo(200));
        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
        Assert.That((await app.EndOfAsync(id))!.Reason, Is.EqualTo(SessionEndReason.SignedOut));
        Assert.That((await app.Manager.GetQuotaAsync(new SessionUser("default", "ben"), "default")).Used, Is.Zero);
    }

    [Test, Description("C5 fixation: sign in as A, then as B with A's cookie")]
    public async Task Signing_in_over_another_users_session_kills_its_cookie_and_makes_a_fresh_one()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync("ada");
        var (adasToken, adasSession) = (visitor.Token, await visitor.SessionIdAsync());

        var answer = await visitor.SignInAsync("ben");

        Assert.That(visitor.Token, Is.Not.EqualTo(adasToken));
        Assert.That(answer.Json.GetProperty("user").GetString(), Is.EqualTo("hanzo/ben"));
        Assert.That(answer.Json.GetProperty("session").GetString(), Is.Not.EqualTo(adasSession));
        Assert.That((await app.EndOfAsync(adasSession))!.Reason, Is.EqualTo(SessionEndReason.Replaced));
        visitor.RawCookie = $"{WebHarness.CookieName}={adasToken}";
        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("C5 the same user again")]
    public async Task Signing_in_again_replaces_the_users_own_session()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();
        var first = await visitor.SessionIdAsync();

        await visitor.SignInAsync();

        Assert.That((await app.EndOfAsync(first))!.Reason, Is.EqualTo(SessionEndReason.Replaced));
        Assert.That((await visitor.GetAsync("/api/account/sessions")).Items, Has.Count.EqualTo(1));
    }

    [TestCase(Planted)]
    [TestCase("planted")]
    [Description("C5 a token presented before sign-in is never adopted")]
    public async Task A_planted_token_is_never_adopted(string planted)
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = app.Visitor();
        visitor.RawCookie = $"{WebHarness.CookieName}={planted}";

        var answer = await visitor.SignInAsync();

        Assert.That(answer.SetCookieValue(), Does.Match(@"\Ahs1_[A-Za-z0-9_-]{43}\z").And.Not.EqualTo(planted));
        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("C5 nor is a bearer token")]
    public async Task A_planted_bearer_token_is_never_adopted()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = app.Visitor();
        visitor.Authorization = $"Bearer {Planted}";

        Assert.That((await visitor.SignInAsync()).Status, Is.EqualTo(200));

        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("C5 nor a token whose session has ended")]
    public async Task An_ended_sessions_token_stays_dead_after_signing_in_with_it()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();
        var old = visitor.Token;
        await app.Manager.TerminateEverythingAsync(SessionCaller.Service("test"));

        await visitor.SignInAsync();

        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
        visitor.RawCookie = $"{WebHarness.CookieName}={old}";
        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("C5 C4 a refused sign-in leaves the presented session alone")]
    public async Task A_refused_sign_in_keeps_the_presented_session()
    {
        await using var app = await WebHarness.StartAsync(it => it.Sessions = options => options.MaxSessions = 1);
        var visitor = await app.SignedInAsync("ada");
        await app.SignedInAsync("ben");

        var answer = await visitor.SignInAsync("ben");

        Assert.That(answer.Status, Is.EqualTo(409));
        Assert.That(answer.SetCookies, Is.Empty);
        Assert.That((await visitor.GetAsync("/me")).Body, Does.Contain("hanzo/ada"));
    }

    [Test, Description("C5 the replaced session's place is free")]
    public async Task A_full_user_signs_in_again_over_an_own_session()
    {
        await using var app = await WebHarness.StartAsync(it => it.Sessions = options => options.MaxSessions = 1);
        var visitor = await app.SignedInAsync();

        Assert.That((await app.Visitor().SignInAsync()).Status, Is.EqualTo(409));
        Assert.That((await visitor.SignInAsync()).Status, Is.EqualTo(200));
    }

    [Test, Description("C2 the eleventh is refused, and gets in as soon as one ends")]
    public async Task The_eleventh_sign_in_is_refused_until_one_session_ends()
    {
        await using var app = await WebHarness.StartAsync();
        var visitors = new List<Visitor>();
        for (var i = 0; i < 10; i++)
        {
            visitors.Add(await app.SignedInAsync());
        }

        var eleventh = app.Visitor();
        var refusal = await eleventh.SignInAsync();
        Assert.That(refusal.Status, Is.EqualTo(409));
        Assert.That(refusal.SetCookies, Is.Empty);
        await visitors[3].PostAsync("/logout");

        Assert.That((await eleventh.SignInAsync()).Status, Is.EqualTo(200));
    }

    [Test, Description("T3 T9 a terminated user signs in again at once, an administrator too")]
    public async Task A_terminated_user_signs_in_again_at_once()
    {
        await using var app = await WebHarness.StartAsync(it => it.WithAdministrators());
        var admin = await app.SignedInAsync("admin", more: WebHarness.Administrator);
        var (ada, boss) = (await app.SignedInAsync("ada"), await app.SignedInAsync("boss", more: WebHarness.Administrator));

        foreach (var name in new[] { "ada", "boss" })
        {
            Assert.That((await admin.DeleteAsync($"/api/admin/sessions?userId={name}")).Body, Is.EqualTo("{\"ended\":1}"));
        }

        foreach (var (visitor, name) in new[] { (ada, "ada"), (boss, "boss") })
        {
            Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
            Assert.That((await visitor.SignInAsync(name)).Status, Is.EqualTo(200));
            Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
        }
    }

    [Test, Description("C5 two sign-ins in one request leave one session and its cookie")]
    public async Task Of_two_sign_ins_in_one_request_the_last_one_counts()
    {
        await using var app = await WebHarness.StartAsync(it => it.App = web => web.MapSignInTwice());
        var visitor = app.Visitor();

        var answer = await visitor.PostAsync("/login-twice");

        Assert.That(answer.SetCookies[^1], Does.Contain(visitor.Token));
        Assert.That((await visitor.GetAsync("/me")).Body, Does.Contain("default/ben"));
        Assert.That((await app.Manager.ListAsync(All())).Items.Select(it => it.User.Name), Is.EqualTo(new[] { "ben" }));
    }

    private static SessionQuery All() => new() { Filter = new SessionFilter { Scope = SessionScope.AllOrganizations } };
}
