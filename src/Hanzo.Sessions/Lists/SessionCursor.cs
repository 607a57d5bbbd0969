using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Hanzo.Sessions;

/// <summary>
/// A position in a sorted list: the row after which the next page begins, or before which the previous one ends. For a
/// caller it is opaque text. For a store it is the values to compare with: the sort value and the <see cref="Id"/> for
/// sessions and history; the sort value, <see cref="User"/> and <see cref="Application"/> for records.
/// </summary>
public sealed record SessionCursor : IComparable<SessionCursor>
{
    private const byte Forward = 1;
    private const byte Backward = 2;

    /// <summary>The list that it belongs to.</summary>
    public required SessionView View { get; init; }

    /// <summary>What the list is sorted by.</summary>
    public required SessionSort Sort { get; init; }

    /// <summary>The direction of the list.</summary>
    public required bool Descending { get; init; }

    /// <summary>
    /// Whether it leads to the rows before it, nearest last, and not to those after it. A store never gets such a one: it
    /// lists the other way round instead.
    /// </summary>
    public bool IsBackward { get; init; }

    /// <summary>The row's value if the sort is by text; empty for records sorted by user, where the tie-breaker is the whole order.</summary>
    public string Text { get; init; } = string.Empty;

    /// <summary>The row's value if the sort is by an instant (milliseconds since 1970) or by a count.</summary>
    public long Number { get; init; }

    /// <summary>The row's id, for sessions and history; for records sorted by id the greatest id of its sessions.</summary>
    public SessionId Id { get; init; }

    /// <summary>The row's user, for records.</summary>
    public SessionUser? User { get; init; }

    /// <summary>The row's application, for records.</summary>
    public string Application { get; init; } = string.Empty;

    /// <summary>The row's instant, if the sort is by one.</summary>
    public DateTimeOffset Instant => DateTimeOffset.FromUnixTimeMilliseconds(Number);

    /// <summary>
    /// Begins history at an instant, oldest first: for <see cref="SessionManager.ListHistoryAsync"/>, sorted by
    /// <see cref="SessionSort.Ended"/>, ascending.
    /// </summary>
    /// <param name="instant">The earliest end to return, in whole milliseconds.</param>
    public static SessionCursor HistoryFrom(DateTimeOffset instant) => new()
    {
        View = SessionView.History,
        Sort = SessionSort.Ended,
        Descending = false,
        Number = instant.ToUnixTimeMilliseconds(),
    };

    /// <summary>The position of a session in a list.</summary>
    /// <param name="session">The row.</param>
    /// <param name="listing">The list.</param>
    public static SessionCursor Of(Session session, SessionListing listing)
    {
        ArgumentNullException.ThrowIfNull(session);
        return At(listing) with
        {
            Id = session.Id,
            Text = listing.Sort switch
            {
                SessionSort.User => session.User.Name,
                SessionSort.Application => session.Application,
                SessionSort.IpAddress => session.IpAddress ?? string.Empty,
                _ => string.Empty,
            },
            Number = listing.Sort switch
            {
                SessionSort.Created => session.CreatedAt.ToUnixTimeMilliseconds(),
                SessionSort.LastActive => session.LastActiveAt.ToUnixTimeMilliseconds(),
                SessionSort.Expires => session.ExpiresAt.ToUnixTimeMilliseconds(),
                SessionSort.Ended => session.ActiveUntil.ToUnixTimeMilliseconds(),
                _ => 0,
            },
        };
    }

    /// <summary>The position of a record in a list.</summary>
    /// <param name="record">The row.</param>
    /// <param name="listing">The list.</param>
    public static SessionCursor Of(SessionRecord record, SessionListing listing)
    {
        ArgumentNullException.ThrowIfNull(record);
        return At(listing) with
        {
            User = record.User,
            Application = record.Application,
            Id = listing.Sort == SessionSort.Id ? record.Sessions.Max(session => session.Id) : default,
            Text = listing.Sort == SessionSort.Application ? record.Application : string.Empty,
            Number = listing.Sort switch
            {
                SessionSort.Created => record.CreatedAt.ToUnixTimeMilliseconds(),
                SessionSort.LastActive => record.LastActiveAt.ToUnixTimeMilliseconds(),
                SessionSort.Count => record.Sessions.Count,
                _ => 0,
            },
        };
    }

    /// <summary>Reads what <see cref="ToString"/> wrote; returns false for any other text.</summary>
    /// <param name="text">The text that a caller sent.</param>
    /// <param name="cursor">The cursor, if the result is true.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SessionCursor? cursor)
    {
        cursor = null;
        if (text is not { Length: > 0 and < 4096 } || !Base64Url.IsValid(text))
        {
            return false;
        }

        try
        {
            using var reader = new BinaryReader(
                new MemoryStream(Base64Url.DecodeFromChars(text)), new UTF8Encoding(false, throwOnInvalidBytes: true));
            var kind = reader.ReadByte();
            if (kind is not (Forward or Backward))
            {
                return false;
            }

            var read = new SessionCursor
            {
                IsBackward = kind == Backward,
                View = (SessionView)reader.ReadByte(),
                Sort = (SessionSort)reader.ReadByte(),
                Descending = reader.ReadBoolean(),
                Number = reader.ReadInt64(),
                Text = reader.ReadString(),
                Id = new SessionId(new Guid(reader.ReadBytes(16), bigEndian: true)),
                User = SessionUser.TryParse(reader.ReadString(), null, out var user) ? user : null,
                Application = reader.ReadString(),
            };
            cursor = read.IsWhole() && reader.BaseStream.Position == reader.BaseStream.Length ? read : null;
        }
        catch (Exception fault) when (fault is IOException or ArgumentException or FormatException)
        {
            return false;
        }

        return cursor is not null;
    }

    /// <summary>Writes text for a caller to send back. It contains no secret.</summary>
    public override string ToString()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(IsBackward ? Backward : Forward);
        writer.Write((byte)View);
        writer.Write((byte)Sort);
        writer.Write(Descending);
        writer.Write(Number);
        writer.Write(Text);
        writer.Write(Id.Value.ToByteArray(bigEndian: true));
        writer.Write(User?.ToString() ?? string.Empty);
        writer.Write(Application);
        return Base64Url.EncodeToString(bytes.ToArray());
    }

    /// <summary>Compares two positions of the same list in ascending order, including the tie-breaker.</summary>
    /// <param name="other">The other position.</param>
    public int CompareTo(SessionCursor? other)
    {
        if (other is null)
        {
            return 1;
        }

        var order = Number.CompareTo(other.Number);
        order = order != 0 ? order : CodePointOrder.Compare(Text, other.Text);
        order = order != 0 ? order : Id.CompareTo(other.Id);
        order = order != 0 ? order : CodePointOrder.Compare(User?.Organization, other.User?.Organization);
        order = order != 0 ? order : CodePointOrder.Compare(User?.Name, other.User?.Name);
        return order != 0 ? order : CodePointOrder.Compare(Application, other.Application);
    }

    internal bool Continues(SessionListing listing) =>
        View == listing.View && Sort == listing.Sort && Descending == listing.Descending;

    private static SessionCursor At(SessionListing listing)
    {
        ArgumentNullException.ThrowIfNull(listing);
        return new SessionCursor { View = listing.View, Sort = listing.Sort, Descending = listing.Descending };
    }

    // A caller can send any cursor: values that no row can have would make a store fail.
    private bool IsWhole() =>
        Enum.IsDefined(View)
        && SessionQuery.SortsOf(View).Contains(Sort)
        && Number >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds()
        && Number <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
        && (Text.Length == 0 || TextRules.IsName(Text))
        && (View == SessionView.Records) == (User is not null)
        && (View == SessionView.Records ? TextRules.IsIdentifier(Application) : Application.Length == 0);
}
