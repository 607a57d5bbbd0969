using Hanzo.Sessions.AspNetCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the health check of sessions.</summary>
public static class HanzoSessionsHealthCheckExtensions
{
    /// <summary>
    /// Says whether sessions work: the store answers, can be written to and has the schema that this version works with
    /// (otherwise unhealthy); what was answered survives a crash of the machine, the database's clock is at most a
    /// second from this server's, and clean-up keeps its schedule (otherwise degraded). The description names each cause.
    /// </summary>
    /// <param name="builder">The health checks of the host.</param>
    /// <param name="name">What the check is called.</param>
    /// <param name="failureStatus">What is reported instead of unhealthy; null for unhealthy.</param>
    /// <param name="tags">By which checks are chosen.</param>
    /// <param name="timeout">How long the store may take to answer; 10 seconds when null.</param>
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
