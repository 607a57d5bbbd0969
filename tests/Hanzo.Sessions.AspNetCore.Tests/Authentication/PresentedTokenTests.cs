using System.Text.RegularExpressions;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>What a request may present as a token. In the cookies, T stands for a token that proves a session.</summary>
public sealed class PresentedTokenTests
{
    private const string Name = WebHarness.CookieName;

    private WebHarness _app = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _app = await WebHarness.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _app.DisposeAsync();

    [TestCase($"{Name}=T")]
    [TestCase($"other=1; {Name}=T")]
    [TestCase($"{Name}=T; other=1")]
    [TestCase($"{Name}=T;other=1")]
    [TestCase($"  {Name}=T ;")]
    [TestCase($"{Name}2=x; x{Name}=y; {Name}=T")]
    [TestCase($"a={Name}=x; {Name}=T")]
    [TestCase($"{Name}; {Name}=T")]
    [Description("W1 the cookie among others")]
    public async Task A_cookie_of_the_name_is_the_session(string cookie) =>
        Assert.That(await MeWithCookieAsync(cookie), Is.EqualTo(200));

    [TestCase($"{Name}=T; {Name}=T")]
    [TestCase($"{Name}=T; {Name}=other")]
    [TestCase($"{Name}=other; {Name}=T")]
    [TestCase($"{Name}=; {Name}=T")]
    [TestCase($"{Name}=T; {Name}=")]
    [TestCase("__Host%2Dhanzo-session=T")]
    [TestCase("%5F%5FHost-hanzo-session=T")]
    [TestCase("__Host-hanzo%2Dsession=T")]
    [TestCase("__host-hanzo-session=T")]
    [TestCase("__HOST-HANZO-SESSION=T")]
    [TestCase("hanzo-session=T")]
    [TestCase($"{Name} =T")]
    [TestCase($"{Name}= T")]
    [TestCase($"{Name}=\"T\"")]
    [TestCase($"\"{Name}\"=T")]
    [TestCase($"{Name}=")]
    [TestCase($"{Name}")]
    [TestCase($"{Name}=T=")]
    [TestCase($"{Name}=T%20")]
    [TestCase($"{Name}=TT")]
    [TestCase($"{Name}=T,{Name}=T")]
    [TestCase($"{Name}:T")]
    [TestCase(";;;=;=T;")]
    [Description("W1 I2 two of the name, another name, another value: no session")]
    public async Task Anything_else_is_no_session(string cookie) =>
        Assert.That(await MeWithCookieAsync(cookie), Is.EqualTo(401));

    [Test, Description("W1 two Cookie headers count as one list")]
    public async Task The_same_name_in_two_headers_is_no_session()
    {
        await using var app = await WebHarness.StartAsync(it => it.RealServer = true);
        var visitor = await app.SignedInAsync();
        var token = visitor.Token;
        visitor.Jar.Clear();

        Assert.That((await visitor.GetAsync("/me", ("Cookie", "a=1"), ("Cookie", $"{Name}={token}"))).Status, Is.EqualTo(200));
        Assert.That((await visitor.GetAsync("/me", ("Cookie", $"{Name}=x"), ("Cookie", $"{Name}={token}"))).Status, Is.EqualTo(401));
    }

    [Test, Description("I2 an over-long name or value is no session and does no harm")]
    public async Task An_over_long_cookie_is_no_session()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();
        var token = visitor.Token;
        var calls = app.Store.Calls;

        foreach (var cookie in new[] { $"{Name}={token}{new string('A', 20_000)}", $"{Name}{new string('a', 20_000)}={token}", new string('=', 20_000) })
        {
            visitor.RawCookie = cookie;
            Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
        }

        Assert.That(app.Store.Calls, Is.EqualTo(calls));
    }

    [Test, Description("I2 malformed tokens do not reach the store")]
    public async Task A_malformed_token_does_not_reach_the_store()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();
        var token = visitor.Token;
        var calls = app.Store.Calls;

        foreach (var text in new[] { token.ToUpperInvariant(), token + "=", token + token, token[..46], "hs2" + token[3..], "hs1_" + new string('!', 43) })
        {
            visitor.RawCookie = $"{Name}={text}";
            Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
        }

        Assert.That(app.Store.Calls, Is.EqualTo(calls));
    }

    [TestCase("Bearer T", 200)]
    [TestCase("bearer T", 200)]
    [TestCase("BEARER T", 200)]
    [TestCase("Bearer  T", 200, Description = "RFC 9110, 11.4: one blank or more")]
    [TestCase("bearer      T", 200)]
    [TestCase("Bearer\tT", 401, Description = "a tab is no blank")]
    [TestCase("Bearer \tT", 401)]
    [TestCase("Bearer\t T", 401)]
    [TestCase("Bearer T ", 200, Description = "the server trims a header's value")]
    [TestCase("Bearer \"T\"", 401)]
    [TestCase("Bearer T, Bearer T", 401)]
    [TestCase("BearerT", 401)]
    [TestCase("Bearer", 401)]
    [TestCase("Basic T", 401)]
    [TestCase("Token T", 401)]
    [TestCase("T", 401)]
    [Description("V1 the Authorization header")]
    public async Task A_bearer_token_is_a_session_in_this_form_only(string authorization, int status)
    {
        await using var app = await WebHarness.StartAsync(it => it.RealServer = true);
        var visitor = await app.SignedInAsync();
        visitor.Authorization = authorization.Replace("T", visitor.Token, StringComparison.Ordinal)
            .Replace(visitor.Token + "oken", "Token", StringComparison.Ordinal);
        visitor.Jar.Clear();

        Assert.That(await visitor.MeAsync(), Is.EqualTo(status));
    }

    [Test, Description("W3 a token of somebody else's kind is not ours to judge")]
    public async Task A_bearer_token_that_looks_like_a_jwt_leaves_the_cookie_in_force()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();

        visitor.Authorization = "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.";
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
        visitor.Jar.Clear();

        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("V1 the explicit token counts, not the one that the browser adds")]
    public async Task With_a_cookie_and_a_bearer_token_the_bearer_token_counts()
    {
        await using var app = await WebHarness.StartAsync();
        var (ada, ben) = (await app.SignedInAsync(), await app.SignedInAsync("ben"));

        ada.Authorization = $"Bearer {ben.Token}";
        Assert.That((await ada.GetAsync("/me")).Body, Does.Contain("hanzo/ben"));
        ada.Authorization = "Bearer hs1_wrong";

        Assert.That(await ada.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("W1 C5 a new token always reaches somebody: SignInAsync sets the cookie, whatever was presented")]
    public async Task A_sign_in_with_a_bearer_token_replaces_its_session_and_sets_the_cookie_of_the_new_one()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();
        var (id, token) = (await visitor.SessionIdAsync(), visitor.Token);
        visitor.Jar.Clear();
        visitor.Authorization = $"Bearer {token}";

        await visitor.SignInAsync("ben");

        Assert.That((await app.EndOfAsync(id))!.Reason, Is.EqualTo(SessionEndReason.Replaced));
        Assert.That(await visitor.MeAsync(), Is.EqualTo(401), "the token in the header is dead");
        visitor.Authorization = null;
        Assert.That((await visitor.GetAsync("/me")).Json.GetProperty("user").GetString(), Is.EqualTo("hanzo/ben"));
    }

    [Test, Description("T7 a bearer client has no cookie to clear")]
    public async Task A_sign_out_with_a_bearer_token_clears_no_cookie()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync();
        var token = visitor.Token;
        visitor.Jar.Clear();
        visitor.Authorization = $"Bearer {token}";

        Assert.That((await visitor.PostAsync("/logout")).SetCookies, Is.Empty);
    }

    [Test, Description("T7 sign-out of a bearer token")]
    public async Task Sign_out_ends_the_session_of_the_bearer_token_and_leaves_the_cookie_alone()
    {
        await using var app = await WebHarness.StartAsync();
        var (ada, other) = (await app.SignedInAsync(), await app.SignedInAsync());
        ada.Authorization = $"Bearer {other.Token}";

        var answer = await ada.PostAsync("/logout");

        Assert.That(answer.SetCookies, Is.Empty);
        Assert.That(await other.MeAsync(), Is.EqualTo(401));
        ada.Authorization = null;
        Assert.That(await ada.MeAsync(), Is.EqualTo(200));
    }

    [TestCase(null, false, ExpectedResult = "none")]
    [TestCase("hs1_AAAA", false, ExpectedResult = "cookie")]
    [TestCase("hs1_AAAA", true, ExpectedResult = "bearer")]
    [Description("C1 no token in a ToString")]
    public string Its_text_says_how_and_not_what(string? text, bool bearer) => new PresentedToken(text, bearer).ToString();

    private async Task<int> MeWithCookieAsync(string cookie)
    {
        using var visitor = await _app.SignedInAsync();
        var token = visitor.Token;

        // The T of the test cases, and not the letter of another word.
        visitor.RawCookie = Regex.Replace(cookie, "T(?![A-Z]*-)", token, RegexOptions.None, TimeSpan.FromSeconds(1));
        var status = await visitor.MeAsync();
        visitor.RawCookie = $"{Name}={token}";
        await visitor.PostAsync("/logout");
        return status;
    }
}
