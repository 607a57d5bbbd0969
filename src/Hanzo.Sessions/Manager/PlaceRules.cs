using System.Net;

namespace Hanzo.Sessions;

/// <summary>Compares the place of a request with where its session was used last, and says what the store keeps of a place.</summary>
internal sealed class PlaceRules(HanzoSessionsOptions options)
{
    private const int LongestAgent = 512;

    // A host's rule sees every other address; of IPv6 the upper half tells one client from another.
    private readonly int _ipv4Prefix = options.MoveRule is null ? options.MoveIPv4Prefix : 32;
    private readonly int _ipv6Prefix = options.MoveRule is null ? options.MoveIPv6Prefix : 64;

    public static string? Agent(string? agent) => TextRules.Describe(agent, LongestAgent);

    public string Text(IPAddress address) => SessionIpAddress.Text(address, options.AddressPrecision);

    public string AlarmNetwork(IPAddress address) =>
        SessionIpAddress.AlarmNetwork(address, options.IpSpreadIPv6Prefix, options.AddressPrecision);

    /// <summary>
    /// Whether the session is known at this place: the usual case of every request, in nanoseconds and without an allocation.
    /// False may still be no move.
    /// </summary>
    public bool IsKnown(Session session, in SessionPlace place) =>
        (place.UserAgent is not { Length: > 0 } agent || IsKnownAgent(session.LastUserAgent, agent))
        && (place.IpAddress is not { } address || session.KnownNetworks.Compare(address, _ipv4Prefix, _ipv6Prefix).IsNetworkKnown);

    /// <summary>In what the place differs from the known ones, as far as it counts as a move.</summary>
    public SessionMoveKinds Judge(Session session, in SessionPlace place)
    {
        var found = SessionMoveKinds.None;
        ref readonly var known = ref session.KnownNetworks;
        if (place.IpAddress is { } address && known.Any)
        {
            var (isFamilyKnown, isNetworkKnown) = known.Compare(address, options.MoveIPv4Prefix, options.MoveIPv6Prefix);
            found |= isNetworkKnown ? SessionMoveKinds.None
                : isFamilyKnown ? SessionMoveKinds.Network
                : SessionMoveKinds.Family;
        }

        // A session without a known agent or address learns it: there is nothing to compare with.
        if (session.LastUserAgent is { } agent
            && !string.IsNullOrEmpty(place.UserAgent)
            && !IsKnownAgent(agent, place.UserAgent)
            && !AgentFamily.AreSame(agent, Agent(place.UserAgent)))
        {
            found |= SessionMoveKinds.Agent;
        }

        found &= options.CountedMoves;
        return options.MoveRule is { } rule ? rule(session, place, found) : found;
    }

    /// <summary>Where the session was used last.</summary>
    public static SessionUse UseOf(Session session) => session.LastUse
        ?? new SessionUse { IpAddress = session.IpAddress, IpNetwork = session.IpNetwork, UserAgent = session.UserAgent };

    /// <summary>The use of the session at this place. What the place does not say stays as it was.</summary>
    public SessionUse UseAt(Session session, in SessionPlace place, DateTimeOffset? movedAt)
    {
        var last = UseOf(session);
        var use = last with { UserAgent = Agent(place.UserAgent) ?? last.UserAgent, MovedAt = movedAt };
        return place.IpAddress is not { } address
            ? use
            : use with
            {
                IpAddress = Text(address),
                IpNetwork = AlarmNetwork(address),
                OtherFamilyIpAddress = SessionIpAddress.Parse(last.IpAddress) is { } before
                    && before.AddressFamily != SessionIpAddress.Plain(address).AddressFamily
                        ? last.IpAddress
                        : last.OtherFamilyIpAddress,
            };
    }

    /// <summary>A number for the network and the kind of agent of a place.</summary>
    public int KeyOf(in SessionPlace place)
    {
        var network = 0;
        if (place.IpAddress is { } address)
        {
            var family = SessionIpAddress.Read(address, out var ipv4, out var ipv6);
            network = HashCode.Combine(family, (ulong)ipv4 >> (32 - _ipv4Prefix), ipv6 >> (64 - _ipv6Prefix));
        }

        return HashCode.Combine(network, AgentFamily.Hash(place.UserAgent));
    }

    // Text that the store would keep in another form is repaired before it is compared.
    private static bool IsKnownAgent(string? known, string agent) =>
        string.Equals(known, agent, StringComparison.Ordinal)
        || (known is not null && known.Length >= LongestAgent - 1 && string.Equals(known, Agent(agent), StringComparison.Ordinal));
}
