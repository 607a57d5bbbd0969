namespace Hanzo.Sessions;

/// <summary>A use of a session at another place than the stored one, to write down in one atomic step.</summary>
public sealed record SessionMove
{
    /// <summary>The session.</summary>
    public required SessionId Id { get; init; }

    /// <summary>The user whose session it is.</summary>
    public required SessionUser User { get; init; }

    /// <summary>The instant of the use, at which the session must be active.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Where the session was used.</summary>
    public required SessionUse Use { get; init; }

    /// <summary>
    /// The store writes only if the <see cref="SessionUse.MovedAt"/> of the session is still this one: of several requests that
    /// have seen one place, one moves the session, and the others look again.
    /// </summary>
    public DateTimeOffset? IfMovedAt { get; init; }

    /// <summary>When the session is over after this use; null if the use is no activity.</summary>
    public DateTimeOffset? ActiveUntil { get; init; }

    /// <summary>
    /// Whether the same step ends the session, at <see cref="At"/>, with reason <see cref="SessionEndReason.Moved"/> and without
    /// an actor.
    /// </summary>
    public bool Ends { get; init; }

    /// <summary>See <see cref="StoreInstant.Tolerance"/>.</summary>
    public TimeSpan? Tolerance { get; init; }

    /// <summary>The instant to judge by.</summary>
    public StoreInstant Now => new(At, Tolerance);
}
