namespace Hanzo.Sessions;

/// <summary>Where a session was used last. Compare it with the place of the sign-in, which <see cref="Session"/> has itself.</summary>
public sealed record SessionUse
{
    /// <summary>The IP address, in the form of <see cref="Session.IpAddress"/>; null if unknown.</summary>
    public string? IpAddress { get; init; }

    /// <summary>The network that counts as one address for the IP-spread alarm; null if the address is unknown.</summary>
    public string? IpNetwork { get; init; }

    /// <summary>The browser or program, at most 512 characters; null if it did not name itself.</summary>
    public string? UserAgent { get; init; }

    /// <summary>
    /// The last address of the other family: of IPv6 if <see cref="IpAddress"/> is of IPv4. A browser that alternates between
    /// the two has one of each, and does not move. Null if the session was used through one family only.
    /// </summary>
    public string? OtherFamilyIpAddress { get; init; }

    /// <summary>When the last move was written down; null if the session has never moved.</summary>
    public DateTimeOffset? MovedAt { get; init; }
}
