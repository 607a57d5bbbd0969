namespace Hanzo.Sessions.ProofTests.Models;

/// <summary>What a caller knows of a session when a request uses it: as it is stored, or as it was when the caller read it.</summary>
internal sealed record ModelView(string? Address, string? Network, string? Agent, SessionUse? LastUse, DateTimeOffset LastActiveAt)
{
    public static ModelView Of(Session session) =>
        new(session.IpAddress, session.IpNetwork, session.UserAgent, session.LastUse, session.LastActiveAt);

    public SessionUse Use => LastUse ?? new SessionUse { IpAddress = Address, IpNetwork = Network, UserAgent = Agent };

    public bool IsKnown(ModelPlace place) =>
        (place.Agent is null || Same(place.Agent, Use.UserAgent))
        && (place.Text is null || Known(place.Family) == place.MoveNetwork);

    /// <summary>Whether the place is kept just as it is now.</summary>
    public bool IsSame(ModelPlace place) =>
        (place.Agent is null || Same(place.Agent, Use.UserAgent)) && (place.Text is null || Same(place.Text, Use.IpAddress));

    public SessionMoveKinds Judge(ModelPlace place)
    {
        var kinds = SessionMoveKinds.None;
        if (place.Text is not null && (Known(4) ?? Known(6)) is not null && Known(place.Family) != place.MoveNetwork)
        {
            kinds |= Known(place.Family) is null ? SessionMoveKinds.Family : SessionMoveKinds.Network;
        }

        return place.Agent is { } agent && Use.UserAgent is { } known && agent[0] != known[0] ? kinds | SessionMoveKinds.Agent : kinds;
    }

    public SessionUse At(ModelPlace place, DateTimeOffset? movedAt)
    {
        var use = Use with { UserAgent = place.Agent ?? Use.UserAgent, MovedAt = movedAt };
        return place.Text is null ? use : use with
        {
            IpAddress = place.Text,
            IpNetwork = place.AlarmNetwork,
            OtherFamilyIpAddress = use.IpAddress is { } before && ModelPlace.NetworkOf(before).Family != place.Family
                ? before
                : use.OtherFamilyIpAddress,
        };
    }

    /// <summary>The network in which the session is known, of one address family: the last one.</summary>
    private char? Known(int family)
    {
        var last = new[] { Address, LastUse?.OtherFamilyIpAddress, LastUse?.IpAddress }.OfType<string>()
            .Select(ModelPlace.NetworkOf)
            .LastOrDefault(it => it.Family == family);
        return last.Family == family ? last.MoveNetwork : null;
    }

    private static bool Same(string? left, string? right) => string.Equals(left, right, StringComparison.Ordinal);
}
