namespace Hanzo.Sessions;

/// <summary>What became of a <see cref="SessionCreation"/>.</summary>
public sealed record SessionCreationResult
{
    /// <summary>Created, refused, or there already.</summary>
    public required SessionCreationOutcome Outcome { get; init; }

    /// <summary>
    /// When created: the sessions that the step ended, each once. The replaced one, the evicted ones, and under a limit
    /// those of the user whose time was up.
    /// </summary>
    public IReadOnlyList<EndedSession> Ended { get; init; } = [];

    /// <summary>When refused: the sessions that count against the limit, newest first, without their payload.</summary>
    public IReadOnlyList<Session> ActiveSessions { get; init; } = [];

    /// <summary>When there already: the stored session, active or ended.</summary>
    public Session? Existing { get; init; }

    /// <summary>When created: how many distinct <see cref="Session.IpNetwork"/> the user's active sessions had before the step.</summary>
    public int NetworksBefore { get; init; }

    /// <summary>When created: how many distinct <see cref="Session.IpNetwork"/> they have after it.</summary>
    public int Networks { get; init; }
}
