using System.Text.Json.Serialization;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>What the HTTP API shows of every session, active or ended. Never the token, nor its hash.</summary>
internal abstract class SessionFacts(Session session, SessionPlaces places)
{
    [JsonRequired, JsonPropertyOrder(-1)] public string Id { get; init; } = session.Id.ToString();
    [JsonRequired, JsonPropertyOrder(-1)] public string Organization { get; init; } = session.User.Organization;
    [JsonRequired, JsonPropertyOrder(-1)] public string User { get; init; } = session.User.Name;
    [JsonRequired, JsonPropertyOrder(-1)] public string Application { get; init; } = session.Application;
    [JsonRequired, JsonPropertyOrder(-1)] public string? IpAddress { get; init; } = session.IpAddress;
    [JsonRequired, JsonPropertyOrder(-1)] public string? UserAgent { get; init; } = session.UserAgent;
    [JsonRequired, JsonPropertyOrder(-1)] public string Device { get; init; } = DeviceLabel.Of(session.UserAgent);
    [JsonRequired, JsonPropertyOrder(-1)] public string? Place { get; init; } = places.Find(session.IpAddress);
    [JsonRequired, JsonPropertyOrder(-1)] public DateTime CreatedAt { get; init; } = session.CreatedAt.UtcDateTime;
    [JsonRequired, JsonPropertyOrder(-1)] public DateTime LastActiveAt { get; init; } = session.LastActiveAt.UtcDateTime;
    [JsonRequired, JsonPropertyOrder(-1)] public DateTime ExpiresAt { get; init; } = session.ExpiresAt.UtcDateTime;
}
