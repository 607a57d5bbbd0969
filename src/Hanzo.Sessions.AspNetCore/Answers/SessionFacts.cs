using System.Text.Json.Serialization;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>What the HTTP API shows of every session, active or ended. Never the token, nor its hash.</summary>
internal abstract class SessionFacts(Session session, PlaceNames places)
{
    [JsonRequired, JsonPropertyOrder(-1)] public string Id { get; init; } = session.Id.ToString();
    [JsonRequired, JsonPropertyOrder(-1)] public string Organization { get; init; } = session.User.Organization;
    [JsonRequired, JsonPropertyOrder(-1)] public string User { get; init; } = session.User.Name;
    [JsonRequired, JsonPropertyOrder(-1)] public string Application { get; init; } = session.Application;
    [JsonRequired, JsonPropertyOrder(-1)] public string? IpAddress { get; init; } = session.IpAddress;
    [JsonRequired, JsonPropertyOrder(-1)] public string? UserAgent { get; init; } = session.UserAgent;
    [JsonRequired, JsonPropertyOrder(-1)] public string Device { get; init; } = DeviceLabel.Of(session.UserAgent);
    [JsonRequired, JsonPropertyOrder(-1)] public string? Place { get; init; } = places.Find(session.IpAddress);

    // Where it was used last: null where that is the place of the sign-in.
    [JsonRequired, JsonPropertyOrder(-1)] public string? LastIpAddress { get; init; } = Other(session.LastIpAddress, session.IpAddress);
    [JsonRequired, JsonPropertyOrder(-1)] public string? LastUserAgent { get; init; } = Other(session.LastUserAgent, session.UserAgent);
    [JsonRequired, JsonPropertyOrder(-1)] public string? LastDevice { get; init; } = OtherDevice(session);
    [JsonRequired, JsonPropertyOrder(-1)] public string? LastPlace { get; init; } = places.Find(Other(session.LastIpAddress, session.IpAddress));
    [JsonRequired, JsonPropertyOrder(-1)] public DateTime? MovedAt { get; init; } = session.LastUse?.MovedAt?.UtcDateTime;

    [JsonRequired, JsonPropertyOrder(-1)] public DateTime CreatedAt { get; init; } = session.CreatedAt.UtcDateTime;
    [JsonRequired, JsonPropertyOrder(-1)] public DateTime LastActiveAt { get; init; } = session.LastActiveAt.UtcDateTime;
    [JsonRequired, JsonPropertyOrder(-1)] public DateTime ExpiresAt { get; init; } = session.ExpiresAt.UtcDateTime;

    private static string? Other(string? last, string? first) => string.Equals(last, first, StringComparison.Ordinal) ? null : last;

    private static string? OtherDevice(Session session) =>
        Other(session.LastUserAgent, session.UserAgent) is { } agent ? DeviceLabel.Of(agent) : null;
}
