using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hanzo.Sessions;
using Hanzo.Sessions.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Worker010;

/// <summary>Sessions in every state that 0.1.0 knows, as of <see cref="Now"/>.</summary>
internal sealed class Filling
{
    private const string Agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0";

    /// <summary>The instant at which the states that are printed hold.</summary>
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Clock _clock = new() { Instant = Now.AddHours(-23) };
    private readonly IServiceProvider _services;
    private readonly IServiceProvider _servicesWithIdentity;
    private readonly SessionManager _sessions;

    private Filling(Func<TimeProvider, bool, WebApplication> build)
    {
        (_services, _servicesWithIdentity) = (build(_clock, false).Services, build(_clock, true).Services);
        _sessions = _services.GetRequiredService<SessionManager>();
    }

    public static Task RunAsync(Func<TimeProvider, bool, WebApplication> build) => new Filling(build).RunAsync();

    private async Task RunAsync()
    {
        await _services.GetRequiredService<ISessionStore>().PrepareAsync();

        var idle = await CreateAsync(User("idle"));
        var idleAndSeen = await CreateAsync(User("idle"));
        var expired = await CreateAsync(User("expired"), hours: 2);
        var expiredAndSeen = await CreateAsync(User("expired"), hours: 2);
        _clock.Instant = Now.AddHours(-22).AddMinutes(-10);
        await TouchAsync(expired, expiredAndSeen);
        _clock.Instant = Now.AddHours(-21).AddMinutes(-20);
        await TouchAsync(expired, expiredAndSeen);
        _clock.Instant = Now.AddHours(-20);
        await TouchAsync(idleAndSeen, expiredAndSeen);
        Print("timed out, not ended yet", idle, SessionStatus.IdleTimeout);
        Print("timed out and ended", idleAndSeen, SessionStatus.IdleTimeout);
        Print("expired, not ended yet", expired, SessionStatus.Expired);
        Print("expired and ended", expiredAndSeen, SessionStatus.Expired);

        _clock.Instant = Now.AddMinutes(-40);
        var persistent = await CreateAsync(User("persistent"), isPersistent: true);
        var old = await AdoptAsync("adopted");
        var oldAndOut = await AdoptAsync("adopted");
        var touched = await CreateAsync(User("touched"));
        var rotated = await _sessions.RotateAsync((await CreateAsync(User("rotated"))).Token, "new"u8.ToArray());
        await PrintEndedAsync(oldAndOut);

        _clock.Instant = Now.AddMinutes(-5);
        await TouchAsync(touched);
        Print("active", await CreateAsync(User("active")), SessionStatus.Active);
        Print("active, touched", touched, SessionStatus.Active);
        Print("active, rotated", new(rotated!), SessionStatus.Active);
        Print("active, persistent", persistent, SessionStatus.Active);
        Print("active, adopted", old, SessionStatus.Active);
        Print("active, of another organization and application", await CreateAsync(new SessionUser("ακμή", "Zoë 🦉/x"), "shop"), SessionStatus.Active);
        Print("active, of nowhere", new(await _sessions.CreateAsync(new NewSession { User = User("bare") })), SessionStatus.Active);
        Print("active, Identity", await IssueAsync(await IdentityPrincipalAsync(), _servicesWithIdentity), SessionStatus.Active);
        Print("active, many claims", await IssueAsync(ManyClaims(), _services), SessionStatus.Active);
        await ((IAsyncDisposable)_servicesWithIdentity).DisposeAsync();
        await ((IAsyncDisposable)_services).DisposeAsync();
    }

    private async Task PrintEndedAsync(Made adopted)
    {
        async Task EndAsync(SessionEndReason reason, string name, Func<Made, Task> end, Made? made = null)
        {
            made ??= await CreateAsync(User(name));
            _clock.Instant += TimeSpan.FromSeconds(1);
            await end(made);
            var session = (await _sessions.ValidateAsync(made.Token, passive: true)).Session!;
            Print($"ended, {reason}{(made.IsAdopted ? ", adopted" : "")}", made with { Session = session }, SessionStatus.Terminated);
        }

        var desk = SessionActor.Service("helpdesk");
        await EndAsync(SessionEndReason.SignedOut, "signed-out", made => _sessions.SignOutAsync(made.Session));
        await EndAsync(SessionEndReason.SignedOut, "", made => _sessions.SignOutAsync(made.Session), adopted);
        await EndAsync(SessionEndReason.TerminatedByUser, "by-user", async made =>
            await _sessions.TerminateAsync(made.Session.User, made.Session.Id, SessionCaller.Of((await CreateAsync(made.Session.User)).Session)));
        await EndAsync(SessionEndReason.TerminatedByAdmin, "by-admin", made =>
            _sessions.TerminateAsync(made.Session.User, made.Session.Id, SessionCaller.Service("helpdesk")));
        await EndAsync(SessionEndReason.Evicted, "evicted", made => CreateAsync(made.Session.User));
        await EndAsync(SessionEndReason.Replaced, "replaced", made => CreateAsync(User("replacing"), presented: made.Token));
        await EndAsync(SessionEndReason.PasswordChanged, "password", made => _sessions.PasswordChangedAsync(made.Session.User, desk));
        await EndAsync(SessionEndReason.UserDisabled, "disabled", made => _sessions.UserDisabledAsync(made.Session.User, desk));
        await EndAsync(SessionEndReason.UserDeleted, "deleted", made => _sessions.UserDeletedAsync(made.Session.User, desk));
    }

    private async Task<Made> CreateAsync(
        SessionUser user, string? application = null, double? hours = null, bool isPersistent = false, string? presented = null) =>
        new(await _sessions.CreateAsync(new NewSession
        {
            User = user,
            Application = application,
            IpAddress = IPAddress.Parse("203.0.113.7"),
            UserAgent = Agent,
            AuthenticationMethods = "pwd otp",
            Payload = "kept"u8.ToArray(),
            ExpiresAt = hours is { } span ? _clock.Instant.AddHours(span) : null,
            IsPersistent = isPersistent,
            PresentedToken = presented,
        }));

    private async Task<Made> IssueAsync(ClaimsPrincipal principal, IServiceProvider services) =>
        new(await Request(services).IssueSessionTokenAsync(principal)) { Principal = principal };

    /// <summary>A cookie from before there were sessions, and the session that its first request makes.</summary>
    private async Task<Made> AdoptAsync(string name)
    {
        var cookie = _services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(CookieAuthenticationDefaults.AuthenticationScheme);
        var properties = new AuthenticationProperties { IssuedUtc = _clock.Instant.AddDays(-1), ExpiresUtc = _clock.Instant.AddDays(13) };
        var principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "password"));
        var text = cookie.TicketDataFormat.Protect(new AuthenticationTicket(principal, properties, CookieAuthenticationDefaults.AuthenticationScheme));
        var http = Request(_services);
        http.Request.Headers.Cookie = $"{cookie.Cookie.Name}={text}";
        await http.AuthenticateAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        var token = SessionToken.Derive(WebEncoders.Base64UrlDecode(text)).Reveal();
        var validation = await _sessions.ValidateAsync(token, passive: true);
        return new Made(validation.Session!, token, IsAdopted: true);
    }

    private async Task<ClaimsPrincipal> IdentityPrincipalAsync()
    {
        var user = new IdentityUser("ida") { Id = "1f0c", SecurityStamp = "STAMP" };
        await using var scope = _servicesWithIdentity.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<SignInManager<IdentityUser>>().CreateUserPrincipalAsync(user);
    }

    private static ClaimsPrincipal ManyClaims()
    {
        Claim[] claims =
        [
            new(ClaimTypes.Name, "many"),
            .. Enumerable.Range(0, 400).Select(number => new Claim("group", $"group-{number:000}", number % 2 == 0 ? ClaimValueTypes.String : ClaimValueTypes.Integer, $"issuer-{number % 3}")),
        ];
        var second = new ClaimsIdentity([new Claim("note", "käse ☂")], authenticationType: "second", "note", "group") { Label = "label" };
        return new ClaimsPrincipal([new ClaimsIdentity(claims, "password"), second]);
    }

    private static DefaultHttpContext Request(IServiceProvider services)
    {
        var http = new DefaultHttpContext { RequestServices = services.CreateScope().ServiceProvider };
        http.Connection.RemoteIpAddress = IPAddress.Parse("2001:db8:1:2::3");
        http.Request.Headers.UserAgent = Agent;
        return http;
    }

    private async Task TouchAsync(params Made[] sessions)
    {
        foreach (var made in sessions)
        {
            await _sessions.ValidateAsync(made.Token);
        }
    }

    private static SessionUser User(string name) => new("default", name);

    private static void Print(string what, Made made, SessionStatus status) => Console.WriteLine(JsonSerializer.Serialize(
        new
        {
            what,
            id = made.Session.Id.ToString(),
            token = made.Token,
            made.Session.User.Organization,
            user = made.Session.User.Name,
            made.Session.Application,
            made.Session.IpAddress,
            status = status.ToString(),
            reason = made.Session.End?.Reason.ToString(),
            endedAt = made.Session.End?.At,
            endedBy = made.Session.End?.By?.ToString(),
            payload = status == SessionStatus.Active && made.Principal is null ? Convert.ToBase64String(made.Session.Payload.Span) : null,
            scheme = made.Principal is null ? null : made.Session.User.Name is "ida" ? IdentityConstants.ApplicationScheme : HanzoSessionTokenDefaults.AuthenticationScheme,
            claims = made.Principal?.Claims.Count(),
            lastClaim = made.Principal?.Claims.Last().ToString(),
        },
        Json));

    private sealed record Made(Session Session, string Token, bool IsAdopted = false)
    {
        public Made(IssuedSession issued) : this(issued.Session, issued.Token.Reveal())
        {
        }

        public ClaimsPrincipal? Principal { get; init; }
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Instant { get; set; }

        public override DateTimeOffset GetUtcNow() => Instant;
    }
}
