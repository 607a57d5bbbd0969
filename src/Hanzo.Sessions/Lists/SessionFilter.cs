using System.Net;
using System.Text;

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

    /// <summary>
    /// The IP address. An IPv4-mapped one becomes IPv4, and a scope id is dropped, so its text is what
    /// <see cref="Session.IpAddress"/> has.
    /// </summary>
    public IPAddress? IpAddress { get; init => field = value is null ? null : SessionIpAddress.Plain(value); }

    /// <summary>What the name of the user begins with, literally. Without an organization no index serves it: every session is read.</summary>
    public string? UserPrefix { get; init; }

    /// <summary>
    /// The first text, by code point, after all text that begins with <see cref="UserPrefix"/>: with it a database reads a
    /// range of an index. Null without a prefix, and when no text comes after it.
    /// </summary>
    public string? UserPrefixEnd
    {
        get
        {
            Rune[] runes = [.. (UserPrefix ?? string.Empty).EnumerateRunes()];
            var last = Array.FindLastIndex(runes, rune => rune.Value < 0x10FFFF);
            if (last < 0)
            {
                return null;
            }

            var next = runes[last].Value + 1;
            return string.Concat(runes[..last].Append(new Rune(next == 0xD800 ? 0xE000 : next)));
        }
    }

    /// <summary>Text that one column contains, literally. No index serves it: every session of the scope is read. It exists for the verbs of Casdoor.</summary>
    public SessionSubstring? Contains { get; init; }

    /// <summary>Only sessions created before this instant, rounded up to whole milliseconds as stored instants are.</summary>
    public DateTimeOffset? CreatedBefore { get; init => field = RoundUp(value); }

    /// <summary>Only sessions whose last activity was before this instant, rounded up to whole milliseconds as stored instants are.</summary>
    public DateTimeOffset? LastActiveBefore { get; init => field = RoundUp(value); }

    /// <summary>Every session but this one.</summary>
    public SessionId? Except { get; init; }

    /// <summary>All sessions of an organization, or explicitly of all organizations.</summary>
    /// <param name="scope">The organization, or <see cref="SessionScope.AllOrganizations"/>.</param>
    public static SessionFilter Of(SessionScope scope) => new() { Scope = scope };

    /// <summary>All sessions of one user.</summary>
    /// <param name="user">The user.</param>
    public static SessionFilter Of(SessionUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return new SessionFilter { Scope = SessionScope.Of(user), User = user.Name };
    }

    /// <summary>One session, if it is the user's.</summary>
    internal static SessionFilter Of(SessionUser user, SessionId id) => Of(user) with { Id = id };

    /// <summary>The one user whose sessions this filter can select; null when it may select sessions of several users.</summary>
    public SessionUser? SingleUser =>
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
            && (IpAddress is null || string.Equals(IpAddress.ToString(), session.IpAddress, StringComparison.Ordinal))
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
        _ = UserPrefix is null ? null : TextRules.Name(UserPrefix, nameof(UserPrefix));
        _ = Contains is null ? null : TextRules.Name(Contains.Text, nameof(Contains));
    }

    private static DateTimeOffset? RoundUp(DateTimeOffset? value)
    {
        if (value is not { } instant)
        {
            return null;
        }

        var fraction = instant.UtcTicks % TimeSpan.TicksPerMillisecond;
        var ticks = instant.UtcTicks + (fraction == 0 ? 0 : TimeSpan.TicksPerMillisecond - fraction);
        return new DateTimeOffset(Math.Min(ticks, DateTime.MaxValue.Ticks), TimeSpan.Zero);
    }
}
