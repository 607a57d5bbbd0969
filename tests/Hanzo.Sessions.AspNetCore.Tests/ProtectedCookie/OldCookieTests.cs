using System.Buffers.Text;
using Hanzo.Sessions.AspNetCore.Tests.Secrets;
using Hanzo.Sessions.Testing;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>Cookies that were issued before sessions came in.</summary>
public sealed class OldCookieTests
{
    private static readonly TimeSpan Until = TimeSpan.FromDays(14);

    private EphemeralDataProtectionProvider _keys = null!;

    [SetUp]
    public void Keys() => _keys = new EphemeralDataProtectionProvider();

    [Test, Description("Adoption is an option, and off by default")]
    public async Task Without_the_option_an_old_cookie_is_refused()
    {
        var cookie = await OldCookieAsync();
        await using var app = await CookieApp.StartAsync(_keys);
        using var visitor = app.Visitor();
        visitor.RawCookie = cookie;

        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("Switching over signs nobody out")]
    public async Task An_old_cookie_becomes_a_session_and_is_renewed()
    {
        var cookie = await OldCookieAsync();
        await using var app = await StartAsync();
        using var visitor = app.Visitor();
        visitor.RawCookie = cookie;

        var answer = await visitor.GetAsync("/me");

        Assert.That(answer.Status, Is.EqualTo(200));
        Assert.That(answer.Json.GetProperty("user").GetString(), Is.EqualTo("hanzo/ada"));
        visitor.RawCookie = answer.SetCookies.Single().Split(';')[0];
        Assert.That(await visitor.SessionIdAsync(), Is.EqualTo(answer.Json.GetProperty("session").GetString()));
    }

    [Test, Description("Adoption is idempotent: one ticket makes one session")]
    public async Task Six_parallel_first_requests_make_one_session()
    {
        var cookie = await OldCookieAsync();
        await using var app = await StartAsync();
        var arrived = 0;
        var all = new TaskCompletionSource();
        app.Store.BeforeChange = () =>
        {
            if (Interlocked.Increment(ref arrived) == 6)
            {
                all.SetResult();
            }

            return all.Task;
        };
        using var visitor = app.Visitor();
        visitor.RawCookie = cookie;

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => visitor.GetAsync("/me")));

        app.Store.BeforeChange = null;
        Assert.That(answers.Select(it => it.Status), Is.All.EqualTo(200));
        Assert.That(answers.Select(it => it.Json.GetProperty("session").GetString()).Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(1));
        Assert.That((await visitor.GetAsync("/api/account/sessions")).Items, Has.Count.EqualTo(1));
    }

    [Test, Description("A ticket whose session has ended is refused")]
    public async Task An_old_cookie_whose_session_was_ended_is_refused_and_so_is_its_renewal()
    {
        var cookie = await OldCookieAsync();
        await using var app = await StartAsync();
        using var visitor = app.Visitor();
        visitor.RawCookie = cookie;
        var first = await visitor.GetAsync("/me");
        await app.Manager.TerminateAllAsync(new SessionUser("hanzo", "ada"), SessionCaller.Service("test"));

        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
        visitor.RawCookie = first.SetCookies.Single().Split(';')[0];
        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("V4 W2 a refused old cookie is not renewed: under its new text it would be adopted again")]
    public async Task An_old_cookie_whose_session_was_ended_gets_no_new_cookie_from_its_refusal()
    {
        var cookie = await OldCookieAsync();
        await using var app = await StartAsync();
        using var visitor = app.Visitor();
        visitor.RawCookie = cookie;
        await visitor.GetAsync("/me");
        await app.Manager.TerminateAllAsync(new SessionUser("hanzo", "ada"), SessionCaller.Service("test"));
        app.Clock.Advance(TimeSpan.FromDays(8));

        var answer = await visitor.GetAsync("/me");

        Assert.That((answer.Status, answer.SetCookies.Count), Is.EqualTo((401, 0)), "the cookie lives for 14 days and is due for renewal");
    }

    [Test, Description("V2 C6 a sliding end of the cookie is no end of the session")]
    public async Task An_adopted_session_that_is_used_outlives_the_life_of_a_sliding_cookie()
    {
        var cookie = await OldCookieAsync(cookie: HalfAnHour);
        await using var app = await CookieApp.StartAsync(_keys, it => it.AdoptUntil = TestSessions.Start + Until, cookie: HalfAnHour);
        using var visitor = app.Visitor();
        visitor.Jar[CookieApp.CookieName] = cookie.Split('=', 2)[1];
        for (var i = 0; i < 6; i++)
        {
            app.Clock.Advance(TimeSpan.FromMinutes(10));
            Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
        }

        static void HalfAnHour(CookieAuthenticationOptions options) => options.ExpireTimeSpan = TimeSpan.FromMinutes(30);
    }

    [TestCase("claim=email:ada%40example.com", Description = "neither a name nor a sub")]
    [TestCase("user=ada&organization=a%2Fb", Description = "an organization out of bounds")]
    [Description("C7 V6 a principal that names nobody is refused, and is no failure of the store")]
    public async Task An_old_cookie_that_names_nobody_is_refused_so_that_the_user_can_sign_in(string who)
    {
        var cookie = await OldCookieAsync(who);
        var log = new Evidence();
        await using var app = await StartAsync(it => it.Services = services => services.AddLogging(logging =>
            logging.AddFilter<EvidenceLog>("Microsoft", LogLevel.None).AddProvider(new EvidenceLog(log))));
        using var visitor = app.Visitor();
        visitor.RawCookie = cookie;

        Assert.That(((await visitor.GetAsync("/open")).Status, await visitor.MeAsync()), Is.EqualTo((200, 401)));
        Assert.That(log.Of("log"), Has.Some.StartsWith("Warning Hanzo.Sessions.AspNetCore.ProtectedCookieSessions 105 "));
        visitor.RawCookie = null;
        await visitor.SignInAsync();
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
    }

    [Test, Description("K1 history of adopted sessions is kept at least until the end date")]
    public async Task No_purge_makes_an_ended_old_cookie_new_again()
    {
        var cookie = await OldCookieAsync();
        await using var app = await StartAsync(settings => settings.Sessions = options =>
        {
            options.HistoryRetention = TimeSpan.Zero;
            options.HistoryCapacity = 0;
        });
        using var visitor = app.Visitor();
        visitor.RawCookie = cookie;
        await visitor.GetAsync("/me");
        await app.Manager.TerminateAllAsync(new SessionUser("hanzo", "ada"), SessionCaller.Service("test"));

        await app.Manager.CleanUpAsync();

        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("T10 rotation does not make the old cookie new again")]
    public async Task An_old_cookie_is_refused_once_its_session_has_another_token()
    {
        var cookie = await OldCookieAsync();
        await using var app = await StartAsync();
        using var visitor = app.Visitor();
        visitor.RawCookie = cookie;
        visitor.RawCookie = (await visitor.GetAsync("/me")).SetCookies.Single().Split(';')[0];
        visitor.RawCookie = (await visitor.PostAsync("/refresh?stamp=2")).SetCookies.Single().Split(';')[0];
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));

        visitor.RawCookie = cookie;

        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("Adoption needs an end date")]
    public async Task At_the_end_date_an_old_cookie_is_refused_and_a_millisecond_before_it_is_not()
    {
        var (early, late) = (await OldCookieAsync(), await OldCookieAsync());
        await using var app = await CookieApp.StartAsync(_keys, cookie: options => options.ExpireTimeSpan = TimeSpan.FromDays(30), protect: it =>
            it.AdoptUntil = TestSessions.Start + Until);
        using var visitor = app.Visitor();
        app.Clock.Advance(Until - TimeSpan.FromMilliseconds(1));
        visitor.RawCookie = early;
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));

        app.Clock.Advance(TimeSpan.FromMilliseconds(1));
        visitor.RawCookie = late;

        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("Adoption is not refused by the limit")]
    public async Task More_old_cookies_than_the_limit_are_all_adopted()
    {
        var cookies = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => OldCookieAsync()));
        await using var app = await StartAsync();
        using var visitor = app.Visitor();

        foreach (var cookie in cookies)
        {
            visitor.RawCookie = cookie;
            Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
        }
    }

    [Test, Description("One ticket makes one session, however its text is written")]
    public async Task Other_texts_of_the_same_old_cookie_make_no_second_session()
    {
        var cookie = await OldCookieAsync();
        await using var app = await StartAsync();
        using var visitor = app.Visitor();
        visitor.RawCookie = cookie;
        await visitor.GetAsync("/me");

        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var standard = InStandardBase64(cookie);
        string[] texts =
        [
            .. alphabet.Select(last => cookie[..^1] + last), cookie + "=", cookie + "==", cookie + "%3D",
            standard, standard.Insert(standard.Length - 8, "%20"), standard + "%20%20",
        ];
        List<string> accepted = [];
        foreach (var text in texts)
        {
            visitor.RawCookie = text;
            if (await visitor.MeAsync() == 200)
            {
                accepted.Add(text);
            }
        }

        visitor.RawCookie = cookie;
        Assert.That(accepted, Is.SupersetOf(texts[^3..]), "the framework reads standard Base64 as well, with blanks in it");
        Assert.That((await visitor.GetAsync("/api/account/sessions")).Items, Has.Count.EqualTo(1));
        await app.Manager.TerminateAllAsync(new SessionUser("hanzo", "ada"), SessionCaller.Service("test"));
        foreach (var text in accepted)
        {
            visitor.RawCookie = text;
            Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
        }
    }

    private Task<WebHarness> StartAsync(Action<WebSettings>? settings = null) =>
        CookieApp.StartAsync(_keys, it => it.AdoptUntil = TestSessions.Start + Until, settings);

    private async Task<string> OldCookieAsync(
        string who = "user=ada&organization=hanzo", Action<CookieAuthenticationOptions>? cookie = null)
    {
        await using var old = await CookieApp.StartOldAsync(_keys, cookie);
        using var visitor = old.Visitor();
        var answer = await visitor.PostAsync("/login?" + who);
        return answer.SetCookies.Single().Split(';')[0];
    }

    private static string InStandardBase64(string cookie)
    {
        var (name, value) = (cookie.Split('=', 2)[0], cookie.Split('=', 2)[1]);
        return $"{name}={Convert.ToBase64String(Base64Url.DecodeFromChars(value))}";
    }
}
