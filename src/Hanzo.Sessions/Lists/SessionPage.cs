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

    /// <summary>Where the next page begins; null if this is the last one.</summary>
    public SessionCursor? NextCursor { get; init; }
}
