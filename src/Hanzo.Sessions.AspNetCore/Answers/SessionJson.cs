using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace Hanzo.Sessions.AspNetCore;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SessionList<SessionItem>))]
[JsonSerializable(typeof(SessionList<SessionRecordItem>))]
[JsonSerializable(typeof(SessionList<EndedSessionItem>))]
[JsonSerializable(typeof(SessionExplanationItem))]
[JsonSerializable(typeof(AlarmList))]
[JsonSerializable(typeof(AccountSessionList))]
[JsonSerializable(typeof(EndedAnswer))]
[JsonSerializable(typeof(ProblemDetails))]
internal sealed partial class SessionJson : JsonSerializerContext;
