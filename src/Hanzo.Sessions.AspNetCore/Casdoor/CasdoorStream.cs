using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>
/// The envelope of <see cref="CasdoorAnswer"/> around many records, written while they are read. If the store fails
/// before the response has started, the answer is 503; after that the connection is aborted, so that no client takes a
/// part for the whole.
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
        await using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("status", "ok");
        writer.WriteString("msg", string.Empty);
        writer.WriteString("sub", string.Empty);
        writer.WriteString("name", string.Empty);
        writer.WriteStartArray("data");
        await foreach (var record in records)
        {
            JsonSerializer.Serialize(writer, record, CasdoorJson.Default.CasdoorRecord);
            await writer.FlushAsync(cancellationToken);
            if (buffer.WrittenCount > WriteAt)
            {
                await response.Body.WriteAsync(buffer.WrittenMemory, cancellationToken);
                buffer.ResetWrittenCount();
            }
        }

        writer.WriteEndArray();
        writer.WriteNull("data2");
        writer.WriteNull("data3");
        writer.WriteEndObject();
        await writer.FlushAsync(cancellationToken);
        await response.Body.WriteAsync(buffer.WrittenMemory, cancellationToken);
    }
}
