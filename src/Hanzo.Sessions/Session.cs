namespace Hanzo.Sessions;

/// <summary>
/// One sign-in of one user to one application on one device. Immutable: what changes in the store is seen by
/// reading again. Instants are UTC in whole milliseconds.
/// </summary>
public sealed record Session
{
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
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The last activity that was written down, at most one activity resolution behind the real one.</summary>
    public required DateTimeOffset LastActiveAt { get; init; }

    /// <summary>How long the session lasts without activity. Fixed when the session was created.</summary>
    public required TimeSpan IdleTimeout { get; init; }

    /// <summary>When the session is over whatever the user does. No activity moves it.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Until when the history of this session is kept although it would be purged; null for no such wish.</summary>
    public DateTimeOffset? KeepHistoryUntil { get; init; }

    /// <summary>
    /// What the host keeps with an active session, its claims above all. Empty for an ended session and in lists.
    /// </summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>When, why and by whom the session was ended; null while nobody has ended it.</summary>
    public SessionEnd? End { get; init; }

    /// <summary>
    /// The instant at which the session is over: the earlier of <see cref="LastActiveAt"/> plus
    /// <see cref="IdleTimeout"/> and <see cref="ExpiresAt"/>, or when it was ended.
    /// </summary>
    public DateTimeOffset ActiveUntil => End?.At ?? ActiveUntilAfter(LastActiveAt);

    /// <summary>Whether the session is neither ended nor timed out. At <see cref="ActiveUntil"/> itself it is over.</summary>
    /// <param name="now">The instant to judge by.</param>
    public bool IsActive(DateTimeOffset now) => End is null && now < ActiveUntil;

    /// <summary>
    /// The session as it stands at an instant: one that has timed out and was not reached by clean-up yet shows
    /// the end that it already has.
    /// </summary>
    /// <param name="now">The instant to judge by.</param>
    public Session AsOf(DateTimeOffset now) =>
        End is not null || now < ActiveUntil ? this : this with { End = Timeout(), Payload = default };

    /// <summary>When the session would be over after an activity at the given instant.</summary>
    internal DateTimeOffset ActiveUntilAfter(DateTimeOffset activity)
    {
        var idle = activity + IdleTimeout;
        return idle < ExpiresAt ? idle : ExpiresAt;
    }

    /// <summary>The end that time puts to this session.</summary>
    internal SessionEnd Timeout() => new(
        ActiveUntil,
        ActiveUntil < ExpiresAt ? SessionEndReason.IdleTimeout : SessionEndReason.Expired,
        By: null);
}
