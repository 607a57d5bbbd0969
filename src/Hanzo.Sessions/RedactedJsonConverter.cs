using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hanzo.Sessions;

/// <summary>Writes a secret to JSON as <c>[redacted]</c>. Reading one always throws.</summary>
/// <typeparam name="T">The type of the secret.</typeparam>
public sealed class RedactedJsonConverter<T> : JsonConverter<T>
{
    /// <summary>Always throws: JSON cannot contain a secret.</summary>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException($"A {typeof(T).Name} is a secret; it cannot be read from JSON.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue("[redacted]");
    }
}
