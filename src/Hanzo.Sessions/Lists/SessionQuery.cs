using System.ComponentModel;

namespace Hanzo.Sessions;

/// <summary>Which sessions, sorted how, how many, from where.</summary>
public sealed record SessionQuery
{
    /// <summary>The largest <see cref="Limit"/>.</summary>
    public const int MaxLimit = 500;

    /// <summary>The largest <see cref="Offset"/>. A cursor reaches further.</summary>
    public const int MaxOffset = 10_000;

    /// <summary>How far a total of <see cref="SessionTotalMode.Capped"/> counts.</summary>
    public const int MaxExactTotal = 10_000;

    /// <summary>Which sessions.</summary>
    public required SessionFilter Filter { get; init; }

    /// <summary>
    /// What to sort by. Null takes the usual order of the view: sessions by creation, records by user and application,
    /// history by end.
    /// </summary>
    public SessionSort? Sort { get; init; }

    /// <summary>
    /// The direction. Null takes the usual one of the sort: instants and counts descending, text ascending. The
    /// tie-breaker has the same direction.
    /// </summary>
    public bool? Descending { get; init; }

    /// <summary>How many rows: 1 to <see cref="MaxLimit"/>.</summary>
    /// <value>50 by default.</value>
    public int Limit { get; init; } = 50;

    /// <summary>How many rows to skip: 0 to <see cref="MaxOffset"/>. It cannot be combined with a cursor.</summary>
    public int Offset { get; init; }

    /// <summary>
    /// Continues after this position of an earlier page of the same view, sort and direction, or before it, if it is the
    /// <see cref="SessionPage{T}.PreviousCursor"/> of that page. Rows that come and go in between move nothing.
    /// </summary>
    public SessionCursor? Cursor { get; init; }

    /// <summary>Whether, and how far, all matches are counted.</summary>
    public SessionTotalMode Total { get; init; }

    /// <summary>All sessions of an organization, or explicitly of all organizations.</summary>
    /// <param name="scope">The organization, or <see cref="SessionScope.AllOrganizations"/>.</param>
    public static SessionQuery Of(SessionScope scope) => new() { Filter = SessionFilter.Of(scope) };

    /// <summary>
    /// Checks all values and fills in sort and direction, as a store receives them. <see cref="SessionManager"/> calls it
    /// for every list. A backward cursor makes it the list in the opposite direction.
    /// </summary>
    /// <param name="view">What one row is.</param>
    /// <exception cref="ArgumentException">A value is out of range, or values contradict each other.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public SessionListing Resolve(SessionView view)
    {
        Filter.Check();
        CheckRange(Limit, Offset);
        var sort = Sort ?? SortsOf(view)[0];
        if (!SortsOf(view).Contains(sort))
        {
            throw new ArgumentException(
                $"{view} cannot be sorted by {sort}, only by {string.Join(", ", SortsOf(view))}.", nameof(Sort));
        }

        var listing = new SessionListing
        {
            Filter = Filter,
            View = view,
            Sort = sort,
            Descending = Descending
                ?? sort is SessionSort.Created or SessionSort.LastActive or SessionSort.Expires or SessionSort.Ended or SessionSort.Count,
            Offset = Offset,
            Limit = Limit,
            After = Cursor,
        };
        if (Cursor is not null && (Offset != 0 || !Cursor.Continues(listing)))
        {
            throw new ArgumentException(
                "A cursor continues a list of the same view, sort and direction, and takes no offset.", nameof(Cursor));
        }

        return Cursor is { IsBackward: true } ? listing.Reversed() : listing;
    }

    /// <summary>The sorts that a view has, the usual one first.</summary>
    /// <param name="view">What one row is.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static IReadOnlyList<SessionSort> SortsOf(SessionView view) => view switch
    {
        SessionView.Records =>
            [SessionSort.User, SessionSort.Application, SessionSort.Created, SessionSort.LastActive, SessionSort.Count, SessionSort.Id],
        SessionView.History =>
            [SessionSort.Ended, SessionSort.Created, SessionSort.LastActive, SessionSort.Expires, SessionSort.User, SessionSort.Application, SessionSort.IpAddress],
        _ =>
            [SessionSort.Created, SessionSort.LastActive, SessionSort.Expires, SessionSort.User, SessionSort.Application, SessionSort.IpAddress],
    };

    internal static void CheckRange(int limit, int offset)
    {
        InRange(limit, 1, MaxLimit, nameof(limit));
        InRange(offset, 0, MaxOffset, nameof(offset));
    }

    private static void InRange(int value, int minimum, int maximum, string parameter)
    {
        if (value < minimum || value > maximum)
        {
            throw new ArgumentOutOfRangeException(
                parameter, value, $"{parameter} must be from {minimum} to {maximum}.");
        }
    }
}
