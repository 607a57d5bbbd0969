using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>
/// The same envelope as <see cref="CasdoorAnswer"/> around many records, written while they are read. A store that
/// fails meanwhile is answered 503, or, once the answer has begun, breaks it off, so that nobody takes a part for the whole.
/// </summary>
internal sealed class CasdoorStream(IAsyncEnumerable<CasdoorRecord> records) : IResult
{
    private const int WriteAt = 80_000;

    public Task ExecuteAsync(HttpContext httpContext) => StoreFailure.IsAnsweredAsync(
        httpContext,
        httpContext.RequestServices.GetRequiredService<ILogger<CasdoorStream>>(),
        () => WriteAsync(httpContext.Response, httpContext.RequestAborted));

    private async Task WriteAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        response.Headers.CacheControl = "no-store";
        response.ContentType = "application/json; charset=utf-8";
        var buffer = new ArrayBufferWriter<byte>(WriteAt);
        var writer = new Utf8JsonWriter(buffer);
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
                await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
                if (buffer.WrittenCount > WriteAt)
                {
                    await response.Body.WriteAsync(buffer.WrittenMemory, cancellationToken).ConfigureAwait(false);
                    buffer.ResetWrittenCount();
                }
            }

            writer.WriteEndArray();
            writer.WriteNull("data2");
            writer.WriteNull("data3");
            writer.WriteEndObject();
            await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        await response.Body.WriteAsync(buffer.WrittenMemory, cancellationToken).ConfigureAwait(false);
    }
}
