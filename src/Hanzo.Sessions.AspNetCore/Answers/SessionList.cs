namespace Hanzo.Sessions.AspNetCore;

/// <summary>A page of rows as the HTTP API returns it.</summary>
internal sealed record SessionList<T>(
    IReadOnlyList<T> Items, long? Total, bool TotalIsExact, int Limit, int Offset, string? NextCursor, string? PreviousCursor)
{
    public static SessionList<T> Of<TRow>(SessionPage<TRow> page, Func<TRow, T> item) => new(
        [.. page.Items.Select(item)], page.Total, page.TotalIsExact, page.Limit, page.Offset, page.NextCursor?.ToString(),
        page.PreviousCursor?.ToString());
}
