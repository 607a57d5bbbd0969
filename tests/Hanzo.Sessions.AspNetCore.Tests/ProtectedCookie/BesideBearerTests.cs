using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>The framework's cookie for pages, and bearer tokens for programs, in one app.</summary>
public sealed class BesideBearerTests
{
    [TestCase(true)]
    [TestCase(false)]
    [Description("T7 sign-out ends the session of the scheme that is signed out")]
    public async Task Sign_out_of_the_cookie_ends_the_cookies_session_and_not_the_bearer_tokens(bool bearerFirst)
    {
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.Authentication = services =>
            {
                services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
                var authentication = services.AddAuthentication(CookieApp.Scheme);
                if (bearerFirst)
                {
                    authentication.AddHanzoSessionToken();
                }

                authentication.AddCookie();
                services.AddHanzoSessions().ProtectCookie(CookieApp.Scheme);
                if (!bearerFirst)
                {
                    authentication.AddHanzoSessionToken();
                }
            };
            it.App = web => web.MapPost("/token", async (HttpContext http, string user) =>
                (await http.IssueSessionTokenAsync(MoreEndpoints.Named(user))).Token.Reveal());
        });
        using var cookie = await app.SignedInAsync("ada", string.Empty);
        using var program = app.Visitor();
        program.Authorization = $"Bearer {(await program.PostAsync("/token?user=ben")).Body}";
        var (adas, bens) = (await cookie.SessionIdAsync(), await program.SessionIdAsync());
        cookie.Authorization = program.Authorization;

        await cookie.PostAsync("/logout");

        Assert.That((await app.EndOfAsync(bens))?.Reason, Is.Null, "the bearer token's session goes on");
        Assert.That((await app.EndOfAsync(adas))?.Reason, Is.EqualTo(SessionEndReason.SignedOut));
    }
}
