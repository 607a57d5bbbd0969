namespace Hanzo.Sessions;

/// <summary>The result of a <see cref="SessionCreation"/>.</summary>
public sealed record SessionCreationResult
{
    /// <summary>Whether the store created the session, refused it, or had it already.</summary>
    public required SessionCreationOutcome Outcome { get; init; }

    /// <summary>
    /// If created: the sessions that the step ended, each once: the replaced one, the evicted ones and, if there is a limit,
    /// the user's timed-out ones.
    /// </summary>
    public IReadOnlyList<EndedSession> Ended { get; init; } = [];

    /// <summary>If refused: the sessions that count against the limit, newest first, without their payload.</summary>
    public IReadOnlyList<Session> ActiveSessions { get; init; } = [];

    /// <summary>If it exists already: the stored session, active or ended; null if its user was forgotten.</summary>
    public Session? Existing { get; init; }

    /// <summary>If created: the number of distinct networks of the user's active sessions before the step, as
    /// <see cref="ISessionStore.ListIpSpreadAsync"/> counts them.</summary>
    public int NetworksBefore { get; init; }

    /// <summary>If created: that number after the step.</summary>
    public int Networks { get; init; }
}
