namespace Hanzo.Sessions;

/// <summary>Everything a store needs to create a session in one atomic step.</summary>
public sealed record SessionCreation
{
    /// <summary>The session. Its <see cref="Session.CreatedAt"/> is the instant of the whole step.</summary>
    public required Session Session { get; init; }

    /// <summary>The hash of its token.</summary>
    public required SessionTokenHash TokenHash { get; init; }

    /// <summary>How many sessions there may be; null for no limit.</summary>
    public SessionLimit? Limit { get; init; }

    /// <summary>The hash of the token that the sign-in presented; null when it presented none.</summary>
    public SessionTokenHash? Replaces { get; init; }

    /// <summary>Who is written down as having ended the replaced and the evicted sessions: the user who signs in.</summary>
    public SessionActor By => SessionActor.Of(Session.User);
}
