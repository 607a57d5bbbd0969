using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Hanzo.Sessions.AspNetCore.Tests.Secrets;

/// <summary>Every measurement of every meter and every span of every source, with all tags.</summary>
internal sealed class EvidenceTelemetry : IDisposable
{
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _spans = new();

    public EvidenceTelemetry(Evidence evidence)
    {
        _meters.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meters.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meters.Start();

        _spans.ShouldListenTo = _ => true;
        _spans.Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded;
        _spans.ActivityStopped = span => evidence.Add(
            "trace",
            $"{span.Source.Name} {span.DisplayName} {span.StatusDescription} {string.Join('|', span.TagObjects)} {string.Join('|', span.Baggage)} "
            + string.Join('|', span.Events.Select(it => $"{it.Name} {string.Join('|', it.Tags)}")));
        ActivitySource.AddActivityListener(_spans);

        void Add<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            evidence.Add("metric", $"{instrument.Meter.Name} {instrument.Name} {value} {string.Join('|', tags.ToArray())}");
    }

    public void Dispose()
    {
        _meters.Dispose();
        _spans.Dispose();
    }
}
