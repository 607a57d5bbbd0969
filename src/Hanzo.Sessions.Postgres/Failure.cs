using Npgsql;

namespace Hanzo.Sessions.Postgres;

/// <summary>What a failure of the driver or the server means. Told by codes and types, never by text.</summary>
internal static class Failure
{
    /// <summary>Whether trying again soon may help. Running into a timeout is not such a failure: the wait is over.</summary>
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

    /// <summary>
    /// Whether none of several hosts could be used, for reasons that may pass. The driver leaves out a host of which a
    /// connection was lost, for ten seconds, and then says no more than that there is none. A caller who cancels while it
    /// connects is told in the same way; the wait for the next attempt says what it was.
    /// </summary>
    public static bool MayPassAtHosts(NpgsqlException fault) => fault is not PostgresException && fault.InnerException switch
    {
        null => true,
        AggregateException each => each.InnerExceptions.Any(inner =>
            inner is OperationCanceledException || (inner is NpgsqlException one && MayPass(one))),
        _ => false,
    };

    /// <summary>Whether the server said so itself before it could have committed anything. A lost connection proves nothing.</summary>
    public static bool ChangedNothing(NpgsqlException fault) => fault is PostgresException
    {
        SqlState: PostgresErrorCodes.SerializationFailure
            or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.TooManyConnections,
    };
}
