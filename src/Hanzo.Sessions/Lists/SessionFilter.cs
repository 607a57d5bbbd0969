namespace Hanzo.Sessions;

/// <summary>
/// Which sessions: all conditions that are given must hold. It selects what is listed and what is terminated; the
/// state (active or ended) is not part of it.
/// </summary>
public sealed record SessionFilter
{
    /// <summary>The organization, or explicitly all of them.</summary>
    public required SessionScope Scope { get; init; }

    /// <summary>The session of this id only.</summary>
    public SessionId? Id { get; init; }

    /// <summary>The exact name of the user. Without an organization no index serves it: every session is read.</summary>
    public string? User { get; init; }

    /// <summary>The exact name of the application.</summary>
    public string? Application { get; init; }

    /// <summary>The address in the form of <see cref="Session.IpAddress"/>.</summary>
    public string? IpAddress { get; init; }

    /// <summary>What the name of the user begins with, literally. Without an organization no index serves it: every session is read.</summary>
    public string? UserPrefix { get; init; }

    /// <summary>Text that one column contains, literally. It reads every session of the scope: no index serves it.</summary>
    public SessionSubstring? Contains { get; init; }

    /// <summary>Only sessions created before this instant.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>Only sessions whose last activity was before this instant.</summary>
    public DateTimeOffset? LastActiveBefore { get; init; }

    /// <summary>Every session but this one.</summary>
    public SessionId? Except { get; init; }

    /// <summary>All sessions of one user.</summary>
    /// <param name="user">The user.</param>
    public static SessionFilter Of(SessionUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return new SessionFilter { Scope = SessionScope.Of(user), User = user.Name };
    }

    /// <summary>One session, if it is the user's.</summary>
    internal static SessionFilter Of(SessionUser user, SessionId id)
    {
        ArgumentNullException.ThrowIfNull(user);
        return new SessionFilter { Scope = SessionScope.Of(user), User = user.Name, Id = id };
    }

    /// <summary>The one user that this filter is about, when it names organization and user.</summary>
    internal SessionUser? SingleUser =>
        User is not null && Scope.Organization is { } organization ? SessionUser.OfChecked(organization, User) : null;

    /// <summary>Whether a session meets every condition.</summary>
    /// <param name="session">The session.</param>
    public bool Matches(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return Scope.Contains(session.User)
            && (Id is null || Id == session.Id)
            && (Except is null || Except != session.Id)
            && (User is null || string.Equals(User, session.User.Name, StringComparison.Ordinal))
            && (Application is null || string.Equals(Application, session.Application, StringComparison.Ordinal))
            && (IpAddress is null || string.Equals(IpAddress, session.IpAddress, StringComparison.Ordinal))
            && (UserPrefix is null || session.User.Name.StartsWith(UserPrefix, StringComparison.Ordinal))
            && (Contains is null || Contains.IsIn(session))
            && (CreatedBefore is null || session.CreatedAt < CreatedBefore)
            && (LastActiveBefore is null || session.LastActiveAt < LastActiveBefore);
    }

    /// <summary>Refuses text that no stored session can have, before a store sees it.</summary>
    internal void Check()
    {
        ArgumentNullException.ThrowIfNull(Scope);
        _ = User is null ? null : TextRules.Name(User, nameof(User));
        _ = Application is null ? null : TextRules.Identifier(Application, nameof(Application));
        _ = IpAddress is null ? null : TextRules.Name(IpAddress, nameof(IpAddress));
        _ = UserPrefix is null ? null : TextRules.Name(UserPrefix, nameof(UserPrefix));
        _ = Contains is null ? null : TextRules.Name(Contains.Text, nameof(Contains));
    }
}
