using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>ASP.NET Core Identity with its real SignInManager on top of sessions.</summary>
public sealed class IdentityTests
{
    [Test, Description("C1 a password sign-in makes a session, and amr says how")]
    public async Task A_password_sign_in_makes_a_session_that_knows_it_was_a_password()
    {
        await using var app = await IdentityApp.StartAsync();
        using var visitor = await IdentityApp.SignedInAsync(app);

        var session = await app.StoredAsync(await visitor.SessionIdAsync());

        Assert.That((session.User.ToString(), session.AuthenticationMethods), Is.EqualTo(("default/ada", "pwd")));
    }

    [Test, Description("P1 lockout after 10 consecutive failures for 15 minutes")]
    public async Task Ten_wrong_passwords_lock_the_user_out_for_15_minutes_and_nine_do_not()
    {
        await using var app = await IdentityApp.StartAsync();
        using var visitor = app.Visitor();
        for (var i = 0; i < 9; i++)
        {
            Assert.That((await IdentityApp.SignInAsync(visitor, "wrong")).Body, Does.Contain("Failed"));
        }

        var before = TimeProvider.System.GetUtcNow();
        var tenth = await IdentityApp.SignInAsync(visitor, "wrong");

        Assert.That(tenth.Body, Does.Contain("LockedOut"));
        Assert.That((await IdentityApp.SignInAsync(visitor)).Body, Does.Contain("LockedOut"), "the right password does not help now");
        Assert.That(
            (await IdentityApp.AdaAsync(app)).LockedOutUntil,
            Is.InRange(before.AddMinutes(15), TimeProvider.System.GetUtcNow().AddMinutes(15)));
    }

    [Test, Description("P1 passwords of at least 12 characters")]
    public async Task A_password_of_12_characters_is_taken_and_one_of_11_is_not()
    {
        await using var app = await IdentityApp.StartAsync();

        var good = await IdentityApp.UseAsync(app, users => users.CreateAsync(new MemoryUser { Name = "ben" }, "aaaaaaaaaaaa"));
        var bad = await IdentityApp.UseAsync(app, users => users.CreateAsync(new MemoryUser { Name = "cem" }, "aaaaaaaaaaa"));

        Assert.That((good.Succeeded, bad.Succeeded), Is.EqualTo((true, false)));
        Assert.That(bad.Errors.Select(error => error.Code), Is.EqualTo((string[])["PasswordTooShort"]));
    }

    [Test, Description("C4 a refusal is not a failed login")]
    public async Task A_sign_in_over_the_limit_does_not_count_as_a_wrong_password()
    {
        await using var app = await IdentityApp.StartAsync(settings => settings.Sessions = options => options.MaxSessions = 1);
        using var first = await IdentityApp.SignedInAsync(app);
        using var second = app.Visitor();

        await Assert.ThrowsAsync<SessionLimitExceededException>(() => IdentityApp.SignInAsync(second));

        Assert.That((await IdentityApp.AdaAsync(app)).Failures, Is.Zero);
    }

    [Test, Description("C6 a persistent sign-in has its own timeouts")]
    public async Task Remember_me_has_its_own_lifetimes_and_a_cookie_that_lasts_as_long()
    {
        await using var app = await IdentityApp.StartAsync(settings => settings.Sessions = options =>
        {
            options.PersistentIdleTimeout = TimeSpan.FromDays(7);
            options.PersistentAbsoluteTimeout = TimeSpan.FromDays(30);
        });
        using var visitor = app.Visitor();

        var answer = await IdentityApp.SignInAsync(visitor, remember: true);

        Assert.That(answer.SetCookies.Single(), Does.Contain("expires=Sat, 31 Jan 2026 00:00:00 GMT"));
        app.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMilliseconds(1));
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
        app.Clock.Advance(TimeSpan.FromDays(7));
        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("T10 RefreshSignInAsync replaces the claims and keeps the token")]
    public async Task RefreshSignIn_keeps_the_session_and_its_token()
    {
        await using var app = await IdentityApp.StartAsync();
        using var visitor = await IdentityApp.SignedInAsync(app);
        var (id, old) = (await visitor.SessionIdAsync(), visitor.Token);
        app.Clock.Advance(TimeSpan.FromMinutes(20));

        await visitor.PostAsync("/id/refresh");

        Assert.That(await visitor.SessionIdAsync(), Is.EqualTo(id));
        Assert.That((await visitor.GetAsync("/id/claims")).Body, Does.Contain("amr=pwd"));
        Assert.That(visitor.Token, Is.EqualTo(old));
    }

    [Test, Description("T10 RefreshSignInAsync after a changed security stamp is a change of credentials")]
    public async Task RefreshSignIn_after_a_changed_stamp_kills_copies_of_the_old_token()
    {
        await using var app = await IdentityApp.StartAsync();
        using var visitor = await IdentityApp.SignedInAsync(app);
        var (id, old) = (await visitor.SessionIdAsync(), visitor.Token);
        await IdentityApp.UseAsync(app, async users => await users.UpdateSecurityStampAsync((await users.FindByNameAsync("ada"))!));

        await visitor.PostAsync("/id/refresh");

        Assert.That(await visitor.SessionIdAsync(), Is.EqualTo(id));
        visitor.RawCookie = $"{WebHarness.CookieName}={old}";
        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("T10 ending an outdated session is conditional on the claims that were judged")]
    public async Task A_session_whose_claims_were_refreshed_while_they_were_checked_goes_on_with_the_new_ones()
    {
        var renewing = new RenewingCheck();
        await using var app = await WebHarness.StartAsync(it => it.Token = options =>
            (options.SecurityStampInterval, options.SecurityStampCheck) = (TimeSpan.Zero, renewing));
        using var visitor = await app.SignedInAsync();
        using var other = app.Visitor();
        other.RawCookie = $"{WebHarness.CookieName}={visitor.Token}";
        renewing.Renew = () => other.PostAsync("/refresh");

        Assert.That((await visitor.GetAsync("/claims")).Body, Does.Contain("refreshed=yes"), "judged again, by the new claims");
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
    }

    [Test, Description("T7 SignOutAsync ends the session")]
    public async Task SignOut_ends_the_session_and_clears_the_cookie()
    {
        await using var app = await IdentityApp.StartAsync();
        using var visitor = await IdentityApp.SignedInAsync(app);
        var id = await visitor.SessionIdAsync();

        await visitor.PostAsync("/id/logout");

        Assert.That((await app.EndOfAsync(id))!.Reason, Is.EqualTo(SessionEndReason.SignedOut));
        Assert.That(visitor.Jar, Is.Empty);
    }

    [Test, Description("T4 password changed ends the others and rotates the current one")]
    public async Task Changing_the_password_ends_the_other_sessions_and_this_one_goes_on_with_a_new_token()
    {
        await using var app = await IdentityApp.StartAsync();
        using var visitor = await IdentityApp.SignedInAsync(app);
        using var other = await IdentityApp.SignedInAsync(app);
        var (id, otherId, old) = (await visitor.SessionIdAsync(), await other.SessionIdAsync(), visitor.Token);

        var answer = await visitor.PostAsync("/id/password");

        Assert.That(answer.Body, Is.EqualTo("Succeeded 1"));
        Assert.That(answer.SetCookies, Has.Count.EqualTo(1), "two rotations, and one cookie");
        Assert.That(await visitor.SessionIdAsync(), Is.EqualTo(id));
        Assert.That((await app.EndOfAsync(otherId))!.Reason, Is.EqualTo(SessionEndReason.PasswordChanged));
        Assert.That(await other.MeAsync(), Is.EqualTo(401));
        visitor.RawCookie = $"{WebHarness.CookieName}={old}";
        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("T4 user disabled, user deleted: all sessions end")]
    public async Task Disabling_or_deleting_a_user_is_one_call_and_ends_all_sessions()
    {
        await using var app = await IdentityApp.StartAsync();
        using var visitor = await IdentityApp.SignedInAsync(app);
        var ada = new SessionUser("default", "ada");
        var id = await visitor.SessionIdAsync();

        await app.Manager.TerminateUserAsync(ada, SessionEndReason.UserDisabled, SessionActor.Service("test"));
        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
        Assert.That((await app.EndOfAsync(id))!.Reason, Is.EqualTo(SessionEndReason.UserDisabled));

        await IdentityApp.SignInAsync(visitor);
        id = await visitor.SessionIdAsync();
        await app.Manager.TerminateUserAsync(ada, SessionEndReason.UserDeleted, SessionActor.Service("test"));
        Assert.That((await app.EndOfAsync(id))!.Reason, Is.EqualTo(SessionEndReason.UserDeleted));
    }

    [Test, Description("The security stamp is checked at an interval")]
    public async Task A_changed_security_stamp_ends_the_session_at_the_next_check_and_not_before()
    {
        await using var app = await IdentityApp.StartAsync();
        using var visitor = await IdentityApp.SignedInAsync(app);
        var id = await visitor.SessionIdAsync();
        await IdentityApp.UseAsync(app, async users => await users.UpdateSecurityStampAsync((await users.FindByNameAsync("ada"))!));

        app.Clock.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromMilliseconds(1));
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
        app.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
        Assert.That((await app.EndOfAsync(id))!.Reason, Is.EqualTo(SessionEndReason.PasswordChanged));
    }

    [Test, Description("The security stamp is Identity's: the users of another scheme have none")]
    public async Task The_security_stamp_is_asked_of_Identitys_sessions_and_not_of_those_of_another_scheme([Values] bool asBearer)
    {
        await using var app = await IdentityApp.StartAsync(settings =>
        {
            settings.Services = services => services.AddAuthentication()
                .AddHanzoSessionToken("partners", options => options.CookieName = "__Host-partners");
            settings.App += web => web.MapPost("/partners/login", (HttpContext http) => http.SignInAsync("partners", MoreEndpoints.Named("partner")));
        });
        using var partner = app.Visitor();
        await partner.PostAsync("/partners/login");
        if (asBearer)
        {
            partner.Authorization = $"Bearer {partner.Token}";
            partner.Jar.Clear();
        }

        using var user = await IdentityApp.SignedInAsync(app);
        await IdentityApp.UseAsync(app, async users => await users.UpdateSecurityStampAsync((await users.FindByNameAsync("ada"))!));
        app.Clock.Advance(TimeSpan.FromMinutes(31));

        Assert.That(await partner.MeAsync(), Is.EqualTo(200));
        Assert.That(await user.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("V3 with the check in between, the request sees its own activity")]
    public async Task With_the_stamp_check_the_session_of_a_request_is_active_until_an_hour_from_it()
    {
        await using var app = await IdentityApp.StartAsync(settings => settings.App += web =>
            web.MapGet("/until", (HttpContext http) => http.GetCurrentSession()!.ActiveUntil.ToString("O")));
        using var visitor = await IdentityApp.SignedInAsync(app);

        app.Clock.Advance(TimeSpan.FromMinutes(59));

        Assert.That((await visitor.GetAsync("/until")).Body, Is.EqualTo(app.Clock.GetUtcNow().AddHours(1).ToString("O")));
    }

    [Test, Description("T4 the session in which the password was changed goes on, whatever another request finds out meanwhile")]
    public async Task A_request_with_the_old_token_does_not_end_the_session_that_was_renewed_while_it_was_checked()
    {
        var renewing = new RenewingCheck();
        await using var app = await WebHarness.StartAsync(it => it.Token = options =>
            (options.SecurityStampInterval, options.SecurityStampCheck) = (TimeSpan.Zero, renewing));
        using var visitor = await app.SignedInAsync();
        var old = visitor.Token;
        renewing.Renew = async () => visitor.Jar[WebHarness.CookieName] = (await app.Manager.RotateAsync(old))!.Token.Reveal();
        using var late = app.Visitor();
        late.RawCookie = $"{WebHarness.CookieName}={old}";

        Assert.That(await late.MeAsync(), Is.EqualTo(401));
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
    }

    [Test, Description("The security stamp of a deleted user is nobody's")]
    public async Task A_user_who_is_gone_is_signed_out_by_the_check()
    {
        await using var app = await IdentityApp.StartAsync(token: options => options.SecurityStampInterval = TimeSpan.Zero);
        using var visitor = await IdentityApp.SignedInAsync(app);
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));

        await IdentityApp.UseAsync(app, async users => await users.DeleteAsync((await users.FindByNameAsync("ada"))!));

        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("V3 with the check in between, activity still counts")]
    public async Task With_the_stamp_check_a_used_session_stays_and_an_idle_one_ends()
    {
        await using var app = await IdentityApp.StartAsync();
        using var visitor = await IdentityApp.SignedInAsync(app);
        for (var i = 0; i < 5; i++)
        {
            app.Clock.Advance(TimeSpan.FromMinutes(59));
            Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
        }

        app.Clock.Advance(TimeSpan.FromMinutes(60));

        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("Two factors: no session before the second one")]
    public async Task Two_factor_sign_in_makes_a_session_only_after_the_second_factor()
    {
        await using var app = await IdentityApp.StartAsync();
        (await IdentityApp.AdaAsync(app)).TwoFactor = true;
        using var visitor = app.Visitor();

        Assert.That((await IdentityApp.SignInAsync(visitor)).Body, Does.Contain("RequiresTwoFactor"));
        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
        Assert.That((await visitor.PostAsync("/id/second?code=000000&remember=false")).Body, Does.Contain("Failed"));
        Assert.That((await visitor.PostAsync($"/id/second?code={CodeProvider.Code}&remember=true")).Body, Does.Contain("Succeeded"));

        var session = await app.StoredAsync(await visitor.SessionIdAsync());
        Assert.That(session.AuthenticationMethods, Is.EqualTo("mfa"));
        await visitor.PostAsync("/id/logout");
        Assert.That((await IdentityApp.SignInAsync(visitor)).Body, Does.Contain("Succeeded"), "this browser is remembered");
    }

    [Test, Description("An external sign-in makes a session")]
    public async Task An_external_sign_in_over_oauth_makes_a_session()
    {
        await using var provider = await OAuthProvider.StartAsync("ada-at-provider");
        await using var app = await IdentityApp.StartAsync(settings => settings.Services = services => services
            .AddAuthentication().AddOAuth("Provider", options => provider.Configure(options)));
        (await IdentityApp.AdaAsync(app)).Login = ("Provider", "ada-at-provider");
        using var visitor = app.Visitor();

        var challenge = await visitor.GetAsync("/id/external");
        var back = await provider.AuthorizeAsync(challenge.Location!);
        var callback = await visitor.GetAsync(back);
        var done = await visitor.GetAsync(callback.Location!);

        Assert.That(done.Body, Does.Contain("Succeeded"));
        Assert.That((await visitor.GetAsync("/me")).Json.GetProperty("user").GetString(), Is.EqualTo("default/ada"));
        Assert.That(visitor.Jar.Keys, Is.EqualTo((string[])[WebHarness.CookieName]), "the external cookie is gone");
    }

    [Test, Description("After AddIdentity() it refuses at start and says what to write")]
    public async Task After_AddIdentity_the_start_is_refused_with_what_to_write_instead()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => WebHarness.StartAsync(settings =>
            settings.Authentication = services =>
            {
                services.AddSingleton<IUserStore<MemoryUser>, MemoryUsers>();
                services.AddSingleton<IRoleStore<IdentityRole>>(_ => null!);
                services.AddIdentity<MemoryUser, IdentityRole>().AddHanzoSessionToken();
            }));

        Assert.That(fault!.Message, Does.Contain("AddIdentityCore<TUser>().AddSignInManager().AddHanzoSessionToken()"));
    }

    [Test, Description("ProtectCookie(\"Identity.Application\") joins AddIdentity()'s own cookie to sessions")]
    public async Task With_ProtectCookie_the_cookie_of_AddIdentity_is_revocable()
    {
        await using var app = await StartWithProtectedCookieAsync();
        using var visitor = await IdentityApp.SignedInAsync(app);
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));

        await app.Manager.TerminateAllAsync(new SessionUser("default", "ada"), SessionCaller.Service("test"));

        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("T7 with ProtectCookie a changed security stamp signs out, by Identity's own check")]
    public async Task With_ProtectCookie_a_changed_security_stamp_ends_the_session()
    {
        await using var app = await StartWithProtectedCookieAsync();
        using var visitor = await IdentityApp.SignedInAsync(app);
        var id = await visitor.SessionIdAsync();
        await IdentityApp.UseAsync(app, async users => await users.UpdateSecurityStampAsync((await users.FindByNameAsync("ada"))!));
        app.Clock.Advance(TimeSpan.FromMinutes(31));

        Assert.That(await visitor.MeAsync().WaitAsync(TimeSpan.FromSeconds(30)), Is.EqualTo(401));

        Assert.That((await app.EndOfAsync(id))!.Reason, Is.EqualTo(SessionEndReason.SignedOut));
        Assert.That(visitor.Jar, Is.Empty);
    }

    private static Task<WebHarness> StartWithProtectedCookieAsync() =>
        IdentityApp.StartAsync(settings => settings.Authentication = services =>
        {
            services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
            IdentityApp.Add(services);
            services.AddHanzoSessions().ProtectCookie(IdentityConstants.ApplicationScheme);
        });

    /// <summary>While it asks, another request gives the session a new stamp and a new token.</summary>
    private sealed class RenewingCheck : ISecurityStampCheck
    {
        public Func<Task>? Renew { get; set; }

        public async ValueTask<bool> IsCurrentAsync(HttpContext http, ClaimsPrincipal principal)
        {
            if (Renew is not { } renew)
            {
                return true;
            }

            Renew = null;
            await renew();
            return false;
        }
    }
}
