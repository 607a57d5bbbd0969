using System.Globalization;
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

    public static TimeSpan Idle { get; } = TimeSpan.FromMinutes(10);

    public static TimeSpan Absolute { get; } = TimeSpan.FromMinutes(20);

    /// <summary>Short, so that most validations have an activity to write, which then races with all the rest.</summary>
    public static TimeSpan Resolution { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Two to four users, whom all clients crowd on.</summary>
    public IReadOnlyList<SessionUser> Users { get; } =
    [
        .. Enumerable.Range(0, 2 + (int)((uint)HashOf(Seed, Number) % 3))
            .Select(user => new SessionUser("acme", string.Create(CultureInfo.InvariantCulture, $"{Number}-{user}"))),
    ];

    /// <summary>The settings of managers and stores.</summary>
    public static IOptions<HanzoSessionsOptions> Settings { get; } = Options.Create(new HanzoSessionsOptions
    {
        IdleTimeout = Idle,
        AbsoluteTimeout = Absolute,
        ActivityResolution = Resolution,
        MaxSessions = Limit,
        HistoryRetention = TimeSpan.FromDays(3650),
    });

    /// <summary>The application says what a sign-in does at the limit.</summary>
    public static IReadOnlyList<SessionLimitAction> Actions { get; } = Enum.GetValues<SessionLimitAction>();

    public static string ApplicationOf(SessionLimitAction action) => action.ToString();

    /// <summary>The random choices of one client.</summary>
    public Random RandomOf(int client) => new(HashOf(HashOf(Seed, Number), client));

    /// <summary>
    /// A manager whose every call is recorded in the running operation. Time moves while calls are in flight, so the clock of
    /// the store is compared only on demand.
    /// </summary>
    public static SessionManager ManagerOf(ISessionStore store, Board board, bool comparesClocks = false) => new(
        new RecordedStore(comparesClocks ? store : new StoreWithoutClock(store)),
        Settings,
        new RecordedClock(board),
        [],
        policyProvider: new ActionByApplication());

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
