using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.AspNetCore.Tests.Secrets;

/// <summary>A host whose every route and every operation of the manager is used, while everything that comes out is kept.</summary>
internal sealed class SecretRun
{
    private const string Unknown = "hs1_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private int _users;

    private SecretRun()
    {
    }

    public Evidence Evidence { get; } = new();

    /// <summary>The routes of the host, and those that were used.</summary>
    public (IReadOnlyList<string> All, IReadOnlyList<string> Used) Routes { get; private set; }

    /// <summary>How many tokens came as the body of an answer, for a program.</summary>
    public int TokensInBodies { get; private set; }

    public static async Task<SecretRun> RunAsync(SecretStore store, SecretMutant? mutant = null)
    {
        var run = new SecretRun();
        using var telemetry = new EvidenceTelemetry(run.Evidence);
        await using (var app = await WebHarness.StartAsync(settings => run.Configure(settings, store, mutant)))
        {
            await run.UseRoutesAsync(app);
            await run.UseManagerAsync(app);
            await app.Manager.FlushObserversAsync();
            await store.DumpAsync(run.Evidence);
            run.Routes = (RoutesOf(app), [.. run._used.Order(StringComparer.Ordinal)]);
        }

        return run;
    }

    private void Configure(WebSettings settings, SecretStore store, SecretMutant? mutant)
    {
        settings.WithEverything();
        settings.Sessions = options => options.IpSpreadThreshold = 2;
        settings.Services += services =>
        {
            services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new EvidenceLog(Evidence)));
            services.AddHealthChecks().AddHanzoSessions();
            services.AddSingleton<ISessionObserver>(new Listening(Evidence));
            services.Replace(ServiceDescriptor.Singleton<ISessionStore>(provider =>
            {
                var opened = store.Open(provider);
                return new BreakableStore(mutant?.Around?.Invoke(opened) ?? opened);
            }));
        };
        settings.App += app =>
        {
            app.UseRouting();
            app.Use((http, next) =>
            {
                if (http.GetEndpoint() is RouteEndpoint endpoint)
                {
                    _used.Add($"{http.Request.Method} {endpoint.RoutePattern.RawText}");
                }

                return next(http);
            });
            app.MapPost("/password", async (HttpContext http) =>
            {
                await http.RenewSessionAsync();
            });
            app.MapPost("/token", async (HttpContext http) =>
            {
                return (await http.IssueSessionTokenAsync(MoreEndpoints.Named("program"))).Token.Reveal();
            });
            app.MapHealthChecks("/health");
        };
        mutant?.Plant?.Invoke(settings);
    }

    /// <summary>Each method of each route by each kind of caller, every time with a token of its own; and what goes wrong.</summary>
    private async Task UseRoutesAsync(WebHarness app)
    {
        foreach (var (method, pattern) in MethodsOf(app))
        {
            var session = await app.AddAsync("hanzo", "ada");
            var path = pattern.Replace("{id}", $"{session.Id}", StringComparison.Ordinal)
                .Replace("{version}", "1", StringComparison.Ordinal).Replace("{name}", "pages.js", StringComparison.Ordinal);
            if (method is "GET" && path is "/api/admin/sessions")
            {
                await SendAsync(await SignInAsync(app, WebHarness.Administrator), method, path + "?view=records");
            }

            path += "?userId=hanzo/ada&sessionPkId=hanzo/ada/shop&owner=hanzo&user=somebody&organization=hanzo";
            await SendAsync(await SignInAsync(app), method, path);
            await SendAsync(await SignInAsync(app, WebHarness.Administrator), method, path);
            await SendAsync(app.Client(ServiceClients.Hanzo), method, path);
            await SendAsync(await BearerAsync(app), method, path);
            await SendAsync(app.Visitor(), method, path);

            // The token of a session that has ended, and one that nobody has.
            var gone = await SignInAsync(app);
            await app.Manager.TerminateAllAsync(new SessionUser("hanzo", $"user{_users}"), SessionCaller.Service("nightly"));
            await SendAsync(gone, method, path);
            gone.RawCookie = $"{WebHarness.CookieName}={Unknown}";
            await SendAsync(gone, method, path);
            gone.RawCookie = $"{WebHarness.CookieName}={Unknown}x; {WebHarness.CookieName}={Unknown}";
            await SendAsync(gone, method, path);

            var failing = await SignInAsync(app, WebHarness.Administrator);
            app.Store.Fault = new TimeoutException("the database is away");
            await SendAsync(failing, method, path);
            app.Store.Fault = null;
        }

        Evidence.Issued(Unknown);
        for (var i = 0; i < 11; i++)
        {
            await SendAsync(app.Visitor(), "POST", "/login?user=limited&organization=hanzo");
        }
    }

    private async Task UseManagerAsync(WebHarness app)
    {
        var (manager, user, by) = (app.Manager, new SessionUser("hanzo", "direct"), SessionActor.Service("nightly"));
        var service = SessionCaller.Service("nightly");
        var first = await CreateAsync("203.0.113.1");
        var second = await CreateAsync("203.0.113.2", first.Token);
        var (token, session) = (second.Token.Reveal(), second.Session);
        await FailAsync(() => manager.RotateAsync(token, new byte[SessionManager.MaxPayloadBytes + 1]));
        await FailAsync(() => manager.TerminateAllAsync(user, SessionCaller.Of(session)));
        await FailAsync(() => manager.CreateAsync(new NewSession { User = user, PresentedToken = token, ExpiresAt = DateTimeOffset.UnixEpoch }));
        await FailAsync(() => Task.FromResult(SessionId.Parse(token)));
        await FailAsync(async () =>
        {
            var rotated = await manager.RotateAsync(token);
            Evidence.Issued(rotated!.Token.Reveal());
            token = rotated.Token.Reveal();
        });
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        await manager.ValidateAsync(token);
        await manager.RecordUseAsync(session, default);
        var derived = SessionToken.Derive("a sign-in from before there were sessions"u8);
        Evidence.Issued(derived.Reveal());
        await manager.AdoptAsync(new NewSession { User = user }, derived, app.Clock.GetUtcNow().AddDays(1));
        Seen(await manager.FindAsync(SessionScope.Of("hanzo"), session.Id));
        var all = new SessionQuery { Filter = SessionFilter.Of(user) };
        (await manager.ListAsync(all)).Items.ToList().ForEach(Seen);
        (await manager.ListRecordsAsync(all)).Items.ToList().ForEach(Seen);
        (await manager.ListIpSpreadAsync(SessionScope.AllOrganizations)).Items.ToList().ForEach(Seen);
        Seen(await manager.GetQuotaAsync(user, "shop"));
        await FailAsync(async () =>
        {
            var change = await manager.RenewAsync(user, token, by);
            token = change.Current!.Token.Reveal();
            Evidence.Issued(token);
            Seen(change);
        });
        var (read, wrong) = ((await manager.ValidateAsync(token)).Session!, new byte[SessionManager.MaxPayloadBytes + 1]);
        await FailAsync(() => manager.ReplacePayloadAsync(token, read.Payload, wrong));
        await manager.ReplacePayloadAsync(token, read.Payload, new byte[] { 1 });
        await manager.EndOutdatedAsync(read, token);
        await FailAsync(async () => Seen(await manager.RotateOrEndAsync(read, token, by)));
        var undelivered = await CreateAsync(null);
        await manager.SignOutOfTokenAsync(undelivered.Session, token);
        await manager.EndUndeliveredAsync(undelivered.Session);
        await CreateAsync(null);
        Seen(await manager.TerminateRecordAsync(user, "shop", service));
        Seen(await manager.TerminateMatchingAsync(new SessionFilter { Scope = SessionScope.Of("hanzo"), User = "direct" }, service));
        Seen(await manager.TerminateMatchingAsync(new() { Scope = SessionScope.Of("hanzo"), Application = "shop" }, service));
        await manager.SignOutAsync((await CreateAsync(null)).Session);
        await CreateAsync(null);
        await manager.TerminateUserAsync(user, SessionEndReason.UserDisabled, by);
        await CreateAsync(null);
        await manager.TerminateUserAsync(user, SessionEndReason.UserDeleted, by);
        await manager.TerminateOrganizationAsync("hanzo", service);
        await CreateAsync(null);
        app.Clock.Advance(TimeSpan.FromHours(1));
        await manager.CleanUpAsync();
        (await manager.ListHistoryAsync(all)).Items.ToList().ForEach(Seen);
        await CreateAsync(null);
        await CreateAsync(null);

        async Task<IssuedSession> CreateAsync(string? ip, SessionToken? over = null)
        {
            var issued = await manager.CreateAsync(new NewSession
            {
                User = user,
                Application = "shop",
                IpAddress = ip is null ? null : IPAddress.Parse(ip),
                PresentedToken = over?.Reveal(),
                Payload = new byte[] { 1, 2, 3 },
            });
            Evidence.Issued(issued.Token.Reveal());
            Seen(issued);
            return issued;
        }
    }

    private void Seen<T>(T value) => Evidence.Add("text", $"{value}");

    /// <summary>What is expected to fail, or may: whatever comes of it is evidence.</summary>
    private async Task FailAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
#pragma warning disable CA1031 // Which one it is does not matter: its text does.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Evidence.Add("exception", fault.ToString());
        }
    }

    private async Task<Visitor> SignInAsync(WebHarness app, string more = "")
    {
        var visitor = app.Visitor();
        await SendAsync(visitor, "POST", $"/login?user=user{++_users}&organization=hanzo{more}");
        return visitor;
    }

    private async Task<Visitor> BearerAsync(WebHarness app)
    {
        var visitor = await SignInAsync(app);
        visitor.Authorization = $"Bearer {visitor.Token}";
        visitor.Jar.Clear();
        return visitor;
    }

    // What an endpoint throws goes through the server in memory to the client.
    private Task SendAsync(Visitor visitor, string method, string path) => FailAsync(() => AskAsync(visitor, method, path));

    private async Task AskAsync(Visitor visitor, string method, string path)
    {
        using var body = method is "POST" ? new StringContent(CompatibleRequests.Body("hanzo", "ada", "shop")) : null;
        var answer = await visitor.SendAsync(new HttpMethod(method), path, [("X-Hanzo-Sessions", "1")], body);
        foreach (var token in visitor.Jar.Values)
        {
            Evidence.Issued(token);
        }

        if (path.StartsWith("/token", StringComparison.Ordinal) && SessionToken.TryParse(answer.Body, out _))
        {
            Evidence.Issued(answer.Body);
            TokensInBodies++;
            answer = answer with { Body = "" };
        }

        // The one place where a token belongs: once, in the cookie that hands it out.
        var handedOut = answer.SetCookies.Where(cookie => cookie.StartsWith(WebHarness.CookieName + "=hs1_", StringComparison.Ordinal)).ToList();
        var whole = answer.Whole;
        foreach (var cookie in handedOut.Take(1))
        {
            var at = whole.IndexOf(cookie, StringComparison.Ordinal);
            whole = whole.Remove(at, cookie.IndexOf(';', StringComparison.Ordinal));
        }

        Evidence.Add("answer", $"{method} {path} {whole}");
    }

    private static IReadOnlyList<string> RoutesOf(WebHarness app) => [.. MethodsOf(app).Select(it => $"{it.Method} {it.Pattern}").Order(StringComparer.Ordinal)];

    private static List<(string Method, string Pattern)> MethodsOf(WebHarness app) =>
    [
        .. ((IEndpointRouteBuilder)app.App).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(
                endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"],
                (endpoint, method) => (method, endpoint.RoutePattern.RawText!))
            .Distinct(),
    ];

    private sealed class Listening(Evidence evidence) : ISessionObserver
    {
        public ValueTask OnCreatedAsync(Session session, CancellationToken cancellationToken) => Hear(session);

        public ValueTask OnRefusedAsync(SessionLimitExceededException refusal, CancellationToken cancellationToken) => Hear(refusal);

        public ValueTask OnEndedAsync(EndedSession session, CancellationToken cancellationToken) => Hear(session);

        public ValueTask OnIpSpreadAsync(Session session, int networks, CancellationToken cancellationToken) => Hear((session, networks));

        private ValueTask Hear<T>(T what)
        {
            evidence.Add("event", $"{what}");
            return ValueTask.CompletedTask;
        }
    }
}
