namespace Hanzo.Sessions.Testing;

/// <summary>
/// Makes sessions for tests: <c>TestSessions.Of(TestSessions.Alice).In("mail").From("192.0.2.7").LimitedTo(3)</c>.
/// Every call answers a changed copy. What is not said is the same for all: application <c>shop</c>, created at
/// <see cref="Start"/>, one hour without activity, 24 hours in all, no address, no payload, no limit.
/// </summary>
public static class TestSessions
{
    /// <summary>When sessions are created unless a test says otherwise: the first instant of 2026.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>alice of acme.</summary>
    public static SessionUser Alice { get; } = new("acme", "alice");

    /// <summary>bob of acme.</summary>
    public static SessionUser Bob { get; } = new("acme", "bob");

    /// <summary>Another alice, of globex.</summary>
    public static SessionUser AliceElsewhere { get; } = new("globex", "alice");

    /// <summary>A session of a user, with a fresh id and a fresh token hash.</summary>
    /// <param name="user">Who signs in.</param>
    public static SessionCreation Of(SessionUser user) => new()
    {
        Session = new Session
        {
            Id = SessionId.New(Start),
            User = user,
            Application = "shop",
            CreatedAt = Start,
            LastActiveAt = Start,
            IdleTimeout = TimeSpan.FromHours(1),
            ExpiresAt = Start.AddHours(24),
        },
        TokenHash = NewTokenHash(),
    };

    /// <summary>A token hash that nobody has.</summary>
    public static SessionTokenHash NewTokenHash() => SessionToken.New().Hash();

    /// <summary>The sign-in to another application.</summary>
    /// <param name="creation">What to change.</param>
    /// <param name="application">The application.</param>
    public static SessionCreation In(this SessionCreation creation, string application) =>
        creation.With(session => session with { Application = application });

    /// <summary>The sign-in at another instant. The last activity, the expiry and the instant in the id move along.</summary>
    /// <param name="creation">What to change.</param>
    /// <param name="createdAt">The instant.</param>
    public static SessionCreation At(this SessionCreation creation, DateTimeOffset createdAt) =>
        creation.With(session => session with
        {
            Id = SessionId.New(createdAt),
            CreatedAt = createdAt,
            LastActiveAt = createdAt,
            ExpiresAt = createdAt + (session.ExpiresAt - session.CreatedAt),
        });

    /// <summary>The sign-in from an address, which is also its network.</summary>
    /// <param name="creation">What to change.</param>
    /// <param name="ipAddress">The address; null when it is not known.</param>
    public static SessionCreation From(this SessionCreation creation, string? ipAddress) =>
        creation.With(session => session with { IpAddress = ipAddress, IpNetwork = ipAddress });

    /// <summary>A session with other timeouts.</summary>
    /// <param name="creation">What to change.</param>
    /// <param name="idle">How long it lasts without activity.</param>
    /// <param name="absolute">How long it lasts at most.</param>
    public static SessionCreation Lasting(this SessionCreation creation, TimeSpan idle, TimeSpan absolute) =>
        creation.With(session => session with { IdleTimeout = idle, ExpiresAt = session.CreatedAt + absolute });

    /// <summary>A session with a payload.</summary>
    /// <param name="creation">What to change.</param>
    /// <param name="payload">The bytes.</param>
    public static SessionCreation Carrying(this SessionCreation creation, params byte[] payload) =>
        creation.With(session => session with { Payload = payload });

    /// <summary>A session with a given id.</summary>
    /// <param name="creation">What to change.</param>
    /// <param name="id">The id.</param>
    public static SessionCreation WithId(this SessionCreation creation, SessionId id) =>
        creation.With(session => session with { Id = id });

    /// <summary>A session of which anything is changed.</summary>
    /// <param name="creation">What to change.</param>
    /// <param name="change">How.</param>
    public static SessionCreation With(this SessionCreation creation, Func<Session, Session> change)
    {
        ArgumentNullException.ThrowIfNull(creation);
        ArgumentNullException.ThrowIfNull(change);
        return creation with { Session = change(creation.Session) };
    }

    /// <summary>A sign-in under a limit.</summary>
    /// <param name="creation">What to change.</param>
    /// <param name="maximum">How many sessions there may be.</param>
    /// <param name="scope">Which count together.</param>
    /// <param name="action">What happens when there are as many.</param>
    public static SessionCreation LimitedTo(
        this SessionCreation creation,
        int maximum,
        SessionLimitScope scope = SessionLimitScope.User,
        SessionLimitAction action = SessionLimitAction.Refuse)
    {
        ArgumentNullException.ThrowIfNull(creation);
        return creation with { Limit = new SessionLimit(maximum, scope, action) };
    }

    /// <summary>A sign-in over another session, whose token the request presented.</summary>
    /// <param name="creation">What to change.</param>
    /// <param name="presented">The hash of that token.</param>
    public static SessionCreation Over(this SessionCreation creation, SessionTokenHash presented)
    {
        ArgumentNullException.ThrowIfNull(creation);
        return creation with { Replaces = presented };
    }

    /// <summary>An activity in a session, to be written down.</summary>
    /// <param name="session">The session.</param>
    /// <param name="at">When.</param>
    /// <param name="ifLastActiveBy">The latest last activity over which it is written; null for whatever was written.</param>
    public static SessionTouch TouchAt(this Session session, DateTimeOffset at, DateTimeOffset? ifLastActiveBy = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new SessionTouch(session.Id, at, (session with { LastActiveAt = at }).ActiveUntil, ifLastActiveBy ?? session.ExpiresAt);
    }

    /// <summary>Ends sessions as <see cref="ISessionStore.TerminateAsync"/> does.</summary>
    /// <param name="store">The store.</param>
    /// <param name="filter">Which sessions.</param>
    /// <param name="end">The end to write down.</param>
    /// <param name="current">The protected session; null for none.</param>
    /// <param name="cancellationToken">Cancels before the step is committed.</param>
    public static Task<SessionTerminationResult> TerminateAsync(
        this ISessionStore store, SessionFilter filter, SessionEnd end, SessionId? current = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.TerminateAsync(new SessionTermination { Filter = filter, End = end, Current = current }, cancellationToken);
    }
}
