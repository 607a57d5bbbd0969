namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>The sample AdminPanel as a user runs it.</summary>
public sealed class AdminPanelTests
{
    private const string Password = SampleProcess.Password;
    private const string Account = "/api/account/sessions";

    private SampleProcess _sample = null!;
    private Visitor _root = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _sample = await SampleProcess.StartAsync("AdminPanel");
        _root = await _sample.SignedInAsync("root");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _root.Dispose();
        await _sample.DisposeAsync();
    }

    [TearDown]
    public async Task SignEverybodyElseOutAsync()
    {
        foreach (var user in new[] { "hanzo/ada", "hanzo/ben", "hanzo/admin", "other/zoe", "other/otheradmin", "built-in/root" })
        {
            await _root.DeleteAsync($"/api/admin/sessions?keepCurrent=true&userId={user}");
        }
    }

    [Test, Description("T1 T4 two jars, one marked, the other ended, its own protected")]
    public async Task Two_devices_see_each_other_and_one_ends_the_other()
    {
        var (laptop, phone) = (await _sample.SignedInAsync("ada"), await _sample.SignedInAsync("ada"));
        var items = (await laptop.GetAsync(Account)).Items;
        Assert.That(items, Has.Count.EqualTo(2));
        Assert.That(items.Count(item => item.GetProperty("isCurrent").GetBoolean()), Is.EqualTo(1));
        Assert.That(items.Select(item => item.GetProperty("application").GetString()), Is.All.EqualTo("app-hanzo"));
        var (other, own) = (await IdAsync(phone), await IdAsync(laptop));

        Assert.That((await laptop.SendAsync(HttpMethod.Delete, $"{Account}/{other}", [])).Status, Is.EqualTo(403), "without the header of tools");
        Assert.That((await laptop.DeleteAsync($"{Account}/{other}")).Status, Is.EqualTo(204));

        Assert.That((await phone.GetAsync("/api/me")).Status, Is.EqualTo(401));
        var refused = await laptop.DeleteAsync($"{Account}/{own}");
        Assert.That((refused.Status, refused.Detail), Is.EqualTo((409, $"session id {own} is the current session and cannot be deleted")));
        Assert.That((await laptop.GetAsync("/api/me")).Status, Is.EqualTo(200));
    }

    [Test, Description("T7 no page and no answer of the sample stays in a cache, and its pages take nothing from elsewhere")]
    public async Task Each_page_of_the_sample_has_a_policy_and_nothing_is_cached()
    {
        var (ada, stranger) = (await _sample.SignedInAsync("ada"), _sample.Visitor());
        var html = ("Accept", "text/html");
        foreach (var page in new[]
        {
            await ada.GetAsync("/"), await stranger.GetAsync("/login"), await stranger.PostFormAsync("/login", "ada", "wrong", headers: [html]),
            await stranger.PostFormAsync("/login", "ada", Password, headers: [html, ("Sec-Fetch-Site", "cross-site")]),
        })
        {
            Assert.That(page.ContentType, Does.StartWith("text/html"));
            Assert.That(page.Header("Content-Security-Policy"), Does.StartWith("default-src 'none'; ").And.Contain("frame-ancestors 'none'").And.Not.Contain("unsafe"));
            Assert.That(page.Header("X-Content-Type-Options"), Is.EqualTo("nosniff"));
            Assert.That(page.Header("Cache-Control"), Is.EqualTo("no-store"), page.Body);
        }

        Assert.That((await ada.GetAsync("/api/me")).Header("Cache-Control"), Is.EqualTo("no-store"));
        var token = await _sample.Visitor().PostFormAsync("/api/token", "ada", Password);
        Assert.That((token.Status, token.Header("Cache-Control")), Is.EqualTo((200, "no-store")));
        Assert.That((await stranger.GetAsync("/site.css")).Header("Cache-Control"), Is.Not.EqualTo("no-store"));
    }

    [Test, Description("HTTP who one is")]
    public async Task Me_names_organization_user_and_session()
    {
        var ada = await _sample.SignedInAsync("ada");

        var answer = await ada.GetAsync("/api/me");

        Assert.That(answer.Body, Does.Match("""\A\{"organization":"hanzo","user":"ada","sessionId":"[0-9a-f]{32}"\}\z"""));
        Assert.That((await _sample.Visitor().GetAsync("/api/me")).Status, Is.EqualTo(401));
    }

    [Test, Description("C2 C4 the eleventh is 409, and the password was not counted as wrong")]
    public async Task The_eleventh_sign_in_is_409_and_not_a_wrong_password()
    {
        List<Visitor> jars = [];
        for (var i = 0; i < 10; i++)
        {
            jars.Add(await _sample.SignedInAsync("ben"));
        }

        // More often than wrong passwords lock out.
        for (var i = 0; i < 11; i++)
        {
            var refused = await SignInAsync(_sample.Visitor(), "ben", Password);
            Assert.That(refused.Status, Is.EqualTo(409));
            Assert.That(refused.Detail, Does.StartWith("You are signed in 10 times; the limit is 10."));
            Assert.That(refused.SetCookies, Is.Empty);
        }

        var page = await SignInAsync(_sample.Visitor(), "ben", Password, accept: "text/html");
        Assert.That((page.Status, page.ContentType), Is.EqualTo((409, "text/html; charset=utf-8")));
        Assert.That(page.Body, Does.Contain("You are signed in 10 times"));

        await jars[0].PostAsync("/logout");
        Assert.That((await SignInAsync(_sample.Visitor(), "ben", Password)).Status, Is.EqualTo(200));
    }

    [TestCase("ada")]
    [TestCase("admin")]
    [Description("T3 a terminated user signs in again at once, an administrator too")]
    public async Task A_terminated_user_signs_in_again_at_once(string user)
    {
        var visitor = await _sample.SignedInAsync(user);

        Assert.That((await _root.DeleteAsync($"/api/admin/sessions?userId=hanzo/{user}")).Body, Is.EqualTo("{\"ended\":1}"));
        Assert.That((await visitor.GetAsync("/api/me")).Status, Is.EqualTo(401));

        Assert.That((await SignInAsync(visitor, user, Password)).Status, Is.EqualTo(200));
        Assert.That((await visitor.GetAsync("/api/me")).Status, Is.EqualTo(200));
    }

    [TestCase("admin", "hanzo")]
    [TestCase("otheradmin", "other")]
    [TestCase("root", "built-in hanzo other")]
    [Description("L4 an administrator's scope")]
    public async Task An_administrator_sees_the_own_scope(string user, string organizations)
    {
        await _sample.SignedInAsync("ada");
        await _sample.SignedInAsync("zoe");
        var admin = await _sample.SignedInAsync(user);

        var items = (await admin.GetAsync("/api/admin/sessions")).Items;

        Assert.That(
            string.Join(' ', items.Select(item => item.GetProperty("organization").GetString()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)),
            Is.EqualTo(organizations));
    }

    [TestCase("ada")]
    [TestCase("zoe")]
    [Description("HTTP not an administrator")]
    public async Task A_plain_user_is_no_administrator(string user)
    {
        var visitor = await _sample.SignedInAsync(user);

        Assert.That((await visitor.GetAsync("/api/admin/sessions")).Status, Is.EqualTo(403));
    }

    [TestCase("ada", "wrong")]
    [TestCase("nobody", Password)]
    [TestCase("ADA ", Password)]
    [Description("P1 a wrong password and an unknown name look the same")]
    public async Task A_wrong_name_or_password_is_401(string user, string password)
    {
        var answer = await SignInAsync(_sample.Visitor(), user, password);

        Assert.That((answer.Status, answer.Detail), Is.EqualTo((401, "The name or password is wrong, or there were too many failed attempts.")));
        Assert.That(answer.SetCookies, Is.Empty);
    }

    [Test, Description("HTTP a page redirects to the login page and back")]
    public async Task A_browser_is_sent_to_the_login_page_and_back()
    {
        var browser = _sample.Visitor();

        Assert.That((await browser.GetAsync("/?a=1", ("Accept", "text/html"))).Location, Is.EqualTo("/login?returnUrl=%2F%3Fa%3D1"));
        var form = await browser.GetAsync("/login?returnUrl=%2F%3Fa%3D1", ("Accept", "text/html"));
        Assert.That(form.Body, Does.Contain("<input type=\"hidden\" name=\"returnUrl\" value=\"/?a=1\">"));
        var answer = await SignInAsync(browser, "ada", Password, "/?a=1", "text/html");

        Assert.That((answer.Status, answer.Location), Is.EqualTo((302, "/?a=1")));
        Assert.That((await browser.GetAsync("/?a=1", ("Accept", "text/html"))).Body, Does.Contain("<b>ada</b> of hanzo"));
    }

    [TestCase("//evil.example")]
    [TestCase("/\\evil.example")]
    [TestCase("\\\\evil.example")]
    [TestCase("https://evil.example")]
    [TestCase("javascript:alert(1)")]
    [TestCase("evil.example")]
    [TestCase("~/x")]
    [TestCase("/\t/evil.example")]
    [TestCase("/\r\nSet-Cookie: a=b")]
    [TestCase("/ü")]
    [TestCase("/\u2028")]
    [TestCase(" /x")]
    [TestCase("")]
    [Description("HTTP no way back leads to another site, or breaks the answer")]
    public async Task A_hostile_way_back_leads_home(string returnUrl)
    {
        var answer = await SignInAsync(_sample.Visitor(), "zoe", Password, returnUrl, "text/html");

        Assert.That((answer.Status, answer.Location), Is.EqualTo((302, "/")));
        Assert.That(answer.Headers["Set-Cookie"], Has.Exactly(1).Items);
    }

    [Test, Description("HTTP text in the login page is text")]
    public async Task A_way_back_is_written_into_the_page_as_text()
    {
        var answer = await _sample.Visitor().GetAsync("/login?returnUrl=%22%3E%3Cscript%3Ealert(1)%3C/script%3E");

        Assert.That(answer.Body, Does.Not.Contain("<script>").And.Contain("&quot;&gt;&lt;script&gt;"));
    }

    [Test, Description("W3 the login page says why, once")]
    public async Task The_login_page_says_why_one_was_signed_out_and_only_once()
    {
        var ada = await _sample.SignedInAsync("ada");
        await _root.DeleteAsync("/api/admin/sessions?userId=hanzo/ada");

        Assert.That((await ada.GetAsync("/login")).Body, Does.Contain("because an administrator ended this session."));
        Assert.That((await ada.GetAsync("/login")).Body, Does.Not.Contain("signed out"));
    }

    [TestCase("cross-site", 403)]
    [TestCase("same-site", 403)]
    [TestCase("same-origin", 200)]
    [TestCase("none", 200)]
    [Description("HTTP forms of other sites sign nobody in or out")]
    public async Task A_form_of_another_site_signs_nobody_in_or_out(string site, int status)
    {
        var visitor = await _sample.SignedInAsync("ada");

        Assert.That((await SignInAsync(_sample.Visitor(), "ada", Password, sender: ("Sec-Fetch-Site", site))).Status, Is.EqualTo(status));
        Assert.That((await visitor.PostAsync("/logout", ("Sec-Fetch-Site", site))).Status, Is.EqualTo(status == 200 ? 204 : 403));
        Assert.That((await visitor.GetAsync("/api/me")).Status, Is.EqualTo(status == 200 ? 401 : 200));
    }

    [TestCase("http://evil.example", 403)]
    [TestCase("https://{host}", 403)]
    [TestCase("http://{host}.evil.example", 403)]
    [TestCase("null", 403)]
    [TestCase("http://{host}", 200)]
    [Description("HTTP forms of other sites sign nobody in or out, also from a browser without Sec-Fetch-Site")]
    public async Task A_form_from_another_origin_signs_nobody_in_or_out(string origin, int status)
    {
        var visitor = await _sample.SignedInAsync("ada");
        var sender = ("Origin", origin.Replace("{host}", _sample.Address.Authority, StringComparison.Ordinal));

        Assert.That((await SignInAsync(_sample.Visitor(), "ada", Password, sender: sender)).Status, Is.EqualTo(status));
        Assert.That((await visitor.PostAsync("/logout", sender)).Status, Is.EqualTo(status == 200 ? 204 : 403));
        Assert.That((await visitor.GetAsync("/api/me")).Status, Is.EqualTo(status == 200 ? 401 : 200));
    }

    [Test, Description("W1 over http on a developer's machine")]
    public async Task The_cookie_works_in_every_browser_on_a_developers_machine()
    {
        var answer = await SignInAsync(_sample.Visitor(), "ada", Password);

        Assert.That(answer.SetCookies.Single(), Does.Match(@"\Ahanzo-session=hs1_[A-Za-z0-9_-]{43}; path=/; samesite=lax; httponly\z"));
    }

    [Test, Description("HTTP it prints on start what to try, and never a token")]
    public async Task It_prints_what_to_try_and_logs_no_token()
    {
        var ada = await _sample.SignedInAsync("ada");
        await ada.GetAsync(Account);

        Assert.That(_sample.Output, Does.Contain($"curl -b ada.txt {_sample.Address.ToString().TrimEnd('/')}/api/account/sessions"));
        Assert.That(_sample.Output, Does.Contain(Password));
        Assert.That(_sample.Output, Does.Not.Contain(ada.Token));
    }

    private static Task<Answer> SignInAsync(
        Visitor visitor, string user, string password, string? returnUrl = null, string accept = "*/*", (string, string)? sender = null)
    {
        (string, string)[] headers = sender is { } header ? [("Accept", accept), header] : [("Accept", accept)];
        return visitor.PostFormAsync("/login", user, password, returnUrl, headers);
    }

    private static async Task<string> IdAsync(Visitor visitor) =>
        (await visitor.GetAsync("/api/me")).Json.GetProperty("sessionId").GetString()!;
}
