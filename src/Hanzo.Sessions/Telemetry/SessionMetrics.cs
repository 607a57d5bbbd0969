using System.Diagnostics.Metrics;

namespace Hanzo.Sessions;

/// <summary>The instruments of the core. Names follow OpenTelemetry's conventions. No tag identifies a user or a session.</summary>
internal sealed class SessionMetrics
{
    public const string MeterName = "Hanzo.Sessions";

    // Managers without a host share this one. A meter stays alive until it is disposed: one for each of them would leak.
    private static readonly SessionMetrics Shared = new(new Meter(MeterName));

    private SessionMetrics(Meter meter)
    {
        Created = meter.CreateCounter<long>("hanzo.sessions.created", "{session}", "Sessions that were created.");
        Refused = meter.CreateCounter<long>("hanzo.sessions.refused", "{sign_in}", "Sign-ins that the limit refused.");
        Ended = meter.CreateCounter<long>("hanzo.sessions.ended", "{session}", "Sessions that ended, by reason.");
        Moved = meter.CreateCounter<long>("hanzo.sessions.moved", "{move}", "Sessions that were used from another place, by kind.");
        IpSpread = meter.CreateCounter<long>("hanzo.sessions.ip_spread", "{alarm}", "Alarms: a user reached the threshold of distinct addresses.");
        Active = meter.CreateGauge<long>("hanzo.sessions.active", "{session}", "Active sessions in the store, counted after a clean-up.");
        Validations = meter.CreateCounter<long>("hanzo.sessions.validations", "{validation}", "Validated tokens, by result.");
        ValidationDuration = CreateDuration(meter, "hanzo.sessions.validation.duration", "How long validations took, by result.");
        ActivityWrites = meter.CreateCounter<long>("hanzo.sessions.activity.writes", "{session}", "Sessions whose activity was sent to the store.");
        StoreDuration = CreateDuration(meter, "hanzo.sessions.store.duration", "How long store calls took, by operation.");
        StoreErrors = meter.CreateCounter<long>("hanzo.sessions.store.errors", "{error}", "Store calls that failed, by operation and exception.");
        CleanupRemoved = meter.CreateCounter<long>("hanzo.sessions.cleanup.removed", "{session}", "Sessions that clean-up processed, by action (ended, purged).");
        CleanupDuration = CreateDuration(meter, "hanzo.sessions.cleanup.duration", "How long clean-ups took.");
        ObserverDropped = meter.CreateCounter<long>("hanzo.sessions.observer.dropped", "{event}", "Events that were dropped before an observer heard them.");
        ObserverErrors = meter.CreateCounter<long>("hanzo.sessions.observer.errors", "{error}", "Calls of an observer that failed.");
    }

    public Counter<long> Created { get; }

    public Counter<long> Refused { get; }

    public Counter<long> Ended { get; }

    public Counter<long> Moved { get; }

    public Counter<long> IpSpread { get; }

    public Gauge<long> Active { get; }

    public Counter<long> Validations { get; }

    public Histogram<double> ValidationDuration { get; }

    public Counter<long> ActivityWrites { get; }

    public Histogram<double> StoreDuration { get; }

    public Counter<long> StoreErrors { get; }

    public Counter<long> CleanupRemoved { get; }

    public Histogram<double> CleanupDuration { get; }

    public Counter<long> ObserverDropped { get; }

    public Counter<long> ObserverErrors { get; }

    /// <summary>The instruments of a host, or those that all managers without a host share.</summary>
    public static SessionMetrics Of(IMeterFactory? factory) =>
        factory is null ? Shared : new SessionMetrics(factory.Create(MeterName));

    // OpenTelemetry's buckets for durations in seconds, somewhat fewer, and finer ones below: a lookup takes a microsecond
    // in memory, and less than a millisecond in a database.
    private static Histogram<double> CreateDuration(Meter meter, string name, string description) => meter.CreateHistogram(
        name,
        "s",
        description,
        tags: null,
        new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries =
                [0.000_001, 0.000_01, 0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
        });
}
