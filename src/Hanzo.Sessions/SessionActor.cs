namespace Hanzo.Sessions;

/// <summary>The user or service that ended a session. History keeps it.</summary>
public sealed record SessionActor
{
    private const string UserPrefix = "user:";
    private const string ServicePrefix = "service:";

    private readonly string _text;

    private SessionActor(string text) => _text = text;

    /// <summary>A user.</summary>
    public static SessionActor Of(SessionUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return new SessionActor(string.Concat(UserPrefix, user.Organization, "/", user.Name));
    }

    /// <summary>A program: a client of the HTTP API, a nightly job.</summary>
    /// <param name="name">1 to 256 bytes of well-formed UTF-8 without NUL.</param>
    /// <exception cref="ArgumentException">The name is out of range.</exception>
    public static SessionActor Service(string name) => new(ServicePrefix + TextRules.Name(name, nameof(name)));

    /// <summary>Reads what <see cref="ToString"/> wrote, for a store.</summary>
    /// <param name="text">The text that the store kept.</param>
    /// <exception cref="FormatException">The text is not an actor.</exception>
    public static SessionActor Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith(UserPrefix, StringComparison.Ordinal) || text.StartsWith(ServicePrefix, StringComparison.Ordinal)
            ? new SessionActor(text)
            : throw new FormatException("The text is not an actor; it must be user:organization/name or service:name.");
    }

    /// <summary>Whether this is the given user.</summary>
    public bool Is(SessionUser user) => Equals(Of(user));

    /// <summary>The actor as <c>user:organization/name</c> or <c>service:name</c>.</summary>
    public override string ToString() => _text;
}
