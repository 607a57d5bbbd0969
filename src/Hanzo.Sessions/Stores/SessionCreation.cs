namespace Hanzo.Sessions;

/// <summary>What a store needs to create a session in one atomic step.</summary>
public sealed record SessionCreation
{
    /// <summary>The session. Its <see cref="Session.CreatedAt"/> is the instant of the whole step, and it has no
    /// <see cref="Session.LastUse"/>.</summary>
    public required Session Session { get; init; }

    /// <summary>The hash of its token.</summary>
    public required SessionTokenHash TokenHash { get; init; }

    /// <summary>The limit on the user's active sessions; null for none.</summary>
    public SessionLimit? Limit { get; init; }

    /// <summary>The hash of the token that the sign-in presented; null if it presented none.</summary>
    public SessionTokenHash? Replaces { get; init; }

    /// <summary>See <see cref="StoreInstant.Tolerance"/>.</summary>
    public TimeSpan? Tolerance { get; init; }

    /// <summary>The instant to judge by.</summary>
    public StoreInstant Now => new(Session.CreatedAt, Tolerance);

    /// <summary>The actor who ends the replaced and the evicted sessions: the user who signs in.</summary>
    public SessionActor By => SessionActor.Of(Session.User);
}
