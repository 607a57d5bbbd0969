using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Hanzo.Sessions.Tests;

/// <summary>What the OpenTelemetry SDK has collected of the library's meter since this was made.</summary>
internal sealed class RecordedMetrics : IDisposable
{
    private readonly Exporter _exporter = new();
    private readonly MeterProvider _provider;

    public RecordedMetrics() => _provider = Sdk.CreateMeterProviderBuilder()
        .AddMeter("Hanzo.Sessions")
        .AddReader(new BaseExportingMetricReader(_exporter))
        .Build();

    /// <summary>Every series as it stands now.</summary>
    public IReadOnlyList<MetricSeries> Collect()
    {
        _exporter.Series.Clear();
        _provider.ForceFlush();
        return [.. _exporter.Series];
    }

    /// <summary>
    /// The series of one instrument in order, each as its tags' values and its value, such as <c>signed_out 3</c>: a
    /// sum, a last value, or of durations how many there were.
    /// </summary>
    public IReadOnlyList<string> ValuesOf(string instrument) => [.. Collect()
        .Where(series => string.Equals(series.Name, instrument, StringComparison.Ordinal))
        .Select(series => string.Join(' ', [.. series.Tags.Values, series.Value]))
        .Order(StringComparer.Ordinal)];

    public void Dispose() => _provider.Dispose();

    private sealed class Exporter : BaseExporter<Metric>
    {
        public List<MetricSeries> Series { get; } = [];

        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch)
            {
                foreach (ref readonly var point in metric.GetMetricPoints())
                {
                    var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
                    foreach (var tag in point.Tags)
                    {
                        tags.Add(tag.Key, $"{tag.Value}");
                    }

                    Series.Add(new MetricSeries(metric.Name, metric.Unit, tags, ValueOf(metric.MetricType, point), DurationOf(metric.MetricType, point)));
                }
            }

            return ExportResult.Success;
        }

        private static double ValueOf(MetricType type, in MetricPoint point) => type switch
        {
            MetricType.LongSum => point.GetSumLong(),
            MetricType.LongGauge => point.GetGaugeLastValueLong(),
            MetricType.Histogram => point.GetHistogramCount(),
            _ => throw new NotSupportedException($"{type}"),
        };

        private static double DurationOf(MetricType type, in MetricPoint point) =>
            type == MetricType.Histogram ? point.GetHistogramSum() : 0;
    }
}

/// <summary>One instrument with one set of tags. Seconds is the sum of a histogram.</summary>
internal sealed record MetricSeries(
    string Name, string Unit, IReadOnlyDictionary<string, string> Tags, double Value, double Seconds);
