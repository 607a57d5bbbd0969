namespace Hanzo.Sessions.AspNetCore.Tests;

public sealed class EndedSessionTests
{
    private const string Unknown = "hs1_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    [Test, Description("W3 the sign-in page may ask, then the cookie is gone")]
    public async Task The_sign_in_page_learns_why_the_session_ended_and_the_cookie_is_cleared()
    {
        await using var app = await WebHarness.StartAsync();
        var (visitor, other) = (await app.SignedInAsync(), await app.SignedInAsync());
        await other.DeleteAsync("/api/account/sessions");

        var answer = await visitor.GetAsync("/why");

        Assert.That(answer.Body, Is.EqualTo("TerminatedByUser"));
        Assert.That(
            answer.SetCookies.Single(),
            Is.EqualTo("__Host-hanzo-session=; expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/; secure; samesite=lax; httponly"));
        Assert.That((await visitor.GetAsync("/why")).Body, Is.EqualTo("nothing known"));
    }

    [Test, Description("W3 a timeout is explained as well")]
    public async Task The_sign_in_page_learns_of_a_timeout()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(60));

        Assert.That((await visitor.GetAsync("/why")).Body, Is.EqualTo("IdleTimeout"));
    }

    [TestCase(Unknown)]
    [TestCase("malformed")]
    [Description("W3 a token that this store does not know may be that of another app on the same host")]
    public async Task An_unknown_token_is_explained_by_nothing_and_its_cookie_stays(string token)
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = app.Visitor();
        visitor.RawCookie = $"{WebHarness.CookieName}={token}";

        var answer = await visitor.GetAsync("/why");

        Assert.That(answer.Body, Is.EqualTo("nothing known"));
        Assert.That(answer.SetCookies, Is.Empty);
    }

    [Test, Description("W3 looking at the sign-in page of one app signs out of no other app on the host")]
    public async Task The_sign_in_page_of_one_app_keeps_the_session_of_another_one_on_the_same_host()
    {
        await using var one = await WebHarness.StartAsync();
        await using var two = await WebHarness.StartAsync();
        using var visitor = await one.SignedInAsync();
        using var atTheOther = two.Visitor();
        atTheOther.Jar[WebHarness.CookieName] = visitor.Token;

        Assert.That((await atTheOther.GetAsync("/why")).SetCookies, Is.Empty);
        await one.Manager.TerminateEverythingAsync(SessionCaller.Service("test"));

        Assert.That((await visitor.GetAsync("/why")).SetCookies, Has.Count.EqualTo(1), "its own app clears it");
    }

    [Test, Description("W3 an active session needs no explanation and keeps its cookie")]
    public async Task An_active_session_is_not_explained_and_keeps_its_cookie()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();

        var answer = await visitor.GetAsync("/why");

        Assert.That(answer.Body, Is.EqualTo("nothing known"));
        Assert.That(answer.SetCookies, Is.Empty);
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
    }

    [Test, Description("W3 nor is a request without a token")]
    public async Task A_visitor_without_a_cookie_is_told_nothing()
    {
        await using var app = await WebHarness.StartAsync();

        var answer = await app.Visitor().GetAsync("/why");

        Assert.That(answer.Body, Is.EqualTo("nothing known"));
        Assert.That(answer.SetCookies, Is.Empty);
    }

    [Test, Description("W3 a bearer token is no cookie to clear")]
    public async Task A_bearer_token_is_explained_and_no_cookie_is_touched()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();
        await app.Manager.TerminateEverythingAsync(SessionCaller.Service("test"));
        visitor.Authorization = $"Bearer {visitor.Token}";

        var answer = await visitor.GetAsync("/why");

        Assert.That(answer.Body, Is.EqualTo("TerminatedByAdmin"));
        Assert.That(answer.SetCookies, Is.Empty);
    }

    [TestCase("/api/account/sessions")]
    [TestCase("/api/admin/sessions")]
    [TestCase("/page")]
    [TestCase("/me")]
    [TestCase("/open")]
    [Description("W3 V1 ended, timed out, rotated, unknown and malformed look the same to the byte")]
    public async Task An_ended_session_answers_like_one_that_never_was(string path)
    {
        await using var app = await WebHarness.StartAsync();
        var ended = (await app.SignedInAsync()).Token;
        await app.Manager.TerminateEverythingAsync(SessionCaller.Service("test"));
        var rotating = await app.SignedInAsync();
        var rotated = rotating.Token;
        await rotating.PostAsync("/refresh?stamp=2");
        var idle = (await app.SignedInAsync()).Token;
        app.Clock.Advance(TimeSpan.FromHours(2));
        var visitor = app.Visitor();

        foreach (var accept in new[] { "*/*", "text/html" })
        {
            visitor.RawCookie = $"{WebHarness.CookieName}={Unknown}";
            var expected = (await visitor.GetAsync(path, ("Accept", accept))).Whole;
            foreach (var token in new[] { ended, rotated, idle, "malformed", string.Empty })
            {
                visitor.RawCookie = $"{WebHarness.CookieName}={token}";

                Assert.That((await visitor.GetAsync(path, ("Accept", accept))).Whole, Is.EqualTo(expected));
            }
        }
    }

    [Test, Description("W3 the same for bearer tokens")]
    public async Task An_ended_bearer_token_answers_like_one_that_never_was()
    {
        await using var app = await WebHarness.StartAsync();
        var ended = (await app.SignedInAsync()).Token;
        await app.Manager.TerminateEverythingAsync(SessionCaller.Service("test"));
        var visitor = app.Visitor();
        visitor.Authorization = $"Bearer {Unknown}";
        var expected = (await visitor.GetAsync("/api/account/sessions")).Whole;

        visitor.Authorization = $"Bearer {ended}";

        Assert.That((await visitor.GetAsync("/api/account/sessions")).Whole, Is.EqualTo(expected));
    }

    [Test, Description("V2 one millisecond before and exactly at the end")]
    public async Task The_session_is_over_at_the_very_instant_of_its_idle_timeout()
    {
        await using var app = await WebHarness.StartAsync();
        var (early, late) = (await app.SignedInAsync(), await app.SignedInAsync());

        app.Clock.Advance(TimeSpan.FromMinutes(60) - TimeSpan.FromMilliseconds(1));
        Assert.That(await early.MeAsync(), Is.EqualTo(200));
        app.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That(await late.MeAsync(), Is.EqualTo(401));
        Assert.That(await early.MeAsync(), Is.EqualTo(200));
    }

    [Test, Description("V4 W2 an old cookie's late answer leaves the new cookie alone")]
    public async Task The_late_answer_to_an_old_cookie_does_not_delete_the_new_one()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();
        var old = visitor.Token;
        await visitor.SignInAsync();
        var fresh = visitor.Token;

        visitor.RawCookie = $"{WebHarness.CookieName}={old}";
        await visitor.GetAsync("/page", ("Accept", "text/html"));
        visitor.RawCookie = null;

        Assert.That(visitor.Token, Is.EqualTo(fresh));
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
    }
}
