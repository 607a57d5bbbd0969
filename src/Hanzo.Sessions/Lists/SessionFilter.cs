using System.Net;
using System.Text;

namespace Hanzo.Sessions;

/// <summary>
/// Selects the sessions to list or to terminate: those that meet every given condition. Whether a session is active or
/// ended is not a condition.
/// </summary>
public sealed record SessionFilter
{
    /// <summary>The organization, or explicitly all of them.</summary>
    public required SessionScope Scope { get; init; }

    /// <summary>The session of this id only.</summary>
    public SessionId? Id { get; init; }

    /// <summary>The exact name of the user. Without an organization a store reads every session: no index helps.</summary>
    public string? User { get; init; }

    /// <summary>The exact name of the application.</summary>
    public string? Application { get; init; }

    /// <summary>
    /// The IP address of the sign-in or of the last use, normalized as <see cref="Session.IpAddress"/> is: an IPv4-mapped address
    /// becomes IPv4, and a scope id is dropped.
    /// </summary>
    public IPAddress? IpAddress { get; init => field = value is null ? null : SessionIpAddress.Plain(value); }

    /// <summary>The text of <see cref="IpAddress"/> that stored sessions have; null if the address is no condition.</summary>
    public string? IpAddressText => IpAddress is null ? null : SessionIpAddress.Text(IpAddress, AddressPrecision);

    /// <summary>How much of an address the store keeps, which the manager knows.</summary>
    internal SessionAddressPrecision AddressPrecision { get; init; }

    /// <summary>What the user's name begins with, literally. Without an organization a store reads every session: no index helps.</summary>
    public string? UserPrefix { get; init; }

    /// <summary>
    /// The first text, by code point, after all text that begins with <see cref="UserPrefix"/>, so that a database can read
    /// a range of an index. Null if there is no prefix, or no text after it.
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

    /// <summary>Text that one column contains, for the verbs of Casdoor. A store reads every session of the scope: no index helps.</summary>
    public SessionSubstring? Contains { get; init; }

    /// <summary>Only sessions created before this instant, which is rounded up to whole milliseconds.</summary>
    public DateTimeOffset? CreatedBefore { get; init => field = RoundUp(value); }

    /// <summary>Only sessions whose last activity was before this instant, which is rounded up to whole milliseconds.</summary>
    public DateTimeOffset? LastActiveBefore { get; init => field = RoundUp(value); }

    /// <summary>Excludes this session.</summary>
    public SessionId? Except { get; init; }

    /// <summary>All sessions of an organization, or explicitly of all organizations.</summary>
    /// <param name="scope">The organization, or <see cref="SessionScope.AllOrganizations"/>.</param>
    public static SessionFilter Of(SessionScope scope) => new() { Scope = scope };

    /// <summary>All sessions of one user.</summary>
    public static SessionFilter Of(SessionUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return new SessionFilter { Scope = SessionScope.Of(user), User = user.Name };
    }

    internal static SessionFilter Of(SessionUser user, SessionId id) => Of(user) with { Id = id };

    /// <summary>The one user whose sessions this filter can select; null when it may select sessions of several users.</summary>
    public SessionUser? SingleUser =>
        User is not null && Scope.Organization is { } organization ? SessionUser.OfChecked(organization, User) : null;

    /// <summary>Whether a session meets every condition.</summary>
    public bool Matches(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return Scope.Contains(session.User)
            && (Id is null || Id == session.Id)
            && (Except is null || Except != session.Id)
            && (User is null || string.Equals(User, session.User.Name, StringComparison.Ordinal))
            && (Application is null || string.Equals(Application, session.Application, StringComparison.Ordinal))
            && (IpAddressText is not { } address || IsUsedFrom(session, address))
            && (UserPrefix is null || session.User.Name.StartsWith(UserPrefix, StringComparison.Ordinal))
            && (Contains is null || Contains.IsIn(session))
            && (CreatedBefore is null || session.CreatedAt < CreatedBefore)
            && (LastActiveBefore is null || session.LastActiveAt < LastActiveBefore);
    }

    private static bool IsUsedFrom(Session session, string address) =>
        string.Equals(address, session.IpAddress, StringComparison.Ordinal)
        || string.Equals(address, session.LastIpAddress, StringComparison.Ordinal);

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
