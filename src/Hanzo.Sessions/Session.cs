using System.Runtime.InteropServices;

namespace Hanzo.Sessions;

/// <summary>
/// One sign-in of one user to one application on one device. It is immutable: read it again to see changes in the store.
/// Instants are UTC in whole milliseconds.
/// </summary>
public sealed record Session
{
    // Ticks and an array are smaller than DateTimeOffset and ReadOnlyMemory: the in-memory store keeps millions of these.
    private readonly long _createdAt;
    private readonly long _lastActiveAt;
    private readonly long _expiresAt;
    private readonly long _keepHistoryUntil;
    private readonly byte[]? _payload;
    private readonly string? _ipAddress;
    private readonly SessionUse? _lastUse;
    private KnownNetworks _known;

    /// <summary>The public name of the session. It never changes.</summary>
    public required SessionId Id { get; init; }

    /// <summary>The user who is signed in.</summary>
    public required SessionUser User { get; init; }

    /// <summary>The application that the user is signed in to.</summary>
    public required string Application { get; init; }

    /// <summary>The IP address of the sign-in, in canonical form without a scope id; null if unknown.</summary>
    public string? IpAddress
    {
        get => _ipAddress;
        init => (_ipAddress, _known) = (value, default);
    }

    /// <summary>
    /// The network that counts as one address for the IP-spread alarm: an IPv4 address itself, or an IPv6 prefix such as
    /// <c>2001:db8::/64</c>; null if the address is unknown.
    /// </summary>
    public string? IpNetwork { get; init; }

    /// <summary>The browser or program of the sign-in, at most 512 characters; null if it did not name itself.</summary>
    public string? UserAgent { get; init; }

    /// <summary>Where the session was used last; null while it was used only from where it was signed in.</summary>
    public SessionUse? LastUse
    {
        get => _lastUse;
        init => (_lastUse, _known) = (value, default);
    }

    /// <summary>The IP address from which the session was used last: that of the sign-in while it has not changed; null if unknown.</summary>
    public string? LastIpAddress => LastUse is { } use ? use.IpAddress : IpAddress;

    /// <summary>The browser or program that used the session last: that of the sign-in while it has not changed; null if unknown.</summary>
    public string? LastUserAgent => LastUse is { } use ? use.UserAgent : UserAgent;

    /// <summary>How the user signed in: the values of the <c>amr</c> claim (RFC 8176), separated by spaces; null if unknown.</summary>
    public string? AuthenticationMethods { get; init; }

    /// <summary>When the user signed in.</summary>
    public required DateTimeOffset CreatedAt
    {
        get => Instant(_createdAt);
        init => _createdAt = value.UtcTicks;
    }

    /// <summary>The last stored activity: at most one activity resolution behind the real one.</summary>
    public required DateTimeOffset LastActiveAt
    {
        get => Instant(_lastActiveAt);
        init => _lastActiveAt = value.UtcTicks;
    }

    /// <summary>How long the session lasts without activity. Fixed when the session was created.</summary>
    public required TimeSpan IdleTimeout { get; init; }

    /// <summary>When the session expires, regardless of activity.</summary>
    public required DateTimeOffset ExpiresAt
    {
        get => Instant(_expiresAt);
        init => _expiresAt = value.UtcTicks;
    }

    /// <summary>The instant until which the store keeps this session's history, even after the retention; null if only the retention counts.</summary>
    public DateTimeOffset? KeepHistoryUntil
    {
        get => _keepHistoryUntil == 0 ? null : Instant(_keepHistoryUntil);
        init => _keepHistoryUntil = value?.UtcTicks ?? 0;
    }

    /// <summary>The host's data for an active session, such as its claims. Empty for an ended session and in lists.</summary>
    public ReadOnlyMemory<byte> Payload
    {
        get => _payload;
        init => _payload = WholeArray(value);
    }

    /// <summary>When, why and by whom the session was ended; null if it has not been ended.</summary>
    public SessionEnd? End { get; init; }

    /// <summary>
    /// The instant at which the session is over: when it was ended or, if it was not, the earlier of
    /// <see cref="ExpiresAt"/> and <see cref="LastActiveAt"/> plus <see cref="IdleTimeout"/>.
    /// </summary>
    public DateTimeOffset ActiveUntil => End?.At ?? Instant(TimeUpTicks(_lastActiveAt));

    /// <summary>Whether the session has neither ended nor timed out. It is over from <see cref="ActiveUntil"/> on.</summary>
    /// <param name="now">The instant to judge by.</param>
    public bool IsActive(DateTimeOffset now) => End is null && now.UtcTicks < TimeUpTicks(_lastActiveAt);

    /// <summary>
    /// The session as of an instant: if it has timed out but has not been ended yet, the result has the end that clean-up
    /// will store.
    /// </summary>
    /// <param name="now">The instant to judge by.</param>
    public Session AsOf(DateTimeOffset now) =>
        End is not null || now < ActiveUntil ? this : this with { End = Timeout(), Payload = default };

    /// <summary>The networks in which the session is known.</summary>
    internal ref readonly KnownNetworks KnownNetworks
    {
        get
        {
            if (!_known.AreRead)
            {
                _known.Read(IpAddress, LastUse?.OtherFamilyIpAddress, LastUse?.IpAddress);
            }

            return ref _known;
        }
    }

    /// <summary>When the session is over after an activity at this instant.</summary>
    internal DateTimeOffset ActiveUntilAfter(DateTimeOffset activity) => Instant(TimeUpTicks(activity.UtcTicks));

    /// <summary>The end of this session if it times out.</summary>
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
