namespace Hanzo.Sessions;

/// <summary>
/// A list as a store receives it: every value is set and within its range, and the sort is one that the view has. See
/// <see cref="SessionQuery"/> for what a caller writes.
/// </summary>
public sealed record SessionListing
{
    /// <summary>Which sessions.</summary>
    public required SessionFilter Filter { get; init; }

    /// <summary>What one row is.</summary>
    public required SessionView View { get; init; }

    /// <summary>What the rows are sorted by, before the tie-breaker of <see cref="SessionSort"/>.</summary>
    public required SessionSort Sort { get; init; }

    /// <summary>Whether the rows, and ties among them, come in descending order.</summary>
    public required bool Descending { get; init; }

    /// <summary>How many rows to skip.</summary>
    public int Offset { get; init; }

    /// <summary>How many rows to answer at most.</summary>
    public required int Limit { get; init; }

    /// <summary>Answer only rows after this position; null begins with the first row.</summary>
    public SessionCursor? After { get; init; }

    /// <summary>The same rows the other way round. What was before a position is after it now.</summary>
    internal SessionListing Reversed() => this with
    {
        Descending = !Descending,
        After = After is null ? null : After with { Descending = !Descending, IsBackward = false },
    };
}
