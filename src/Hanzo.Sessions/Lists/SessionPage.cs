namespace Hanzo.Sessions;

/// <summary>One page of a list. A page beyond the end is empty.</summary>
/// <typeparam name="T">The type of a row.</typeparam>
public sealed record SessionPage<T>
{
    /// <summary>The rows.</summary>
    public required IReadOnlyList<T> Items { get; init; }

    /// <summary>How many rows match in all; null if the query asks for no total.</summary>
    public long? Total { get; init; }

    /// <summary>False if there are more matches than <see cref="Total"/> says.</summary>
    public bool TotalIsExact { get; init; } = true;

    /// <summary>The maximum number of rows in a page.</summary>
    public required int Limit { get; init; }

    /// <summary>The number of skipped rows.</summary>
    public int Offset { get; init; }

    /// <summary>
    /// Where the next page begins; null if this is the last one. After a page that a <see cref="PreviousCursor"/> led to, the
    /// rows behind it may be gone by now: then the next page is empty.
    /// </summary>
    public SessionCursor? NextCursor { get; init; }

    /// <summary>
    /// Where the page before this one ends; null if this is the first one. The rows before it may be gone by now: then
    /// that page is short or empty, and the list is best read again from its beginning.
    /// </summary>
    public SessionCursor? PreviousCursor { get; init; }
}
