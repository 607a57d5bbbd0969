using Npgsql;

namespace Hanzo.Sessions.Postgres;

/// <summary>Classifies failures of the driver and the server by code and type, never by text.</summary>
internal static class Failure
{
    /// <summary>Whether another attempt may succeed soon. After a timeout it is not made: the caller has waited long enough.</summary>
    public static bool MayPass(NpgsqlException fault) => fault is PostgresException refusal
        ? refusal.SqlState is PostgresErrorCodes.SerializationFailure
            or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.TooManyConnections
            or PostgresErrorCodes.IdleSessionTimeout
            || refusal.SqlState.StartsWith("08", StringComparison.Ordinal)
        : fault is { IsTransient: true, InnerException: not TimeoutException };

    /// <summary>Whether the server cannot be reached, or takes no connections yet: it may be starting.</summary>
    public static bool IsAway(NpgsqlException fault) => fault is PostgresException refusal
        ? refusal.SqlState is PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.TooManyConnections
            || refusal.SqlState.StartsWith("08", StringComparison.Ordinal)
        : fault.IsTransient;

    /// <summary>
    /// Whether none of several hosts could be used, for reasons that may pass. When a connection to a host is lost, the
    /// driver skips the host for ten seconds, and then says only that there is none. It reports a caller's cancellation
    /// while connecting in the same way; in that case, the wait for the next attempt throws.
    /// </summary>
    public static bool MayPassAtHosts(NpgsqlException fault) => fault is not PostgresException && fault.InnerException switch
    {
        null => true,
        AggregateException each => each.InnerExceptions.Any(inner =>
            inner is OperationCanceledException || (inner is NpgsqlException one && MayPass(one))),
        _ => false,
    };

    /// <summary>Whether the server refused before it could have committed anything. A lost connection proves nothing.</summary>
    public static bool ChangedNothing(NpgsqlException fault) => fault is PostgresException
    {
        SqlState: PostgresErrorCodes.SerializationFailure
            or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.TooManyConnections,
    };
}
