using Microsoft.AspNetCore.Mvc;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>
/// The query parameters of a list. They are bound as text, so that the answer to a wrong one can name it, its value and
/// the range.
/// </summary>
internal sealed class ListParameters
{
    private static readonly KeyValuePair<string, SessionSort>[] Sorts =
    [
        new("createdAt", SessionSort.Created),
        new("lastActiveAt", SessionSort.LastActive),
        new("expiresAt", SessionSort.Expires),
        new("endedAt", SessionSort.Ended),
        new("user", SessionSort.User),
        new("application", SessionSort.Application),
        new("ipAddress", SessionSort.IpAddress),
        new("count", SessionSort.Count),
    ];

    private static readonly KeyValuePair<string, bool>[] Orders = [new("asc", false), new("desc", true)];

    private static readonly KeyValuePair<string, SessionTotalMode>[] Totals =
        [new("capped", SessionTotalMode.Capped), new("none", SessionTotalMode.None)];

    [FromQuery(Name = "limit")]
    public string? Limit { get; init; }

    [FromQuery(Name = "offset")]
    public string? Offset { get; init; }

    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    [FromQuery(Name = "organization")]
    public string? Organization { get; init; }

    [FromQuery(Name = "user")]
    public string? User { get; init; }

    [FromQuery(Name = "application")]
    public string? Application { get; init; }

    [FromQuery(Name = "ip")]
    public string? Ip { get; init; }

    [FromQuery(Name = "search")]
    public string? Search { get; init; }

    [FromQuery(Name = "sort")]
    public string? Sort { get; init; }

    [FromQuery(Name = "order")]
    public string? Order { get; init; }

    [FromQuery(Name = "total")]
    public string? Total { get; init; }

    /// <summary>The query that the parameters describe, within the scope of the caller.</summary>
    /// <exception cref="ParameterException">One of them is out of range.</exception>
    public SessionQuery ToQuery(SessionScope scope, SessionView view)
    {
        var organization = Parameter.Identifier("organization", Organization);
        var inScope = organization is null || scope.Organization is null
            || string.Equals(organization, scope.Organization, StringComparison.Ordinal);
        var query = new SessionQuery
        {
            Filter = new SessionFilter
            {
                Scope = organization is null || !inScope ? scope : SessionScope.Of(organization),

                // No session has this id: out of scope takes the same path as not found.
                Id = inScope ? null : default(SessionId),
                User = Parameter.Name("user", User),
                Application = Parameter.Identifier("application", Application),
                IpAddress = Parameter.Address("ip", Ip),
                UserPrefix = Parameter.Name("search", Search),
            },
            Sort = Parameter.OneOf("sort", Sort, Sorts.Where(it => SessionQuery.SortsOf(view).Contains(it.Value))),
            Descending = Parameter.OneOf("order", Order, Orders),
            Limit = Parameter.Number("limit", Limit, 1, SessionQuery.MaxLimit, 50),
            Offset = Parameter.Number("offset", Offset, 0, SessionQuery.MaxOffset, 0),
            Cursor = Parameter.Cursor("cursor", Cursor),
            Total = Parameter.OneOf("total", Total, Totals) ?? SessionTotalMode.Capped,
        };
        try
        {
            query.Resolve(view);
            return query;
        }
        catch (ArgumentException) when (query.Cursor is not null)
        {
            throw Parameter.Refused("cursor", Cursor!, "of a list with the same view, sort and order, and without offset");
        }
    }
}
