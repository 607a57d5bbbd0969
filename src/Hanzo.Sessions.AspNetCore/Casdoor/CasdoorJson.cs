using System.Text.Json.Serialization;

namespace Hanzo.Sessions.AspNetCore;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(CasdoorAnswer))]
[JsonSerializable(typeof(CasdoorRecord))]
[JsonSerializable(typeof(CasdoorRecord[]))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(bool))]
internal sealed partial class CasdoorJson : JsonSerializerContext;
