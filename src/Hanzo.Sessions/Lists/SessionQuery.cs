namespace Hanzo.Sessions;

/// <summary>Which sessions, sorted how, how many, from where.</summary>
public sealed record SessionQuery
{
    /// <summary>The largest <see cref="Limit"/>.</summary>
    public const int LargestLimit = 500;

    /// <summary>The largest <see cref="Offset"/>; a cursor reaches further.</summary>
    public const int LargestOffset = 10_000;

    /// <summary>How far a capped total counts.</summary>
    public const int TotalCap = 10_000;

    /// <summary>Which sessions.</summary>
    public required SessionFilter Filter { get; init; }

    /// <summary>What a row is. The methods of <see cref="SessionManager"/> set it.</summary>
    public SessionView View { get; init; }

    /// <summary>
    /// What to sort by; null for the usual order of the view: sessions by creation, records by user and application,
    /// history by end. A store always finds it set.
    /// </summary>
    public SessionSort? Sort { get; init; }

    /// <summary>
    /// The direction; null for the usual one of the sort (instants and counts descending, text ascending). The
    /// tie-breaker goes the same way. A store always finds it set.
    /// </summary>
    public bool? Descending { get; init; }

    /// <summary>How many rows: 1 to 500, 50 by default.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>How many rows to skip: 0 to 10,000. Not together with a cursor.</summary>
    public int Offset { get; init; }

    /// <summary>Continue after this position of an earlier page, with the same view, sort and direction.</summary>
    public SessionCursor? Cursor { get; init; }

    /// <summary>Whether to count all matches.</summary>
    public SessionTotal Total { get; init; }

    /// <summary>
    /// Checks the ranges and fills in view, sort and direction, as every store finds them. The methods of
    /// <see cref="SessionManager"/> do this by themselves.
    /// </summary>
    /// <param name="view">What a row is.</param>
    /// <exception cref="ArgumentException">A value is out of range, or values contradict each other.</exception>
    public SessionQuery Resolve(SessionView view)
    {
        Filter.Check();
        CheckRange(Limit, Offset);

        var sort = Sort ?? view switch
        {
            SessionView.Records => SessionSort.User,
            SessionView.History => SessionSort.Ended,
            _ => SessionSort.Created,
        };
        if (!SortsOf(view).Contains(sort))
        {
            throw new ArgumentException(
                $"{view} cannot be sorted by {sort}, only by {string.Join(", ", SortsOf(view))}.", nameof(Sort));
        }

        var resolved = this with
        {
            View = view,
            Sort = sort,
            Descending = Descending
                ?? sort is SessionSort.Created or SessionSort.LastActive or SessionSort.Expires or SessionSort.Ended or SessionSort.Count,
        };
        if (Cursor is not null && (Offset != 0 || !Cursor.Continues(resolved)))
        {
            throw new ArgumentException(
                "A cursor continues a list of the same view, sort and direction, and takes no offset.", nameof(Cursor));
        }

        return resolved;
    }

    /// <summary>The orders that a view has.</summary>
    /// <param name="view">What a row is.</param>
    public static IReadOnlyList<SessionSort> SortsOf(SessionView view) => view switch
    {
        SessionView.Records =>
            [SessionSort.User, SessionSort.Application, SessionSort.Created, SessionSort.LastActive, SessionSort.Count],
        SessionView.History =>
            [SessionSort.Ended, SessionSort.Created, SessionSort.LastActive, SessionSort.Expires, SessionSort.User, SessionSort.Application, SessionSort.IpAddress],
        _ =>
            [SessionSort.Created, SessionSort.LastActive, SessionSort.Expires, SessionSort.User, SessionSort.Application, SessionSort.IpAddress],
    };

    internal static void CheckRange(int limit, int offset)
    {
        InRange(limit, 1, LargestLimit, nameof(limit));
        InRange(offset, 0, LargestOffset, nameof(offset));
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
