using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Hanzo.Sessions.Tests;

/// <summary>The spans of the library that the OpenTelemetry SDK has got since this was made.</summary>
internal sealed class RecordedTraces : IDisposable
{
    private readonly Exporter _exporter = new();
    private readonly TracerProvider _provider;

    public RecordedTraces() => _provider = Sdk.CreateTracerProviderBuilder()
        .AddSource("Hanzo.Sessions")
        .AddProcessor(new SimpleActivityExportProcessor(_exporter))
        .Build();

    public IReadOnlyList<Activity> Spans => [.. _exporter.Spans];

    /// <summary>Each span as its name, its status and its tags in order.</summary>
    public IReadOnlyList<string> Texts => [.. Spans.Select(span =>
        $"{span.OperationName} {span.Status} {string.Join(' ', span.TagObjects.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}"))}".TrimEnd())];

    public void Dispose() => _provider.Dispose();

    private sealed class Exporter : BaseExporter<Activity>
    {
        public ConcurrentQueue<Activity> Spans { get; } = [];

        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (var span in batch)
            {
                Spans.Enqueue(span);
            }

            return ExportResult.Success;
        }
    }
}
