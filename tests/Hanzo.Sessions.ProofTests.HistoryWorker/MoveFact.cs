namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>A move that a call has asked the store to write.</summary>
internal sealed class MoveFact
{
    public required string Id { get; init; }

    public required UseFact Use { get; init; }

    /// <summary>The last move that the call had read.</summary>
    public required long? IfMovedAt { get; init; }

    /// <summary>Whether the store said that it has written it; null while, or because, it has not answered.</summary>
    public bool? IsWritten { get; set; }

    /// <summary>Whether it is one that is told, and not an address within a known network or another version of the agent.</summary>
    public bool IsMove => Use.MovedAt != IfMovedAt;
}

/// <summary>Where a session was used last.</summary>
internal sealed record UseFact(string? Address, string? Network, string? Agent, string? OtherAddress, long? MovedAt)
{
    public static UseFact Of(SessionUse use) =>
        new(use.IpAddress, use.IpNetwork, use.UserAgent, use.OtherFamilyIpAddress, use.MovedAt?.ToUnixTimeMilliseconds());
}

/// <summary>From how many networks a user's sessions were used before and after a step, as the store said.</summary>
internal sealed record NetworkCount(string Id, int Before, int After)
{
    public bool IsCrossing => Before < HistoryPlan.SpreadThreshold && After >= HistoryPlan.SpreadThreshold;
}

/// <summary>An alarm that a manager has announced.</summary>
internal sealed record AlarmFact(string Id, int Networks);
