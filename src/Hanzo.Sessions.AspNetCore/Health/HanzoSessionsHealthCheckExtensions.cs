using Hanzo.Sessions.AspNetCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the health check of sessions.</summary>
public static class HanzoSessionsHealthCheckExtensions
{
    /// <summary>
    /// Checks whether sessions work. Unhealthy if the store does not answer, cannot be written to, has another schema than
    /// this version expects, or if its clock differs from this server's by more than
    /// <see cref="Hanzo.Sessions.HanzoSessionsOptions.ClockTolerance"/>. Degraded if answered changes may not survive a crash of the machine, if
    /// the clocks differ by more than a second, if this server's clock was set back, or if clean-up is late. The description
    /// names each cause.
    /// </summary>
    /// <param name="builder">The health checks of the host.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">The status to report instead of unhealthy; null for unhealthy.</param>
    /// <param name="tags">Tags to select checks by.</param>
    /// <param name="timeout">How long the store may take to answer; null for 10 seconds.</param>
    public static IHealthChecksBuilder AddHanzoSessions(
        this IHealthChecksBuilder builder,
        string name = "hanzo_sessions",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddCheck<SessionHealthCheck>(name, failureStatus, tags ?? [], timeout ?? TimeSpan.FromSeconds(10));
    }
}
