using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Inspects the store and the clean-up. Causes of unhealthy come first, causes of degraded after them.</summary>
internal sealed class SessionHealthCheck(
    ISessionStore store, SessionCleanupService cleanup, IOptions<HanzoSessionsOptions> options, TimeProvider clock) : IHealthCheck
{
    private const int MissedRuns = 3;
    private static readonly TimeSpan LargestClockDifference = TimeSpan.FromSeconds(1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        SessionStoreState state;
        var (asked, started) = (clock.GetUtcNow(), clock.GetTimestamp());
        try
        {
            state = await store.InspectAsync(cancellationToken);
        }
#pragma warning disable CA1031 // Whatever the store throws is the answer.
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "The session store does not answer.", fault);
        }

        var took = clock.GetElapsedTime(started);
        List<string> broken = [.. Causes(SchemaFault(state), state.WriteFault)];
        List<string> doubtful = [.. Causes(state.DurabilityFault, ClockFault(state, asked, took), CleanupFault())];
        var status = broken.Count > 0 ? context.Registration.FailureStatus
            : doubtful.Count > 0 ? HealthStatus.Degraded
            : HealthStatus.Healthy;
        return new HealthCheckResult(
            status, status == HealthStatus.Healthy ? "Sessions work." : string.Join(' ', [.. broken, .. doubtful]));
    }

    private static IEnumerable<string> Causes(params string?[] causes) => causes.OfType<string>();

    private static string? SchemaFault(SessionStoreState state) => state.SchemaVersion == state.ExpectedSchemaVersion
        ? null
        : string.Create(
            CultureInfo.InvariantCulture,
            $"The schema of the session store is of version {state.SchemaVersion}; this server works with version {state.ExpectedSchemaVersion}.");

    private static string? ClockFault(SessionStoreState state, DateTimeOffset asked, TimeSpan took)
    {
        // The database read its clock at some moment between the call and the answer.
        if (state.DatabaseTime is not { } shown
            || (shown >= asked - LargestClockDifference && shown <= asked + took + LargestClockDifference))
        {
            return null;
        }

        var difference = shown < asked ? asked - shown : shown - asked - took;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"The clock of the database is {difference.TotalSeconds:0.0} s {(shown < asked ? "behind" : "ahead of")} this server's.");
    }

    private string? CleanupFault() =>
        cleanup.SinceLastRun is { } since && since > options.Value.CleanupInterval * MissedRuns
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Clean-up is behind: it has not run to its end for {since:c}, and should every {options.Value.CleanupInterval:c}.")
            : null;
}
