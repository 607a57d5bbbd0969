using System.Globalization;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>A record in the shape that existing clients expect.</summary>
internal sealed record CasdoorRecord(
    string? Owner, string? Name, string? Application, string? CreatedTime, IReadOnlyList<string>? SessionId)
{
    public static CasdoorRecord Of(SessionRecord record) => new(
        record.User.Organization,
        record.User.Name,
        record.Application,
        record.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        [.. record.Sessions.Select(session => session.Id.ToString())]);
}
