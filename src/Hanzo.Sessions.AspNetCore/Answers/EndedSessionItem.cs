using System.Text.Json.Serialization;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>An ended session as the HTTP API shows it: when, why and by whom.</summary>
internal sealed class EndedSessionItem(Session session, PlaceNames places) : SessionFacts(session, places)
{
    [JsonRequired] public DateTime EndedAt { get; init; } = session.End!.At.UtcDateTime;
    [JsonRequired] public string Reason { get; init; } = session.End!.Reason.ToString();
    [JsonRequired] public string? EndedBy { get; init; } = session.End!.By?.ToString();
}
