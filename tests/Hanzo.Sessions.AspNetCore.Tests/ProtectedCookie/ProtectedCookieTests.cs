using System.Security.Claims;
using Hanzo.Sessions.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>The cookie of the framework, joined to sessions by <c>ProtectCookie</c>.</summary>
public sealed class ProtectedCookieTests
{
    [Test, Description("C1 V4 a sign-in makes a session, and ending it is immediate")]
    public async Task A_session_stands_behind_the_cookie_and_ending_it_signs_out()
    {
        await using var app = await CookieApp.StartAsync();
        var visitor = await app.SignedInAsync();
        var id = SessionId.Parse(await visitor.SessionIdAsync());

        await app.Manager.TerminateAsync(new SessionUser("hanzo", "ada"), id, SessionCaller.Service("test"));

        var answer = await visitor.GetAsync("/me");
        Assert.That(answer.Status, Is.EqualTo(401));
        Assert.That(answer.SetCookies, Is.Empty, "W2: a validation that says no clears no cookie");
    }

    [Test, Description("L2 the endpoints know the session of a protected cookie")]
    public async Task The_users_own_list_marks_the_session_of_the_cookie()
    {
        await using var app = await CookieApp.StartAsync();
        var visitor = await app.SignedInAsync();
        using var other = await app.SignedInAsync();

        var items = (await visitor.GetAsync("/api/account/sessions")).Items;

        Assert.That(items.Select(it => it.GetProperty("isCurrent").GetBoolean()), Is.EquivalentTo((bool[])[true, false]));
        Assert.That((await visitor.DeleteAsync($"/api/account/sessions/{await other.SessionIdAsync()}")).Status, Is.EqualTo(204));
        Assert.That(await other.MeAsync(), Is.EqualTo(401));
        Assert.That((await visitor.DeleteAsync($"/api/account/sessions/{await visitor.SessionIdAsync()}")).Status, Is.EqualTo(409));
    }

    [Test, Description("T7 sign-out ends the session")]
    public async Task Signing_out_ends_the_session_and_a_copy_of_the_cookie_is_dead()
    {
        await using var app = await CookieApp.StartAsync();
        var visitor = await app.SignedInAsync();
        var id = await visitor.SessionIdAsync();
        var copy = $"{CookieApp.CookieName}={visitor.Jar[CookieApp.CookieName]}";

        await visitor.PostAsync("/logout");

        Assert.That((await app.EndOfAsync(id))!.Reason, Is.EqualTo(SessionEndReason.SignedOut));
        Assert.That(visitor.Jar, Is.Empty);
        visitor.RawCookie = copy;
        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("C5 signing in over a live session replaces it")]
    public async Task Signing_in_with_somebody_elses_cookie_ends_that_session_and_makes_a_fresh_one()
    {
        await using var app = await CookieApp.StartAsync();
        var visitor = await app.SignedInAsync("ada");
        var (first, copy) = (await visitor.SessionIdAsync(), $"{CookieApp.CookieName}={visitor.Jar[CookieApp.CookieName]}");

        await visitor.SignInAsync("ben");

        Assert.That((await app.EndOfAsync(first))!.Reason, Is.EqualTo(SessionEndReason.Replaced));
        Assert.That(await visitor.SessionIdAsync(), Is.Not.EqualTo(first));
        visitor.RawCookie = copy;
        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("C2 the limit refuses the sign-in, and no cookie is set")]
    public async Task The_eleventh_sign_in_is_refused_and_gets_no_cookie()
    {
        await using var app = await CookieApp.StartAsync();
        for (var i = 0; i < 10; i++)
        {
            (await app.SignedInAsync()).Dispose();
        }

        using var visitor = app.Visitor();
        var answer = await visitor.SignInAsync();

        Assert.That((answer.Status, answer.SetCookies.Count), Is.EqualTo((409, 0)));
    }

    [Test, Description("T10 a plain refresh keeps the token and does not touch the store")]
    public async Task A_refresh_brings_new_claims_and_the_cookie_from_before_it_goes_on()
    {
        await using var app = await CookieApp.StartAsync();
        using var visitor = await app.SignedInAsync();
        var (id, copy) = (await visitor.SessionIdAsync(), $"{CookieApp.CookieName}={visitor.Jar[CookieApp.CookieName]}");
        app.Store.BeforeChange = () => throw new InvalidOperationException("nothing may change");

        Assert.That((await visitor.PostAsync("/refresh")).SetCookies, Has.Count.EqualTo(1));

        Assert.That((await visitor.GetAsync("/claims")).Body, Does.Contain("refreshed=yes"));
        visitor.RawCookie = copy;
        Assert.That(await visitor.SessionIdAsync(), Is.EqualTo(id));
    }

    [TestCase("1", "2", true)]
    [TestCase(null, "2", true)]
    [TestCase("1", null, true)]
    [TestCase("1", "1", false)]
    [Description("T10 a refresh whose stamp differs from that of the ticket rotates")]
    public async Task A_refresh_with_another_security_stamp_kills_copies_of_the_old_cookie(string? before, string? after, bool rotates)
    {
        await using var app = await CookieApp.StartAsync();
        using var visitor = await app.SignedInAsync(more: before is null ? "" : $"&claim={DemoEndpoints.Stamp}:{before}");
        var (id, copy) = (await visitor.SessionIdAsync(), $"{CookieApp.CookieName}={visitor.Jar[CookieApp.CookieName]}");

        await visitor.PostAsync("/refresh" + (after is null ? "" : $"?stamp={after}"));

        Assert.That(await visitor.SessionIdAsync(), Is.EqualTo(id));
        visitor.RawCookie = copy;
        Assert.That(await visitor.MeAsync(), Is.EqualTo(rotates ? 401 : 200));
    }

    [Test, Description("T10 the host names the claim")]
    public async Task The_claim_of_the_security_stamp_is_an_option()
    {
        await using var app = await CookieApp.StartAsync(protect: options => options.SecurityStampClaimType = "refreshed");
        using var visitor = await app.SignedInAsync(more: "&claim=refreshed:yes");
        var copy = $"{CookieApp.CookieName}={visitor.Jar[CookieApp.CookieName]}";

        await visitor.PostAsync("/refresh?stamp=2");
        using var other = app.Visitor();
        other.RawCookie = copy;
        Assert.That(await other.MeAsync(), Is.EqualTo(200));

        await visitor.PostAsync("/refresh?refreshed=again");
        Assert.That((await visitor.MeAsync(), await other.MeAsync()), Is.EqualTo((200, 401)));
    }

    [TestCase(true)]
    [TestCase(false)]
    [Description("T10 the ticket of a refresh is set only while its session is active, so that a late answer cannot overwrite a newer sign-in's")]
    public async Task A_refresh_whose_session_ends_meanwhile_sets_no_cookie(bool rotated)
    {
        Func<Task> otherRequest = () => Task.CompletedTask;
        await using var app = await CookieApp.StartAsync(settings: it => it.App = web => web.MapPost("/slow-refresh", async (HttpContext http) =>
        {
            var ticket = await http.AuthenticateAsync();
            await http.SignInAsync(ticket.Principal!, ticket.Properties);
            await otherRequest();
        }));
        using var visitor = await app.SignedInAsync();
        using var newer = app.Visitor();
        newer.Jar[CookieApp.CookieName] = visitor.Jar[CookieApp.CookieName];
        otherRequest = () => newer.PostAsync(rotated ? "/refresh?stamp=2" : "/login?user=ben&organization=hanzo");

        var answer = await visitor.PostAsync("/slow-refresh");

        Assert.That(answer.SetCookies, Is.Empty);
        Assert.That((await visitor.MeAsync(), await newer.MeAsync()), Is.EqualTo((401, 200)));
    }

    [Test, Description("T10 a change of credentials whose token another request has rotated ends the session and overwrites no cookie")]
    public async Task Of_parallel_changes_of_credentials_one_gets_a_cookie_and_another_one_ends_the_session()
    {
        await using var app = await CookieApp.StartAsync();
        using var visitor = await app.SignedInAsync();
        var id = await visitor.SessionIdAsync();
        LetAnotherRequestRotateFirst(app, visitor);

        var answer = await visitor.PostAsync("/refresh?stamp=2");

        Assert.That((answer.Status, answer.SetCookies.Count), Is.EqualTo((401, 0)));
        Assert.That((await app.EndOfAsync(id))!.Reason, Is.EqualTo(SessionEndReason.PasswordChanged));
    }

    [Test, Description("T10 C5 a refresh under another name replaces the session for the rest of its time")]
    public async Task A_refresh_under_another_name_keeps_the_end_and_the_methods()
    {
        await using var app = await CookieApp.StartAsync();
        using var visitor = await app.SignedInAsync(more: "&claim=amr:pwd");
        var id = await visitor.SessionIdAsync();
        var before = await app.StoredAsync(id);
        app.Clock.Advance(TimeSpan.FromMinutes(30));

        await visitor.PostAsync("/refresh?user=renamed");

        var after = await app.StoredAsync(await visitor.SessionIdAsync());
        Assert.That((await app.EndOfAsync(id))!.Reason, Is.EqualTo(SessionEndReason.Replaced));
        Assert.That((after.User.Name, after.ExpiresAt, after.AuthenticationMethods), Is.EqualTo(("renamed", before.ExpiresAt, "pwd")));
    }

    [TestCase(true)]
    [TestCase(false)]
    [Description("T10 a sign-out by the host's own validation ends the session only while the presented token is still its token")]
    public async Task A_sign_out_while_the_principal_is_validated_leaves_a_session_that_has_a_new_token(bool rotated)
    {
        Func<Task>? otherRequest = null;
        await using var app = await CookieApp.StartAsync(cookie: options => options.Events.OnValidatePrincipal = async context =>
        {
            if (otherRequest is { } other)
            {
                otherRequest = null;
                await other();
                context.RejectPrincipal();
                await context.HttpContext.SignOutAsync(CookieApp.Scheme);
            }
        });
        using var visitor = await app.SignedInAsync();
        using var late = app.Visitor();
        late.Jar[CookieApp.CookieName] = visitor.Jar[CookieApp.CookieName];
        var id = await visitor.SessionIdAsync();
        otherRequest = () => visitor.PostAsync(rotated ? "/refresh?stamp=2" : "/refresh");

        var answer = await late.GetAsync("/me");

        Assert.That(answer.Status, Is.EqualTo(401));
        Assert.That((await app.EndOfAsync(id))?.Reason, Is.EqualTo(rotated ? null : SessionEndReason.SignedOut));
        Assert.That(answer.SetCookies, Has.Count.EqualTo(rotated ? 0 : 1), "the answer does not delete the cookie of the new token");
        Assert.That(await visitor.MeAsync(), Is.EqualTo(rotated ? 200 : 401));
    }

    [Test, Description("T4 a changed password behind a protected cookie, as docs/Moving.md does it")]
    public async Task After_a_changed_password_every_older_session_is_over_and_this_browser_has_a_new_one()
    {
        await using var app = await CookieApp.StartAsync(settings: it => it.App = web => web.MapPost(
            "/password", async (HttpContext http, SessionManager sessions) =>
            {
                var user = http.GetCurrentSession()!.User;
                var ended = await sessions.TerminateUserAsync(user, SessionEndReason.PasswordChanged, SessionActor.Of(user));
                await http.SignInAsync(http.User);
                return ended.Count;
            }));
        using var other = await app.SignedInAsync();
        using var visitor = await app.SignedInAsync();
        var (id, copy) = (await visitor.SessionIdAsync(), $"{CookieApp.CookieName}={visitor.Jar[CookieApp.CookieName]}");

        var answer = await visitor.PostAsync("/password");

        Assert.That(answer.Body, Is.EqualTo("2"));
        Assert.That((await app.EndOfAsync(id))!.Reason, Is.EqualTo(SessionEndReason.PasswordChanged));
        Assert.That(await visitor.SessionIdAsync(), Is.Not.EqualTo(id));
        Assert.That(await other.MeAsync(), Is.EqualTo(401));
        other.RawCookie = copy;
        Assert.That(await other.MeAsync(), Is.EqualTo(401));
    }

    [TestCase(CookieApp.Scheme)]
    [TestCase("Second")]
    [Description("C5 T10 a lost rotation takes no cookie away but its own")]
    public async Task A_sign_in_after_a_lost_refresh_in_the_same_request_gets_its_cookie(string scheme)
    {
        await using var app = await CookieApp.StartAsync(settings: it =>
        {
            it.Services = services =>
            {
                services.AddAuthentication(CookieApp.Scheme).AddCookie("Second");
                services.AddHanzoSessions().ProtectCookie("Second");
            };
            it.App = web => web.MapPost("/refresh-and-login", async (HttpContext http) =>
            {
                var ticket = await http.AuthenticateAsync();
                await http.SignInAsync(MoreEndpoints.Named("ada", new("organization", "hanzo"), new(DemoEndpoints.Stamp, "2")), ticket.Properties);
                await http.SignInAsync(scheme, MoreEndpoints.Named("ben"));
            });
        });
        using var visitor = await app.SignedInAsync();
        LetAnotherRequestRotateFirst(app, visitor);

        var answer = await visitor.PostAsync("/refresh-and-login");

        visitor.RawCookie = answer.SetCookies.Single().Split(';')[0];
        Assert.That((await visitor.GetAsync("/me")).Body, Does.Contain("default/ben"));
    }

    [Test, Description("T10 a second change of credentials after a lost one makes no session")]
    public async Task A_second_rotation_after_a_lost_one_is_lost_as_well()
    {
        await using var app = await CookieApp.StartAsync(settings: it => it.App = web => web.MapPost("/refresh-twice", async (HttpContext http) =>
        {
            var ticket = await http.AuthenticateAsync();
            for (var stamp = 2; stamp < 4; stamp++)
            {
                await http.SignInAsync(
                    MoreEndpoints.Named("ada", new("organization", "hanzo"), new(DemoEndpoints.Stamp, $"{stamp}")), ticket.Properties);
            }
        }));
        using var visitor = await app.SignedInAsync();
        LetAnotherRequestRotateFirst(app, visitor);

        var answer = await visitor.PostAsync("/refresh-twice");

        Assert.That(answer.SetCookies, Is.Empty);
        Assert.That((await app.Manager.GetQuotaAsync(new SessionUser("hanzo", "ada"), "default")).Used, Is.Zero);
    }

    [Test, Description("W2 a late refusal does not overwrite the cookie that a sign-in has just set")]
    public async Task A_cookie_whose_session_is_over_is_not_renewed()
    {
        await using var app = await CookieApp.StartAsync();
        using var visitor = await app.SignedInAsync();
        app.Clock.Advance(TimeSpan.FromDays(8));

        var answer = await visitor.GetAsync("/me");

        Assert.That((answer.Status, answer.SetCookies.Count), Is.EqualTo((401, 0)), "the cookie lives for 14 days and is due for renewal");
    }

    [Test, Description("V2 C6 a sliding end of the cookie is no end of the session")]
    public async Task A_session_that_is_used_outlives_the_life_of_a_sliding_cookie()
    {
        await using var app = await CookieApp.StartAsync(cookie: options => options.ExpireTimeSpan = TimeSpan.FromMinutes(30));
        using var visitor = await app.SignedInAsync();
        for (var i = 0; i < 6; i++)
        {
            app.Clock.Advance(TimeSpan.FromMinutes(10));
            Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
        }
    }

    [TestCase(false, null, null, Description = "no cookie slides")]
    [TestCase(true, false, null, Description = "this one does not")]
    [TestCase(true, null, 45, Description = "the host has given an end")]
    [Description("C6 an ExpiresUtc given by the host shortens")]
    public async Task An_end_that_no_renewal_moves_is_the_end_of_the_session(bool sliding, bool? refresh, int? minutes)
    {
        var end = TestSessions.Start.AddMinutes(minutes ?? 30);
        var properties = new AuthenticationProperties { AllowRefresh = refresh, ExpiresUtc = minutes is null ? null : end };
        await using var app = await CookieApp.StartAsync(
            settings: it => it.App = web => web.MapSignInAs(MoreEndpoints.Named("ada"), properties),
            cookie: options => (options.ExpireTimeSpan, options.SlidingExpiration) = (TimeSpan.FromMinutes(30), sliding));
        using var visitor = app.Visitor();

        await visitor.PostAsync("/login-as");

        Assert.That((await app.StoredAsync(await visitor.SessionIdAsync())).ExpiresAt, Is.EqualTo(end));
    }

    [Test, Description("V2 the timeouts are those of the session, not of the cookie")]
    public async Task A_session_that_is_idle_for_an_hour_is_over_although_the_cookie_is_not()
    {
        await using var app = await CookieApp.StartAsync();
        using var visitor = await app.SignedInAsync();

        app.Clock.Advance(TimeSpan.FromMinutes(60));

        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [TestCase(14 * 24 * 60)]
    [TestCase(40, Description = "the cookie is renewed meanwhile")]
    [Description("V8 a passive request is no activity")]
    public async Task A_page_that_refreshes_itself_does_not_keep_the_session_alive(int minutes)
    {
        await using var app = await CookieApp.StartAsync(cookie: options => options.ExpireTimeSpan = TimeSpan.FromMinutes(minutes));
        using var visitor = await app.SignedInAsync();
        for (var i = 0; i < 11; i++)
        {
            app.Clock.Advance(TimeSpan.FromMinutes(5));
            Assert.That((await visitor.GetAsync("/me", ("X-Hanzo-Passive", "1"))).Status, Is.EqualTo(200));
        }

        app.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.That((await visitor.GetAsync("/me", ("X-Hanzo-Passive", "1"))).Status, Is.EqualTo(401));
    }

    [Test, Description("V6 a store failure is 503 wherever the cookie was presented")]
    public async Task A_failing_store_answers_503_keeps_the_cookie_and_lets_others_pass()
    {
        await using var app = await CookieApp.StartAsync();
        using var visitor = await app.SignedInAsync();
        using var stranger = app.Visitor();
        app.Store.Fault = new InvalidOperationException("the store is down");

        var answer = await visitor.GetAsync("/open");

        Assert.That((answer.Status, answer.Header("Retry-After"), answer.SetCookies.Count), Is.EqualTo((503, "5", 0)));
        Assert.That((await stranger.GetAsync("/open")).Status, Is.EqualTo(200));
        app.Store.Fault = null;
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
    }

    [Test, Description("T8 a failing sign-out is not reported as success")]
    public async Task A_sign_out_that_the_store_cannot_write_fails_and_keeps_the_cookie()
    {
        await using var app = await CookieApp.StartAsync();
        using var visitor = await app.SignedInAsync();
        app.Store.BeforeChange = () => throw new InvalidOperationException("the store is down");

        await Assert.ThrowsAsync<InvalidOperationException>(() => visitor.PostAsync("/logout"));

        app.Store.BeforeChange = null;
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
    }

    [Test, Description("The host's own events still run, whichever way they were set")]
    public async Task The_events_of_the_host_run_around_ours([Values] bool byType)
    {
        var events = new Mock<CookieAuthenticationEvents> { CallBase = true };
        events.Setup(it => it.SigningIn(It.IsAny<CookieSigningInContext>()))
            .Callback((CookieSigningInContext it) => it.Principal!.Identities.First().AddClaim(new Claim("added", "yes")))
            .Returns(Task.CompletedTask);
        await using var app = await CookieApp.StartAsync(
            settings: it => it.Services = services => services.AddSingleton(events.Object.GetType(), events.Object),
            cookie: options =>
            {
                options.Events = byType ? options.Events : events.Object;
                options.EventsType = byType ? events.Object.GetType() : null;
            });
        using var visitor = await app.SignedInAsync();

        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
        await visitor.PostAsync("/logout");

        events.Verify(it => it.SigningIn(It.IsAny<CookieSigningInContext>()), Times.Once);
        events.Verify(it => it.SignedIn(It.IsAny<CookieSignedInContext>()), Times.Once);
        events.Verify(it => it.ValidatePrincipal(It.IsAny<CookieValidatePrincipalContext>()), Times.AtLeastOnce);
        events.Verify(it => it.SigningOut(It.IsAny<CookieSigningOutContext>()), Times.Once);
    }

    [Test, Description("A principal that the host rejects has no session for this request either")]
    public async Task What_the_host_rejects_is_not_signed_in()
    {
        await using var app = await CookieApp.StartAsync(cookie: options => options.Events.OnValidatePrincipal = context =>
        {
            context.RejectPrincipal();
            return Task.CompletedTask;
        });
        using var visitor = app.Visitor();
        await visitor.SignInAsync();

        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
        Assert.That((await visitor.GetAsync("/api/account/sessions")).Status, Is.EqualTo(401));
    }

    [TestCase(true)]
    [TestCase(false)]
    [Description("T7 the host may sign out while it validates the principal")]
    public async Task A_host_that_signs_out_in_its_own_validation_ends_the_session(bool atOnce)
    {
        await using var app = await CookieApp.StartAsync(cookie: options => options.Events.OnValidatePrincipal = async context =>
        {
            if (!atOnce)
            {
                await Task.Yield();
            }

            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(CookieApp.Scheme);
        });
        using var visitor = app.Visitor();
        var id = (await visitor.SignInAsync()).Json.GetProperty("session").GetString()!;

        var answer = await visitor.GetAsync("/me").WaitAsync(TimeSpan.FromSeconds(30));

        Assert.That(answer.Status, Is.EqualTo(401));
        Assert.That(visitor.Jar, Is.Empty);
        Assert.That((await app.EndOfAsync(id))!.Reason, Is.EqualTo(SessionEndReason.SignedOut));
    }

    [TestCase(true)]
    [TestCase(false)]
    [Description("T10 the host may refresh while it validates the principal")]
    public async Task A_host_that_changes_credentials_in_its_own_validation_rotates_the_session(bool atOnce)
    {
        await using var app = await CookieApp.StartAsync(cookie: options => options.Events.OnValidatePrincipal = async context =>
        {
            if (!atOnce)
            {
                await Task.Yield();
            }

            var stamp = context.HttpContext.TraceIdentifier;
            await context.HttpContext.SignInAsync(
                CookieApp.Scheme,
                MoreEndpoints.Named("ada", new("organization", "hanzo"), new(DemoEndpoints.Stamp, stamp)),
                context.Properties);
        });
        using var visitor = app.Visitor();
        var id = (await visitor.SignInAsync()).Json.GetProperty("session").GetString();
        var copy = $"{CookieApp.CookieName}={visitor.Jar[CookieApp.CookieName]}";

        Assert.That(await visitor.SessionIdAsync().WaitAsync(TimeSpan.FromSeconds(30)), Is.EqualTo(id));
        Assert.That(await visitor.SessionIdAsync(), Is.EqualTo(id), "with the cookie of the first answer");
        visitor.RawCookie = copy;
        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
    }

    [Test, Description("Not ITicketStore: the holder of the old cookie would become the new user")]
    public async Task A_scheme_with_a_ticket_store_is_refused_at_start()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(
            () => CookieApp.StartAsync(cookie: options => options.SessionStore = Mock.Of<ITicketStore>()));

        Assert.That(fault!.Message, Does.Contain("SessionStore").And.Contain(CookieApp.Scheme));
    }

    private static void LetAnotherRequestRotateFirst(WebHarness app, Visitor visitor)
    {
        var cookie = $"{CookieApp.CookieName}={visitor.Jar[CookieApp.CookieName]}";
        app.Store.BeforeChange = async () =>
        {
            app.Store.BeforeChange = null;
            using var other = app.Visitor();
            other.RawCookie = cookie;
            await other.PostAsync("/refresh?stamp=another");
        };
    }
}
