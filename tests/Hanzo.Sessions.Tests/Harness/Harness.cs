using System.Net;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.Tests;

/// <summary>A manager on the in-memory store, a clock moved by hand, and a record of what was logged and announced.</summary>
internal sealed class Harness
{
    public const string App = "app-hanzo";

    public static readonly SessionUser Ada = new("hanzo", "ada");
    public static readonly SessionUser Ben = new("hanzo", "ben");
    public static readonly SessionUser Zoe = new("other", "zoe");
    public static readonly SessionScope Scope = SessionScope.Of("hanzo");
    public static readonly SessionCaller Service = SessionCaller.Service("nightly");
    public static readonly TimeSpan Ms = TimeSpan.FromMilliseconds(1);

    private readonly RecordedObserver _observed = new();

    public Harness(
        Action<HanzoSessionsOptions>? configure = null,
        Func<ISessionStore, ISessionStore>? wrap = null,
        ISessionPolicyProvider? policies = null,
        ISessionObserver? observer = null)
    {
        configure?.Invoke(Settings);
        var options = Options.Create(Settings);
        ISessionStore store = new InMemorySessionStore(options);
        Store = wrap?.Invoke(store) ?? store;
        ISessionObserver[] observers = observer is null ? [_observed] : [observer, _observed];
        Manager = new SessionManager(Store, options, Clock, observers, new RecordedLogger<SessionManager>(Log), policies);
    }

    public HanzoSessionsOptions Settings { get; } = new();

    public TestClock Clock { get; } = new();

    /// <summary>What was announced: when this is read, all observers have heard of everything that happened before.</summary>
    public RecordedObserver Observed
    {
        get
        {
            Manager.FlushObserversAsync().GetAwaiter().GetResult();
            return _observed;
        }
    }

    public RecordedLog Log { get; } = new();

    public ISessionStore Store { get; }

    public SessionManager Manager { get; }

    public DateTimeOffset Now => Clock.GetUtcNow();

    public Task<IssuedSession> SignIn(SessionUser? user = null, string? application = App, string? ip = null, string? over = null) =>
        Manager.CreateAsync(new NewSession
        {
            User = user ?? Ada,
            Application = application,
            IpAddress = ip is null ? null : IPAddress.Parse(ip),
            PresentedToken = over,
        });

    public async Task<List<IssuedSession>> SignIn(int times, SessionUser? user = null, string? application = App)
    {
        List<IssuedSession> issued = [];
        for (var i = 0; i < times; i++)
        {
            issued.Add(await SignIn(user, application));
        }

        return issued;
    }

    public async Task<SessionValidation> Validate(IssuedSession issued, bool passive = false) =>
        await Manager.ValidateAsync(issued.Token.Reveal(), passive);

    public async Task<SessionStatus> StatusOf(IssuedSession issued, bool passive = false) => (await Validate(issued, passive)).Status;

    public async Task<Session> Stored(IssuedSession issued) =>
        (await Store.FindAsync(issued.Session.Id)).Session ?? throw new InvalidOperationException("The session is not stored.");

    public async Task<IReadOnlyList<SessionId>> ActiveIds(SessionUser? user = null) =>
        Ids(await Manager.ListAsync(new SessionQuery { Filter = SessionFilter.Of(user ?? Ada), Limit = SessionQuery.MaxLimit }));

    public async Task<SessionEnd?> EndOf(IssuedSession issued) =>
        (await Manager.FindAsync(SessionScope.AllOrganizations, issued.Session.Id))?.End;

    public static SessionQuery All(SessionScope? scope = null) =>
        new() { Filter = new SessionFilter { Scope = scope ?? Scope } };

    public static IReadOnlyList<SessionId> Ids(SessionPage<Session> page) => [.. page.Items.Select(session => session.Id)];

    public static IReadOnlyList<SessionId> Ids(IEnumerable<IssuedSession> issued) => [.. issued.Select(it => it.Session.Id)];

    public static IReadOnlyList<SessionId> Ids(IEnumerable<EndedSession> ended) => [.. ended.Select(it => it.Id)];

    public static SessionCaller Using(IssuedSession issued) => SessionCaller.Of(issued.Session);
}
