using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>The same envelope as <see cref="CasdoorAnswer"/> around many records, written while they are read.</summary>
internal sealed class CasdoorStream(IAsyncEnumerable<CasdoorRecord> records) : IResult
{
    private const int FlushAt = 64 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers.CacheControl = "no-store";
        response.ContentType = "application/json; charset=utf-8";
        var writer = new Utf8JsonWriter(response.BodyWriter);
        await using (writer.ConfigureAwait(false))
        {
            writer.WriteStartObject();
            writer.WriteString("status", "ok");
            writer.WriteString("msg", string.Empty);
            writer.WriteString("sub", string.Empty);
            writer.WriteString("name", string.Empty);
            writer.WriteStartArray("data");
            await foreach (var record in records.ConfigureAwait(false))
            {
                JsonSerializer.Serialize(writer, record, CasdoorJson.Default.CasdoorRecord);
                if (writer.BytesPending > FlushAt)
                {
                    await writer.FlushAsync(httpContext.RequestAborted).ConfigureAwait(false);
                    await response.BodyWriter.FlushAsync(httpContext.RequestAborted).ConfigureAwait(false);
                }
            }

            writer.WriteEndArray();
            writer.WriteNull("data2");
            writer.WriteNull("data3");
            writer.WriteEndObject();
            await writer.FlushAsync(httpContext.RequestAborted).ConfigureAwait(false);
        }
    }
}
