namespace Hanzo.Sessions;

/// <summary>
/// The settings of the library. They are checked when the host starts, all faults at once. From the configuration
/// section that <c>AddHanzoSessions</c> is given they are read by name: <c>HanzoSessions__IdleTimeout=00:15:00</c>.
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
    /// <remarks>In configuration, empty text stands for null.</remarks>
    public int? MaxSessions { get; set; } = new SessionPolicy().MaxSessions;

    /// <inheritdoc cref="SessionPolicy.LimitScope"/>
    public SessionLimitScope LimitScope { get; set; }

    /// <inheritdoc cref="SessionPolicy.AtLimit"/>
    public SessionLimitAction AtLimit { get; set; }

    /// <summary>
    /// How often the activity of a session is written down at most: 0 (at every request) up to half the idle timeout;
    /// null for a tenth of the session's idle timeout, but at most 60 seconds. An idle session can end this much
    /// early, because its last requests may not have been written; it never ends late.
    /// </summary>
    public TimeSpan? ActivityResolution { get; set; }

    /// <summary>The organization of a principal that names none. <c>default</c> by default.</summary>
    public string DefaultOrganization { get; set; } = "default";

    /// <summary>The application of a sign-in that names none. <c>default</c> by default.</summary>
    public string DefaultApplication { get; set; } = "default";

    /// <summary>Whether the store is made ready when the host starts (its schema created or checked). On by default.</summary>
    public bool PrepareStoreAtStart { get; set; } = true;

    /// <summary>Whether this process ends expired sessions and purges history. On by default; correctness never depends on it.</summary>
    public bool CleanupEnabled { get; set; } = true;

    /// <summary>How long to wait between two clean-ups, give or take a tenth: 1 second to 1 day, 1 minute by default.</summary>
    public TimeSpan CleanupInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many sessions one step of clean-up ends or purges: 1 to 10,000, 500 by default.</summary>
    public int CleanupBatchSize { get; set; } = 500;

    /// <summary>
    /// How long ended sessions are kept: 0 (purged by the next clean-up) to 3,650 days, 30 days by default; in any case
    /// until <see cref="Session.KeepHistoryUntil"/>, which an adopted session has.
    /// </summary>
    public TimeSpan HistoryRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How many ended sessions the in-memory store keeps, the newest: 0 to 10,000,000, 10,000 by default. Those that were
    /// adopted from old cookies are kept besides, until <see cref="Session.KeepHistoryUntil"/>, and not counted.
    /// </summary>
    public int HistoryCapacity { get; set; } = 10_000;

    /// <summary>How many distinct addresses of one user's active sessions raise an alarm: 2 to 1,000, 4 by default.</summary>
    public int IpSpreadThreshold { get; set; } = 4;

    /// <summary>How many leading bits of an IPv6 address count as one address: 16 to 128, 64 by default.</summary>
    public int IpSpreadIPv6Prefix { get; set; } = 64;

    /// <summary>
    /// How many events wait for each observer at most: 1 to 1,000,000, 10,000 by default. What comes while that many
    /// wait is dropped, logged and counted; nobody else is affected.
    /// </summary>
    public int ObserverQueueCapacity { get; set; } = 10_000;

    /// <summary>How long a stopping host waits for observers to hear what is queued: 0 to 5 minutes, 5 seconds by default.</summary>
    public TimeSpan ObserverDrainTimeout { get; set; } = TimeSpan.FromSeconds(5);

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

    /// <summary>The resolution for a session of the given idle timeout, which a policy provider may have made short.</summary>
    internal TimeSpan ResolutionFor(TimeSpan idleTimeout)
    {
        // Of whole ticks: every validation asks, and a time span is divided as a floating-point number.
        var (resolution, ceiling) = ActivityResolution is { } chosen
            ? (chosen.Ticks, idleTimeout.Ticks / 2)
            : (LongestResolution.Ticks, idleTimeout.Ticks / 10);
        return new TimeSpan(Math.Min(resolution, ceiling));
    }
}
