namespace Hanzo.Sessions;

/// <summary>
/// The settings of the library. When the host starts, it checks them and reports all faults at once. Configuration sets
/// them by name: <c>HanzoSessions__IdleTimeout=00:15:00</c>.
/// </summary>
public sealed class HanzoSessionsOptions
{
    private static readonly TimeSpan LongestResolution = TimeSpan.FromSeconds(60);

    /// <inheritdoc cref="SessionPolicy.IdleTimeout"/>
    public TimeSpan IdleTimeout { get; set; } = new SessionPolicy().IdleTimeout;

    /// <inheritdoc cref="SessionPolicy.AbsoluteTimeout"/>
    public TimeSpan AbsoluteTimeout { get; set; } = new SessionPolicy().AbsoluteTimeout;

    /// <inheritdoc cref="SessionPolicy.PersistentIdleTimeout"/>
    public TimeSpan? PersistentIdleTimeout { get; set; }

    /// <inheritdoc cref="SessionPolicy.PersistentAbsoluteTimeout"/>
    public TimeSpan? PersistentAbsoluteTimeout { get; set; }

    /// <inheritdoc cref="SessionPolicy.MaxSessions"/>
    /// <remarks>In configuration, empty text means null.</remarks>
    public int? MaxSessions { get; set; } = new SessionPolicy().MaxSessions;

    /// <inheritdoc cref="SessionPolicy.LimitScope"/>
    public SessionLimitScope LimitScope { get; set; }

    /// <inheritdoc cref="SessionPolicy.AtLimit"/>
    public SessionLimitAction AtLimit { get; set; }

    /// <summary>
    /// The minimum time between two stored activities of a session: 0 (store every request) to half the idle timeout. An idle
    /// session can end this much early, because its last requests may not have been stored. It never ends late.
    /// </summary>
    /// <value>By default null: a tenth of the session's idle timeout, but at most 60 seconds.</value>
    public TimeSpan? ActivityResolution { get; set; }

    /// <summary>
    /// How far the clock of this server may be from that of the store, if the store has one: 1 second to 5 minutes. Beyond it
    /// nothing ends by time, and no session is created: see <see cref="SessionClockException"/>.
    /// </summary>
    /// <value>60 seconds by default.</value>
    public TimeSpan ClockTolerance { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The organization of a principal that names none.</summary>
    /// <value><c>default</c> by default.</value>
    public string DefaultOrganization { get; set; } = "default";

    /// <summary>The application of a sign-in that names none.</summary>
    /// <value><c>default</c> by default.</value>
    public string DefaultApplication { get; set; } = "default";

    /// <summary>Whether the host prepares the store when it starts: creates or checks its schema.</summary>
    /// <value>True by default.</value>
    public bool PrepareStoreAtStart { get; set; } = true;

    /// <summary>Whether this process ends timed-out sessions and purges history. Correctness never depends on it.</summary>
    /// <value>True by default.</value>
    public bool CleanupEnabled { get; set; } = true;

    /// <summary>The wait between two clean-ups, plus or minus a tenth: 1 second to 1 day.</summary>
    /// <value>1 minute by default.</value>
    public TimeSpan CleanupInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The maximum number of sessions that one step of clean-up ends or purges: 1 to 10,000.</summary>
    /// <value>500 by default.</value>
    public int CleanupBatchSize { get; set; } = 500;

    /// <summary>
    /// How long the store keeps ended sessions: 0 (the next clean-up purges them) to 3,650 days. It keeps an adopted session
    /// at least until its <see cref="Session.KeepHistoryUntil"/>.
    /// </summary>
    /// <value>30 days by default.</value>
    public TimeSpan HistoryRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How many ended sessions the in-memory store keeps, the newest: 0 to 10,000,000. Adopted sessions do not count, and
    /// are kept until their <see cref="Session.KeepHistoryUntil"/>.
    /// </summary>
    /// <value>10,000 by default.</value>
    public int HistoryCapacity { get; set; } = 10_000;

    /// <summary>The number of distinct addresses of one user's active sessions that raises an alarm: 2 to 1,000.</summary>
    /// <value>4 by default.</value>
    public int IpSpreadThreshold { get; set; } = 4;

    /// <summary>The number of leading bits of an IPv6 address that count as one address: 16 to 128.</summary>
    /// <value>64 by default.</value>
    public int IpSpreadIPv6Prefix { get; set; } = 64;

    /// <summary>What happens when a session is used from another place than before.</summary>
    /// <value><see cref="SessionMoveAction.Tell"/> by default: addresses change for honest reasons too.</value>
    public SessionMoveAction OnMove { get; set; }

    /// <summary>What counts as another place, besides what <see cref="DecideMoves"/> decides.</summary>
    /// <value>The network, the address family and the agent by default.</value>
    public SessionMoveKinds CountedMoves { get; set; } = SessionMoveKinds.Network | SessionMoveKinds.Family | SessionMoveKinds.Agent;

    /// <summary>The number of leading bits of an IPv4 address that are one network to a move: 8 to 32.</summary>
    /// <value>24 by default.</value>
    public int MoveIPv4Prefix { get; set; } = SessionIpAddress.KeptIPv4Prefix;

    /// <summary>The number of leading bits of an IPv6 address that are one network to a move: 16 to 64.</summary>
    /// <value>48 by default.</value>
    public int MoveIPv6Prefix { get; set; } = SessionIpAddress.KeptIPv6Prefix;

    /// <summary>
    /// How much of a client's address the library keeps and shows. With <see cref="SessionAddressPrecision.Network"/> the
    /// prefixes of moves must be within what is kept: 24 and 48. Addresses that are stored already stay as they are.
    /// </summary>
    /// <value>The whole address by default.</value>
    public SessionAddressPrecision AddressPrecision { get; set; }

    /// <summary>How many events can wait for each observer: 1 to 1,000,000. Further events are dropped, logged and counted.</summary>
    /// <value>10,000 by default.</value>
    public int ObserverQueueCapacity { get; set; } = 10_000;

    /// <summary>How long a stopping host waits for observers to hear the queued events: 0 to 5 minutes.</summary>
    /// <value>5 seconds by default.</value>
    public TimeSpan ObserverDrainTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The host's own rule of moves; null for none.</summary>
    internal SessionMoveRule? MoveRule { get; private set; }

    /// <summary>
    /// Lets the host decide what is a move, for example by the operator of a network. The last call wins. With a rule, a session
    /// counts as used from its known place while the address (of IPv6, its upper half) and the agent are the same.
    /// </summary>
    /// <param name="rule">The rule.</param>
    public void DecideMoves(SessionMoveRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        MoveRule = rule;
    }

    internal SessionPolicy ToPolicy() => new()
    {
        IdleTimeout = IdleTimeout,
        AbsoluteTimeout = AbsoluteTimeout,
        PersistentIdleTimeout = PersistentIdleTimeout,
        PersistentAbsoluteTimeout = PersistentAbsoluteTimeout,
        MaxSessions = MaxSessions,
        LimitScope = LimitScope,
        AtLimit = AtLimit,
    };

    /// <summary>The resolution for a session with this idle timeout, which may come from a policy provider.</summary>
    internal TimeSpan ResolutionFor(TimeSpan idleTimeout)
    {
        // In ticks, because every validation calls this and the division of a TimeSpan uses floating-point numbers.
        var (resolution, ceiling) = ActivityResolution is { } chosen
            ? (chosen.Ticks, idleTimeout.Ticks / 2)
            : (LongestResolution.Ticks, idleTimeout.Ticks / 10);
        return new TimeSpan(Math.Min(resolution, ceiling));
    }
}
