using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hanzo.Sessions.Testing;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>What one history is about; the same in both processes, because the seed says it all.</summary>
/// <param name="Seed">Decides everything that is random.</param>
/// <param name="Number">Which history of its run: its users are its own.</param>
/// <param name="Operations">How many operations each client does.</param>
internal sealed record HistoryPlan(int Seed, int Number, int Operations)
{
    /// <summary>How many sessions a user may have.</summary>
    public const int Limit = 3;

    /// <summary>How many networks of a user are an alarm.</summary>
    public const int SpreadThreshold = 3;

    public static TimeSpan Idle { get; } = TimeSpan.FromMinutes(10);

    public static TimeSpan Absolute { get; } = TimeSpan.FromMinutes(20);

    /// <summary>Short, so that most validations have an activity to write, which then races with all the rest.</summary>
    public static TimeSpan Resolution { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Short, so that clean-up purges while others still ask.</summary>
    public static TimeSpan Retention { get; } = TimeSpan.FromMinutes(15);

    /// <summary>In a fourth of the histories a move ends its session.</summary>
    public bool EndsMoves => Number % 4 == 3;

    /// <summary>
    /// In a third of them the users come with old sign-ins too. An adopted session is beyond the limit, so the others say more of it.
    /// </summary>
    public bool Adopts => Number % 3 == 1;

    /// <summary>Two to four users, whom all clients crowd on.</summary>
    public IReadOnlyList<SessionUser> Users { get; } =
    [
        .. Enumerable.Range(0, 2 + (int)((uint)HashOf(Seed, Number) % 3))
            .Select(user => new SessionUser("acme", string.Create(CultureInfo.InvariantCulture, $"{Number}-{user}"))),
    ];

    /// <summary>The settings of the stores, and of managers that tell moves.</summary>
    public static IOptions<HanzoSessionsOptions> Settings { get; } = SettingsOf(SessionMoveAction.Tell);

    private static IOptions<HanzoSessionsOptions> EndingSettings { get; } = SettingsOf(SessionMoveAction.End);

    /// <summary>The application says what a sign-in does at the limit.</summary>
    public static IReadOnlyList<SessionLimitAction> Actions { get; } = Enum.GetValues<SessionLimitAction>();

    public static string ApplicationOf(SessionLimitAction action) => action.ToString();

    /// <summary>The random choices of one client.</summary>
    public Random RandomOf(int client) => new(HashOf(HashOf(Seed, Number), client));

    /// <summary>The old sign-ins of a user, which can be adopted.</summary>
    public SessionToken OldSignIn(int user, int number)
    {
        var secret = string.Create(CultureInfo.InvariantCulture, $"{Seed} {Number} {user} {number}");
        return SessionToken.Derive(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
    }

    /// <summary>
    /// A manager whose every call is recorded in the running operation. Time moves while calls are in flight, so the clock of
    /// the store is compared only on demand.
    /// </summary>
    public ObservedManager ManagerOf(ISessionStore store, Board board, bool comparesClocks = false) => new(
        comparesClocks ? store : new StoreWithoutClock(store), EndsMoves ? EndingSettings : Settings, board, new ActionByApplication());

    private static IOptions<HanzoSessionsOptions> SettingsOf(SessionMoveAction onMove) => Options.Create(new HanzoSessionsOptions
    {
        IdleTimeout = Idle,
        AbsoluteTimeout = Absolute,
        ActivityResolution = Resolution,
        MaxSessions = Limit,
        HistoryRetention = Retention,
        IpSpreadThreshold = SpreadThreshold,
        OnMove = onMove,
    });

    // Not HashCode.Combine, which differs from process to process.
    private static int HashOf(int left, int right)
    {
        var mixed = unchecked(((ulong)(uint)left * 0x9E3779B97F4A7C15UL) + ((ulong)(uint)right * 0xC2B2AE3D27D4EB4FUL) + 1);
        mixed = unchecked((mixed ^ (mixed >> 29)) * 0xBF58476D1CE4E5B9UL);
        return (int)(uint)(mixed >> 32);
    }

    private sealed class ActionByApplication : ISessionPolicyProvider
    {
        public ValueTask<SessionPolicy> GetPolicyAsync(
            SessionUser user, string application, SessionPolicy defaults, CancellationToken cancellationToken) =>
            new(defaults with { AtLimit = Enum.Parse<SessionLimitAction>(application) });
    }
}
