using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Inspects the store and the clean-up. Causes of unhealthy come first, causes of degraded after them.</summary>
internal sealed class SessionHealthCheck(
    ISessionStore store, SessionCleanupService cleanup, IOptions<HanzoSessionsOptions> options, TimeProvider clock) : IHealthCheck
{
    private const int MissedRuns = 3;
    private static readonly TimeSpan UsualClockDifference = TimeSpan.FromSeconds(1);

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
        var (clockFault, areClocksApart) = ClockFault(state, asked, took);
        List<string> broken = [.. Causes(SchemaFault(state), state.WriteFault, areClocksApart ? clockFault : null)];
        List<string> doubtful = [.. Causes(state.DurabilityFault, areClocksApart ? null : clockFault, CleanupFault())];
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

    /// <summary>What is wrong with the clocks, and whether it is so much that nothing ends by time.</summary>
    private (string? Fault, bool AreApart) ClockFault(SessionStoreState state, DateTimeOffset asked, TimeSpan took)
    {
        var (tolerance, answered) = (options.Value.ClockTolerance, asked + took);
        if (state.NewestInstant is { } newest && newest > answered + tolerance)
        {
            return ($"The clock of this server shows {Text(answered)}, but the store has an instant of {Text(newest)}: the clock was set back.", false);
        }

        // The store read its clock at some moment between the call and the answer.
        var difference = state.StoreTime is not { } shown ? TimeSpan.Zero
            : shown < asked ? asked - shown
            : shown > answered ? shown - answered
            : TimeSpan.Zero;
        return difference > tolerance
            ? ($"The clock of this server shows {Text(answered)}, and that of the session store {Text(state.StoreTime!.Value)}: nothing ends by time, and no user can sign in here.", true)
            : difference > UsualClockDifference
            ? (string.Create(CultureInfo.InvariantCulture, $"The clock of the session store is {difference.TotalSeconds:0.0} s {(state.StoreTime < asked ? "behind" : "ahead of")} this server's."), false)
            : (null, false);
    }

    private static string Text(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private string? CleanupFault() =>
        cleanup.SinceLastRun is { } since && since > options.Value.CleanupInterval * MissedRuns
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Clean-up is behind: it has not run to its end for {since:c}, and should every {options.Value.CleanupInterval:c}.")
            : null;
}
