namespace Hanzo.Sessions.Postgres;

/// <summary>The settings of <see cref="PostgresSessionStore"/>. They are checked when the host starts, all faults at once.</summary>
public sealed class PostgresSessionStoreOptions
{
    /// <summary>
    /// The schema that holds the tables, <c>hanzo_sessions</c> by default: 1 to 63 lower-case letters, digits and
    /// underscores, not beginning with a digit or <c>pg_</c>. Stores with different schemas do not see each other.
    /// </summary>
    public string Schema { get; set; } = "hanzo_sessions";

    /// <summary>
    /// How long one statement waits for a lock of another: 10 milliseconds to 2 minutes, 5 seconds by default. Beyond
    /// it the call fails with the server's error 55P03. A lookup by token or id is one statement without a transaction,
    /// to which the role's own timeouts apply: after this time, rounded up to whole seconds, the driver gives it up, and
    /// it fails with Npgsql's exception around a <see cref="TimeoutException"/>. When hundreds of lookups wait for the same
    /// lock, they take turns, and the last of them waits for several times as long.
    /// </summary>
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long one statement may run: 100 milliseconds to 1 hour, 30 seconds by default. Beyond it the call fails
    /// with the server's error 57014. A lookup ends with this or with <see cref="LockTimeout"/>, whichever is shorter. A
    /// termination that names neither a session nor a user may run 20 times as long: it ends some 40,000 sessions a second.
    /// </summary>
    public TimeSpan StatementTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often a call is tried again after a failure that may be over soon (a deadlock, a lost connection, a server
    /// that restarts or has no connection left): 0 to 10, 4 by default, with growing random waits of up to a second.
    /// </summary>
    public int Retries { get; set; } = 4;
}
