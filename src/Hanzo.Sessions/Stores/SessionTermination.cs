namespace Hanzo.Sessions;

/// <summary>Which sessions to end, and the end to store.</summary>
public sealed record SessionTermination
{
    /// <summary>Selects the sessions.</summary>
    public required SessionFilter Filter { get; init; }

    /// <summary>The instant to judge by, the reason and the actor.</summary>
    public required SessionEnd End { get; init; }

    /// <summary>See <see cref="StoreInstant.Tolerance"/>.</summary>
    public TimeSpan? Tolerance { get; init; }

    /// <summary>The instant to judge by.</summary>
    public StoreInstant Now => new(End.At, Tolerance);

    /// <summary>The protected session: if the filter selects it while it is active, nothing ends. Null protects none.</summary>
    public SessionId? Current { get; init; }

    /// <summary>
    /// Ends only the session that has this token hash; null asks for none. With <see cref="IfPayload"/> it makes an end depend
    /// on what the caller has read.
    /// </summary>
    public SessionTokenHash? IfToken { get; init; }

    /// <summary>Ends only a session whose payload is this one; null asks for none.</summary>
    public ReadOnlyMemory<byte>? IfPayload { get; init; }

    /// <summary>
    /// The store may leave selected sessions that timed out at or before this instant to clean-up; null leaves none. The manager
    /// sets it for filters that may select millions of them, and early enough that no activity in flight can prolong one.
    /// </summary>
    public DateTimeOffset? TimedOutSince { get; init; }
}
