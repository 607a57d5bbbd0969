using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.Benchmarks.Harness;

/// <summary>Sessions to measure among: users <c>user-0</c>, <c>user-1</c>, ... of <c>acme</c>, with some sessions each.</summary>
internal static class Population
{
    public const int PerUser = 4;

    private const string UserAgent =
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    private static readonly string[] Applications = ["shop", "mail"];

    public static SessionUser User(int number) => new("acme", FormattableString.Invariant($"user-{number}"));

    /// <summary>A session as a sign-in makes it: its strings come from a request, so nobody shares them yet.</summary>
    public static SessionCreation Session(int number, DateTimeOffset createdAt, TimeSpan idle, int payload = 0, int perUser = PerUser) => new()
    {
        Session = new Session
        {
            Id = SessionId.New(createdAt),
            User = new SessionUser(new string("acme"), FormattableString.Invariant($"user-{number / perUser}")),
            Application = new string(Applications[number % Applications.Length]),
            IpAddress = FormattableString.Invariant($"192.0.2.{number % 200}"),
            IpNetwork = FormattableString.Invariant($"192.0.2.{number % 200}"),
            UserAgent = new string(UserAgent),
            AuthenticationMethods = new string("pwd"),
            CreatedAt = createdAt,
            LastActiveAt = createdAt,
            IdleTimeout = idle,
            ExpiresAt = createdAt.AddHours(24),
            Payload = payload == 0 ? default : new byte[payload],
        },
        TokenHash = SessionToken.New().Hash(),
        Limit = new SessionLimit(10, SessionLimitScope.User, SessionLimitAction.Refuse),
    };

    public static SessionManager Manager(ISessionStore store, Action<HanzoSessionsOptions>? configure = null)
    {
        var options = new HanzoSessionsOptions();
        configure?.Invoke(options);
        return new SessionManager(store, Options.Create(options), TimeProvider.System, []);
    }

    public static InMemorySessionStore InMemory() => new(Options.Create(new HanzoSessionsOptions()));

    /// <summary>Signs in through the manager, and answers the tokens.</summary>
    public static async Task<string[]> SignInAsync(SessionManager manager, int sessions, string organization = "acme")
    {
        var tokens = new string[sessions];
        for (var i = 0; i < sessions; i++)
        {
            tokens[i] = (await manager.CreateAsync(new NewSession
            {
                User = new SessionUser(organization, User(i / PerUser).Name),
                Application = Applications[i % Applications.Length],
                IpAddress = new System.Net.IPAddress([192, 0, 2, (byte)(i % 200)]),
                UserAgent = UserAgent,
                AuthenticationMethods = "pwd",
                Payload = new byte[300],
            })).Token.Reveal();
        }

        return tokens;
    }
}
