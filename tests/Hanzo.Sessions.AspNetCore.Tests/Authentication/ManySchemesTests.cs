using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>The library's scheme beside others.</summary>
public sealed class ManySchemesTests
{
    private const string Default = HanzoSessionTokenDefaults.AuthenticationScheme;
    private const string Unknown = "hs1_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    [Test, Description("V1 a token proves a session to the scheme that handed it out, and to no other")]
    public async Task A_token_of_one_scheme_is_no_token_to_another_and_its_session_goes_on(
        [Values("first", Default)] string customers, [Values] bool asBearer)
    {
        var staff = string.Equals(customers, Default, StringComparison.Ordinal) ? "second" : Default;
        await using var app = await StartWithTwoSchemesAsync(customers, staff);
        using var customer = app.Visitor();
        await customer.PostAsync($"/sign-in?scheme={customers}&name=ada");

        using var intruder = Presenting(customer.Jar["__Host-first"]);
        using var stranger = Presenting(Unknown);
        var answer = await intruder.GetAsync($"/only?scheme={staff}");

        Assert.That(answer.Body, Is.EqualTo("nobody"));
        Assert.That(answer.Whole, Is.EqualTo((await stranger.GetAsync($"/only?scheme={staff}")).Whole));
        Assert.That((await intruder.GetAsync("/staff")).Whole, Is.EqualTo((await stranger.GetAsync("/staff")).Whole));
        Assert.That((await customer.GetAsync($"/only?scheme={customers}")).Body, Is.EqualTo("ada"));

        Visitor Presenting(string token)
        {
            var visitor = app.Visitor();
            visitor.RawCookie = asBearer ? null : $"__Host-second={token}";
            visitor.Authorization = asBearer ? $"Bearer {token}" : null;
            return visitor;
        }
    }

    [Test, Description("V1 V3 what is not accepted is no activity, and the request has no session of it")]
    public async Task A_token_of_another_scheme_counts_as_no_activity_and_is_nobodys_session()
    {
        await using var app = await StartWithTwoSchemesAsync();
        using var visitor = app.Visitor();
        await visitor.PostAsync("/sign-in?scheme=first&name=ada");
        var token = visitor.Jar["__Host-first"];
        app.Clock.Advance(TimeSpan.FromMinutes(10));

        visitor.RawCookie = $"__Host-second={token}";

        Assert.That(await visitor.MeAsync(), Is.EqualTo(401));
        Assert.That((await visitor.GetAsync("/api/account/sessions")).Status, Is.EqualTo(401));
        Assert.That((await visitor.GetAsync("/why")).Body, Is.EqualTo("nothing known"));
        var session = (await app.Manager.ValidateAsync(token, passive: true)).Session!;
        Assert.That(session.LastActiveAt, Is.EqualTo(session.CreatedAt));
    }

    [Test, Description("C5 a sign-in ends the session that is presented to its scheme, and not that of another scheme")]
    public async Task Signing_in_and_out_under_one_scheme_leaves_the_session_of_another_alone()
    {
        await using var app = await StartWithTwoSchemesAsync();
        using var visitor = app.Visitor();
        await visitor.PostAsync("/sign-in?scheme=first&name=ada");
        visitor.Authorization = $"Bearer {visitor.Jar["__Host-first"]}";

        await visitor.PostAsync("/sign-out?scheme=second");
        await visitor.PostAsync("/sign-in?scheme=second&name=ben");
        await visitor.PostAsync("/copy?from=first&to=second");

        Assert.That((await visitor.GetAsync("/only?scheme=first")).Body, Is.EqualTo("ada"));
    }

    [Test, Description("T4 T10 a session stays with its scheme, whatever becomes of its token")]
    public async Task A_scheme_of_another_name_goes_on_accepting_what_it_handed_out_itself()
    {
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.Authentication = services => services.AddAuthentication("other")
                .AddHanzoSessionToken("other", options => options.CookieName = WebHarness.CookieName);
            it.App = web =>
            {
                web.MapPost("/password", async (HttpContext http) => (await http.RenewSessionAsync()).Count);
                web.MapPost("/token", async (HttpContext http, string user) =>
                    (await http.IssueSessionTokenAsync(MoreEndpoints.Named(user))).Token.Reveal());
            };
        });
        using var visitor = await app.SignedInAsync();
        using var program = app.Visitor();

        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
        await visitor.PostAsync("/refresh");
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200), "after a refresh");
        await visitor.PostAsync("/password");
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200), "after a change of the password");
        visitor.Jar[WebHarness.CookieName] = (await app.Manager.RotateAsync(visitor.Token))!.Token.Reveal();
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200), "after a rotation by the app");
        program.Authorization = $"Bearer {(await program.PostAsync("/token?user=ada")).Body}";
        Assert.That(await program.MeAsync(), Is.EqualTo(200), "with a token from the answer's body");
    }

    [Test, Description("T10 C5 the properties of one scheme's session do not rotate that of another scheme")]
    public async Task Refreshing_under_another_scheme_does_not_give_the_claims_of_one_user_to_the_session_of_another()
    {
        await using var app = await StartWithTwoSchemesAsync();
        using var visitor = await AdaAndBenAsync(app);

        await visitor.PostAsync("/copy?from=second&to=first");

        var answer = await visitor.GetAsync("/who?scheme=first");
        Assert.That(answer.Body, Is.EqualTo("ben, session of default/ben"));
    }

    [Test, Description("V1 a dead cookie of another scheme does not hide the session")]
    public async Task An_ended_session_of_one_scheme_does_not_hide_the_active_one_of_another()
    {
        await using var app = await StartWithTwoSchemesAsync();
        var visitor = app.Visitor();
        await visitor.PostAsync("/sign-in?scheme=first&name=ada");
        visitor.Jar["__Host-second"] = Unknown;

        Assert.That((await visitor.GetAsync("/api/account/sessions")).Status, Is.EqualTo(200));
    }

    [Test, Description("W2 of two sessions of one request the current one is that of the request's user")]
    public async Task The_current_session_is_that_of_the_scheme_whose_user_the_request_has()
    {
        await using var app = await StartWithTwoSchemesAsync();
        using var visitor = await AdaAndBenAsync(app);

        Assert.That((await visitor.GetAsync("/both")).Body, Is.EqualTo("ada, session of default/ada"));
        Assert.That((await visitor.GetAsync("/staff")).Body, Is.EqualTo("ben, session of default/ben"));
        Assert.That((await visitor.GetAsync("/first-second")).Body, Is.EqualTo("ben, session of default/ben"));
        Assert.That((await visitor.GetAsync("/second-first")).Body, Is.EqualTo("ada, session of default/ada"));
        Assert.That((await visitor.GetAsync("/api/account/sessions")).Body, Does.Contain("\"ada\"").And.Not.Contain("\"ben\""));
        Assert.That((await visitor.PostAsync("/sign-out?scheme=second")).Body, Is.EqualTo("default/ada"));
    }

    [Test, Description("HTTP an administrator is who has signed in by a scheme of the administrators' policy")]
    public async Task The_schemes_of_the_administrators_policy_count([Values("second", "forwarding")] string scheme)
    {
        await using var app = await StartWithTwoSchemesAsync(more: it =>
        {
            it.Services += services => services.AddAuthentication().AddPolicyScheme(
                "forwarding", displayName: null, options => options.ForwardDefault = "second");
            it.Services += services => services.AddAuthorizationBuilder().AddPolicy(
                "administrators", policy => policy.AddAuthenticationSchemes(scheme).RequireAuthenticatedUser());
            it.Endpoints = options => options.AdministratorPolicy = "administrators";
            it.App += web => web.MapCasdoorSessions();
        });
        using var customer = app.Visitor();
        using var both = app.Visitor();
        await customer.PostAsync("/sign-in?scheme=first&name=ada");
        await both.PostAsync("/sign-in?scheme=first&name=cem");
        await both.PostAsync("/sign-in?scheme=second&name=ben");

        Assert.That((await customer.GetAsync("/api/admin/sessions")).Status, Is.EqualTo(403));
        Assert.That((await customer.GetAsync("/admin/sessions")).Status, Is.EqualTo(403));
        Assert.That((await customer.DeleteAsync("/api/admin/sessions?userId=default/ben")).Status, Is.EqualTo(403));
        Assert.That((await customer.GetAsync("/api/get-sessions?owner=default")).Body, Does.Contain("error"));
        Assert.That((await both.GetAsync("/api/admin/sessions")).Status, Is.EqualTo(200));
        Assert.That((await both.GetAsync("/admin/sessions")).Status, Is.EqualTo(200));
        Assert.That((await both.GetAsync("/api/get-sessions?owner=default")).Body, Does.Contain("\"status\":\"ok\""));
    }

    [Test, Description("W2 the current session is that of the request's user, also where a scheme forwards or the host has wrapped the user")]
    public async Task The_current_session_is_that_of_the_user_whatever_the_framework_calls_its_scheme([Values] bool wrapped)
    {
        await using var app = await StartWithTwoSchemesAsync(more: it =>
        {
            it.Services += services => services.AddAuthentication().AddPolicyScheme(
                "forwarding", displayName: null, options => options.ForwardDefault = "first");
            var endpoints = it.App!;
            it.App = web =>
            {
                if (wrapped)
                {
                    web.UseAuthentication();
                    web.Use((http, next) =>
                    {
                        http.User = new ClaimsPrincipal(http.User.Identities);
                        return next(http);
                    });
                    web.UseAuthorization();
                }

                endpoints(web);
                web.MapGet("/forwarded", (HttpContext http) => $"{http.User.Identity?.Name}, {http.GetCurrentSession()?.User}")
                    .RequireAuthorization(policy => policy.AddAuthenticationSchemes("forwarding").RequireAuthenticatedUser());
            };
        });
        using var visitor = await AdaAndBenAsync(app);

        Assert.That((await visitor.GetAsync("/both")).Body, Is.EqualTo("ada, session of default/ada"));
        Assert.That((await visitor.GetAsync("/forwarded")).Body, Is.EqualTo("ada, default/ada"));
        Assert.That((await visitor.GetAsync("/staff")).Body, Is.EqualTo("ben, session of default/ben"));
    }

    [Test, Description("HTTP the administrators' page sends to the sign-in page of the administrators' scheme")]
    public async Task Whoever_is_not_signed_in_is_sent_to_where_administrators_sign_in()
    {
        await using var app = await StartWithTwoSchemesAsync(more: it =>
        {
            it.Services += services => services.Configure<HanzoSessionTokenOptions>("second", options => options.LoginPath = "/staff/login");
            it.Services += services => services.AddAuthorizationBuilder().AddPolicy(
                "administrators", policy => policy.AddAuthenticationSchemes("second").RequireAuthenticatedUser());
            it.Endpoints = options => options.AdministratorPolicy = "administrators";
        });
        using var nobody = app.Visitor();

        var answer = await nobody.GetAsync("/admin/sessions", ("Accept", "text/html"));

        Assert.That(answer.Headers["Location"].Single(), Is.EqualTo("/staff/login?returnUrl=%2Fadmin%2Fsessions"));
        Assert.That((await nobody.GetAsync("/account/sessions", ("Accept", "text/html"))).Headers["Location"].Single(), Does.StartWith("/login?"));
    }

    [Test, Description("HTTP every scheme that an endpoint names can answer")]
    public async Task Schemes_that_answer_one_after_the_other_make_one_answer([Values] bool signedIn)
    {
        await using var app = await StartWithTwoSchemesAsync();
        using var visitor = app.Visitor();
        if (signedIn)
        {
            await visitor.PostAsync("/sign-in?scheme=first&name=ada");
        }

        var answer = await visitor.GetAsync("/of-many", ("Accept", "application/json"));

        Assert.That(answer.Status, Is.EqualTo(signedIn ? 403 : 401));
        Assert.That(answer.Json.GetProperty("status").GetInt32(), Is.EqualTo(answer.Status));
        var last = await visitor.GetAsync("/of-us-and-a-cookie", ("Accept", "application/json"));
        Assert.That(last.Headers["Location"].Single(), Does.Contain(signedIn ? "/denied" : "/welcome"), "what comes after ours answers, too");
    }

    [Test, Description("HTTP the host's claims transformation makes administrators, too")]
    public async Task Claims_that_the_host_adds_on_each_request_count_for_the_administrators_policy()
    {
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.WithAdministrators();
            it.Services += services => services.AddSingleton<IClaimsTransformation, AdaIsAdministrator>();
        });
        var (ada, ben) = (await app.SignedInAsync(), await app.SignedInAsync("ben"));

        Assert.That((await ada.GetAsync("/api/admin/sessions")).Status, Is.EqualTo(200));
        Assert.That((await ben.GetAsync("/api/admin/sessions")).Status, Is.EqualTo(403));
    }

    [Test, Description("HTTP a challenge leaves the schemes of others in place")]
    public async Task A_challenge_adds_to_the_schemes_that_are_offered_already()
    {
        await using var app = await WebHarness.StartAsync(it => it.App = web =>
        {
            web.UseBeforeAuthentication((http, next) =>
            {
                http.Response.Headers.WWWAuthenticate = "Negotiate";
                return next(http);
            });
            web.UseAuthorization();
        });

        var answer = await app.Visitor().GetAsync("/page");

        Assert.That(answer.Headers["WWW-Authenticate"], Is.EquivalentTo(new[] { "Negotiate", "Bearer" }));
    }

    /// <summary>A browser in which ada has signed in by the first scheme, and ben by the second.</summary>
    private static async Task<Visitor> AdaAndBenAsync(WebHarness app)
    {
        var visitor = app.Visitor();
        await visitor.PostAsync("/sign-in?scheme=first&name=ada");
        await visitor.PostAsync("/sign-in?scheme=second&name=ben");
        return visitor;
    }

    private static Task<WebHarness> StartWithTwoSchemesAsync(
        string first = "first", string second = "second", Action<WebSettings>? more = null) => WebHarness.StartAsync(it =>
    {
        it.Authentication = services => services.AddAuthentication(first)
            .AddHanzoSessionToken(first, options => options.CookieName = "__Host-first")
            .AddHanzoSessionToken(second, options => options.CookieName = "__Host-second")
            .AddCookie("cookie", options => (options.LoginPath, options.AccessDeniedPath) = ("/welcome", "/denied"));
        it.App = web =>
        {
            web.MapPost("/sign-in", (HttpContext http, string scheme, string name) => http.SignInAsync(scheme, MoreEndpoints.Named(name)));
            web.MapPost("/sign-out", async (HttpContext http, string scheme) =>
            {
                await http.SignOutAsync(scheme);
                return http.GetCurrentSession()?.User.ToString();
            });
            web.MapGet("/only", async (HttpContext http, string scheme) =>
                (await http.AuthenticateAsync(scheme)).Principal?.Identity?.Name ?? "nobody");
            web.MapGet("/both", UserAndSession);
            web.MapGet("/staff", UserAndSession).RequireAuthorization(policy => policy
                .AddAuthenticationSchemes(second).RequireAuthenticatedUser());
            web.MapGet("/first-second", UserAndSession).RequireAuthorization(policy => policy
                .AddAuthenticationSchemes(first, second).RequireAuthenticatedUser());
            web.MapGet("/second-first", UserAndSession).RequireAuthorization(policy => policy
                .AddAuthenticationSchemes(second, first).RequireAuthenticatedUser());
            web.MapGet("/of-many", () => "many").RequireAuthorization(policy => policy
                .AddAuthenticationSchemes(first, second).RequireClaim("role", "admin"));
            web.MapGet("/of-us-and-a-cookie", () => "many").RequireAuthorization(policy => policy
                .AddAuthenticationSchemes(first, "cookie").RequireClaim("role", "admin"));
            web.MapPost("/copy", async (HttpContext http, string from, string to) =>
            {
                var ticket = await http.AuthenticateAsync(from);
                await http.SignInAsync(to, ticket.Principal!, ticket.Properties);
            });
            web.MapGet("/who", async (HttpContext http, string scheme, SessionManager sessions) =>
            {
                var ticket = await http.AuthenticateAsync(scheme);
                var token = http.Request.Headers.Cookie.ToString().Split("; ").Single(it => it.StartsWith($"__Host-{scheme}=", StringComparison.Ordinal)).Split('=')[1];
                var session = (await sessions.ValidateAsync(token)).Session;
                return $"{ticket.Principal?.Identity?.Name}, session of {session?.User}";
            });
        };
        more?.Invoke(it);

        static string UserAndSession(HttpContext http) => $"{http.User.Identity?.Name}, session of {http.GetCurrentSession()?.User}";
    });

    private sealed class AdaIsAdministrator : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            var transformed = principal.Clone();
            if (string.Equals(principal.Identity?.Name, "ada", StringComparison.Ordinal))
            {
                transformed.AddIdentity(new ClaimsIdentity([new Claim("role", "admin")]));
            }

            return Task.FromResult(transformed);
        }
    }
}
