using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hanzo.Sessions;

/// <summary>Writes a secret to JSON as <c>[redacted]</c>, and never reads one.</summary>
/// <typeparam name="T">The kind of secret.</typeparam>
public sealed class RedactedJsonConverter<T> : JsonConverter<T>
{
    /// <summary>Always throws: a secret does not come from JSON.</summary>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException($"A {typeof(T).Name} is not read from JSON.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue("[redacted]");
    }
}
