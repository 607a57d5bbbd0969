using System.Runtime.InteropServices;

namespace Hanzo.Sessions;

/// <summary>
/// One sign-in of one user to one application on one device. Immutable: what changes in the store is seen by
/// reading again. Instants are UTC in whole milliseconds.
/// </summary>
public sealed record Session
{
    // Ticks and a bare array instead of DateTimeOffset and ReadOnlyMemory: a store in memory keeps millions of these.
    private readonly long _createdAt;
    private readonly long _lastActiveAt;
    private readonly long _expiresAt;
    private readonly long _keepHistoryUntil;
    private readonly byte[]? _payload;

    /// <summary>The public name of the session. It never changes.</summary>
    public required SessionId Id { get; init; }

    /// <summary>Who is signed in.</summary>
    public required SessionUser User { get; init; }

    /// <summary>What the user is signed in to.</summary>
    public required string Application { get; init; }

    /// <summary>Where the sign-in came from, in canonical form without a scope id; null when it was not known.</summary>
    public string? IpAddress { get; init; }

    /// <summary>
    /// What counts as one address for the IP-spread alarm: the address itself for IPv4, its prefix such as
    /// <c>2001:db8::/64</c> for IPv6; null when the address was not known.
    /// </summary>
    public string? IpNetwork { get; init; }

    /// <summary>The browser or program that signed in, at most 512 characters; null when it did not say.</summary>
    public string? UserAgent { get; init; }

    /// <summary>How the user signed in: the values of the <c>amr</c> claim (RFC 8176), separated by a blank; null when unknown.</summary>
    public string? AuthenticationMethods { get; init; }

    /// <summary>When the user signed in.</summary>
    public required DateTimeOffset CreatedAt
    {
        get => Instant(_createdAt);
        init => _createdAt = value.UtcTicks;
    }

    /// <summary>The last activity that was written down, at most one activity resolution behind the real one.</summary>
    public required DateTimeOffset LastActiveAt
    {
        get => Instant(_lastActiveAt);
        init => _lastActiveAt = value.UtcTicks;
    }

    /// <summary>How long the session lasts without activity. Fixed when the session was created.</summary>
    public required TimeSpan IdleTimeout { get; init; }

    /// <summary>When the session is over whatever the user does. No activity moves it.</summary>
    public required DateTimeOffset ExpiresAt
    {
        get => Instant(_expiresAt);
        init => _expiresAt = value.UtcTicks;
    }

    /// <summary>Until when the history of this session is kept although it would be purged; null for no such wish.</summary>
    public DateTimeOffset? KeepHistoryUntil
    {
        get => _keepHistoryUntil == 0 ? null : Instant(_keepHistoryUntil);
        init => _keepHistoryUntil = value?.UtcTicks ?? 0;
    }

    /// <summary>
    /// What the host keeps with an active session, its claims above all. Empty for an ended session and in lists.
    /// </summary>
    public ReadOnlyMemory<byte> Payload
    {
        get => _payload;
        init => _payload = WholeArray(value);
    }

    /// <summary>When, why and by whom the session was ended; null while nobody has ended it.</summary>
    public SessionEnd? End { get; init; }

    /// <summary>
    /// The instant at which the session is over: the earlier of <see cref="LastActiveAt"/> plus
    /// <see cref="IdleTimeout"/> and <see cref="ExpiresAt"/>, or when it was ended.
    /// </summary>
    public DateTimeOffset ActiveUntil => End?.At ?? Instant(TimeUpTicks(_lastActiveAt));

    /// <summary>Whether the session is neither ended nor timed out. At <see cref="ActiveUntil"/> itself it is over.</summary>
    /// <param name="now">The instant to judge by.</param>
    public bool IsActive(DateTimeOffset now) => End is null && now.UtcTicks < TimeUpTicks(_lastActiveAt);

    /// <summary>
    /// The session as it stands at an instant: one that has timed out and was not reached by clean-up yet shows
    /// the end that it already has.
    /// </summary>
    /// <param name="now">The instant to judge by.</param>
    public Session AsOf(DateTimeOffset now) =>
        End is not null || now < ActiveUntil ? this : this with { End = Timeout(), Payload = default };

    /// <summary>When the session would be over after an activity at the given instant.</summary>
    internal DateTimeOffset ActiveUntilAfter(DateTimeOffset activity) => Instant(TimeUpTicks(activity.UtcTicks));

    /// <summary>The end that time puts to this session.</summary>
    internal SessionEnd Timeout() => new(
        ActiveUntil,
        ActiveUntil < ExpiresAt ? SessionEndReason.IdleTimeout : SessionEndReason.Expired,
        By: null);

    private long TimeUpTicks(long activity) => Math.Min(activity + IdleTimeout.Ticks, _expiresAt);

    private static DateTimeOffset Instant(long utcTicks) => new(utcTicks, TimeSpan.Zero);

    private static byte[]? WholeArray(ReadOnlyMemory<byte> bytes) =>
        bytes.IsEmpty ? null
        : MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Array!.Length == bytes.Length ? segment.Array
        : bytes.ToArray();
}
