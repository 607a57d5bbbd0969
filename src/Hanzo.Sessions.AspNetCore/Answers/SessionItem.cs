using System.Text.Json.Serialization;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>An active session as the HTTP API shows it.</summary>
internal sealed class SessionItem(Session session, SessionId? current, PlaceNames places) : SessionFacts(session, places)
{
    [JsonRequired] public DateTime ActiveUntil { get; init; } = session.ActiveUntil.UtcDateTime;
    [JsonRequired] public bool IsCurrent { get; init; } = session.Id == current;
}
