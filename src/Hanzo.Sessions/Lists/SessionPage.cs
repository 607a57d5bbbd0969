namespace Hanzo.Sessions;

/// <summary>A slice of a list. A page beyond the end is empty.</summary>
/// <typeparam name="T">What a row is.</typeparam>
public sealed record SessionPage<T>
{
    /// <summary>The rows.</summary>
    public required IReadOnlyList<T> Items { get; init; }

    /// <summary>How many rows match in all; null when no total was asked for.</summary>
    public long? Total { get; init; }

    /// <summary>False when there are more matches than <see cref="Total"/> says.</summary>
    public bool TotalIsExact { get; init; } = true;

    /// <summary>How many rows a page has at most.</summary>
    public required int Limit { get; init; }

    /// <summary>How many rows were skipped.</summary>
    public int Offset { get; init; }

    /// <summary>Where the next page begins; null when this is the last one.</summary>
    public SessionCursor? NextCursor { get; init; }
}
