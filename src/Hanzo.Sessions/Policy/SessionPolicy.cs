namespace Hanzo.Sessions;

/// <summary>How long a session lasts, and how many a user can have. A session keeps the timeouts it was created with.</summary>
public sealed record SessionPolicy
{
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(3650);

    /// <summary>How long a session lasts without activity: 1 second to 3,650 days.</summary>
    /// <value>60 minutes by default.</value>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>How long a session lasts at most: 1 second to 3,650 days.</summary>
    /// <value>24 hours by default.</value>
    public TimeSpan AbsoluteTimeout { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The idle timeout of a persistent sign-in ("remember me"), in the same range.</summary>
    /// <value>By default null: that of <see cref="IdleTimeout"/>.</value>
    public TimeSpan? PersistentIdleTimeout { get; init; }

    /// <summary>The absolute timeout of a persistent sign-in ("remember me"), in the same range.</summary>
    /// <value>By default null: that of <see cref="AbsoluteTimeout"/>.</value>
    public TimeSpan? PersistentAbsoluteTimeout { get; init; }

    /// <summary>How many active sessions a user can have: 1 to 1,000,000; null switches the limit off.</summary>
    /// <value>10 by default.</value>
    public int? MaxSessions { get; init; } = 10;

    /// <summary>The sessions that count together.</summary>
    /// <value><see cref="SessionLimitScope.User"/> by default.</value>
    public SessionLimitScope LimitScope { get; init; }

    /// <summary>What a sign-in does at the limit.</summary>
    /// <value><see cref="SessionLimitAction.Refuse"/> by default.</value>
    public SessionLimitAction AtLimit { get; init; }

    internal SessionLimit? Limit => MaxSessions is { } maximum ? new SessionLimit(maximum, LimitScope, AtLimit) : null;

    internal TimeSpan Idle(bool persistent) => persistent ? PersistentIdleTimeout ?? IdleTimeout : IdleTimeout;

    internal TimeSpan Absolute(bool persistent) =>
        persistent ? PersistentAbsoluteTimeout ?? AbsoluteTimeout : AbsoluteTimeout;

    internal void Check(RangeCheck check)
    {
        check.InRange(nameof(IdleTimeout), IdleTimeout, ShortestTimeout, LongestTimeout);
        check.InRange(nameof(AbsoluteTimeout), AbsoluteTimeout, ShortestTimeout, LongestTimeout);
        check.InRange(nameof(PersistentIdleTimeout), PersistentIdleTimeout, ShortestTimeout, LongestTimeout);
        check.InRange(nameof(PersistentAbsoluteTimeout), PersistentAbsoluteTimeout, ShortestTimeout, LongestTimeout);
        check.InRange(nameof(MaxSessions), MaxSessions, 1, 1_000_000);
        check.Defined(nameof(LimitScope), LimitScope);
        check.Defined(nameof(AtLimit), AtLimit);
    }

    /// <summary>Refuses idle timeouts that can never be reached. Not for a policy provider, which may shorten one timeout alone.</summary>
    internal void CheckOrder(RangeCheck check)
    {
        check.NotLonger(nameof(IdleTimeout), IdleTimeout, nameof(AbsoluteTimeout), AbsoluteTimeout);
        if (PersistentIdleTimeout is not null || PersistentAbsoluteTimeout is not null)
        {
            check.NotLonger(
                PersistentIdleTimeout is null ? nameof(IdleTimeout) : nameof(PersistentIdleTimeout),
                Idle(persistent: true),
                PersistentAbsoluteTimeout is null ? nameof(AbsoluteTimeout) : nameof(PersistentAbsoluteTimeout),
                Absolute(persistent: true),
                " A persistent sign-in has both.");
        }
    }
}
