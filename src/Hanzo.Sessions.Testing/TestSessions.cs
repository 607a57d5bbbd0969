namespace Hanzo.Sessions.Testing;

/// <summary>
/// Creates sessions for tests: <c>TestSessions.Of(TestSessions.Alice).In("mail").From("192.0.2.7").LimitedTo(3)</c>.
/// Every call returns a changed copy. The defaults: application <c>shop</c>, created at <see cref="Start"/>, an idle timeout
/// of 1 hour, an absolute timeout of 24 hours, no address, no payload, no limit.
/// </summary>
public static class TestSessions
{
    /// <summary>The default creation of sessions: the first instant of 2026.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The user <c>acme/alice</c>.</summary>
    public static SessionUser Alice { get; } = new("acme", "alice");

    /// <summary>The user <c>acme/bob</c>.</summary>
    public static SessionUser Bob { get; } = new("acme", "bob");

    /// <summary>The user <c>globex/alice</c>.</summary>
    public static SessionUser AliceElsewhere { get; } = new("globex", "alice");

    /// <summary>Creates a session of a user, with a fresh id and a fresh token hash.</summary>
    /// <param name="user">The user who signs in.</param>
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

    /// <summary>Creates a token hash that no session has.</summary>
    public static SessionTokenHash NewTokenHash() => SessionToken.New().Hash();

    /// <summary>Changes the application.</summary>
    /// <param name="creation">What to change.</param>
    /// <param name="application">The application.</param>
    public static SessionCreation In(this SessionCreation creation, string application) =>
        creation.With(session => session with { Application = application });

    /// <summary>Changes the instant of the sign-in. The last activity, the expiry and the instant in the id move along.</summary>
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

    /// <summary>Changes the IP address, which is also the network.</summary>
    /// <param name="creation">What to change.</param>
    /// <param name="ipAddress">The address; null if unknown.</param>
    public static SessionCreation From(this SessionCreation creation, string? ipAddress) =>
        creation.With(session => session with { IpAddress = ipAddress, IpNetwork = ipAddress });

    /// <summary>Changes the timeouts.</summary>
    /// <param name="creation">What to change.</param>
    /// <param name="idle">The idle timeout.</param>
    /// <param name="absolute">The absolute timeout.</param>
    public static SessionCreation Lasting(this SessionCreation creation, TimeSpan idle, TimeSpan absolute) =>
        creation.With(session => session with { IdleTimeout = idle, ExpiresAt = session.CreatedAt + absolute });

    /// <summary>Changes the payload.</summary>
    /// <param name="creation">What to change.</param>
    /// <param name="payload">The bytes.</param>
    public static SessionCreation Carrying(this SessionCreation creation, params byte[] payload) =>
        creation.With(session => session with { Payload = payload });

    /// <summary>Changes the id.</summary>
    /// <param name="creation">What to change.</param>
    /// <param name="id">The id.</param>
    public static SessionCreation WithId(this SessionCreation creation, SessionId id) =>
        creation.With(session => session with { Id = id });

    /// <summary>Changes any property of the session.</summary>
    /// <param name="creation">What to change.</param>
    /// <param name="change">Returns a changed copy.</param>
    public static SessionCreation With(this SessionCreation creation, Func<Session, Session> change)
    {
        ArgumentNullException.ThrowIfNull(creation);
        ArgumentNullException.ThrowIfNull(change);
        return creation with { Session = change(creation.Session) };
    }

    /// <summary>Sets a limit.</summary>
    /// <param name="creation">What to change.</param>
    /// <param name="maximum">The maximum number of active sessions.</param>
    /// <param name="scope">The sessions that count together.</param>
    /// <param name="action">What the store does at the limit.</param>
    public static SessionCreation LimitedTo(
        this SessionCreation creation,
        int maximum,
        SessionLimitScope scope = SessionLimitScope.User,
        SessionLimitAction action = SessionLimitAction.Refuse)
    {
        ArgumentNullException.ThrowIfNull(creation);
        return creation with { Limit = new SessionLimit(maximum, scope, action) };
    }

    /// <summary>Replaces another session, whose token the sign-in request presented.</summary>
    /// <param name="creation">What to change.</param>
    /// <param name="presented">The hash of that token.</param>
    public static SessionCreation Over(this SessionCreation creation, SessionTokenHash presented)
    {
        ArgumentNullException.ThrowIfNull(creation);
        return creation with { Replaces = presented };
    }

    /// <summary>Creates an activity of a session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="at">The instant of the activity.</param>
    /// <param name="ifLastActiveBy">See <see cref="SessionTouch.IfLastActiveBy"/>; null always writes the activity.</param>
    public static SessionTouch TouchAt(this Session session, DateTimeOffset at, DateTimeOffset? ifLastActiveBy = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new SessionTouch(session.Id, at, (session with { LastActiveAt = at }).ActiveUntil, ifLastActiveBy ?? session.ExpiresAt);
    }

    /// <summary>
    /// Creates a move of a session to another address, which is also the network. It is an activity, and nothing but the address
    /// changes. The session must be as stored: it says from where it moves.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="ipAddress">The new address; null if unknown.</param>
    /// <param name="at">The instant of the move.</param>
    public static SessionMove MoveTo(this Session session, string? ipAddress, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new SessionMove
        {
            Id = session.Id,
            User = session.User,
            At = at,
            Use = new SessionUse { IpAddress = ipAddress, IpNetwork = ipAddress, UserAgent = session.LastUserAgent, MovedAt = at },
            IfMovedAt = session.LastUse?.MovedAt,
            ActiveUntil = (session with { LastActiveAt = at }).ActiveUntil,
        };
    }

    /// <summary>Ends a user's sessions and removes what the store has of the user, as <see cref="ISessionStore.ForgetAsync"/> does.</summary>
    /// <param name="store">The store.</param>
    /// <param name="user">The user.</param>
    /// <param name="end">The end to report.</param>
    /// <param name="cancellationToken">Cancels before the step is committed.</param>
    public static Task<IReadOnlyList<EndedSession>> ForgetAsync(
        this ISessionStore store, SessionUser user, SessionEnd end, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.ForgetAsync(new SessionForgetting { User = user, End = end }, cancellationToken);
    }

    /// <summary>Ends sessions as <see cref="ISessionStore.TerminateAsync"/> does.</summary>
    /// <param name="store">The store.</param>
    /// <param name="filter">Selects the sessions.</param>
    /// <param name="end">The end to store.</param>
    /// <param name="current">The protected session; null for none.</param>
    /// <param name="cancellationToken">Cancels before the step is committed.</param>
    public static Task<SessionTerminationResult> TerminateAsync(
        this ISessionStore store, SessionFilter filter, SessionEnd end, SessionId? current = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.TerminateAsync(new SessionTermination { Filter = filter, End = end, Current = current }, cancellationToken);
    }
}
