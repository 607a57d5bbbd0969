namespace Hanzo.Sessions.Postgres;

/// <summary>The settings of <see cref="PostgresSessionStore"/>. The host checks them at start and reports all faults at once.</summary>
public sealed class PostgresSessionStoreOptions
{
    /// <summary>
    /// The schema that holds the tables: 1 to 63 lowercase letters, digits and underscores, not beginning with a digit or
    /// <c>pg_</c>. Stores with different schemas do not see each other's sessions.
    /// </summary>
    /// <value><c>hanzo_sessions</c> by default.</value>
    public string Schema { get; set; } = "hanzo_sessions";

    /// <summary>
    /// How long a statement waits for a lock: 10 milliseconds to 2 minutes. After that, the call fails with the server's
    /// error 55P03. A lookup by token or id has no transaction, so the role's own timeouts apply; after this time, rounded up
    /// to whole seconds, it fails with Npgsql's exception around a <see cref="TimeoutException"/>. If hundreds of lookups wait
    /// for the same lock, they take turns, and the last one waits several times as long.
    /// </summary>
    /// <value>5 seconds by default.</value>
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a statement may run: 100 milliseconds to 1 hour. After that, the call fails with the server's error 57014.
    /// A lookup ends after this or <see cref="LockTimeout"/>, whichever is shorter. A termination that names neither a session
    /// nor a user may run 20 times as long: it ends some 40,000 sessions a second.
    /// </summary>
    /// <value>30 seconds by default.</value>
    public TimeSpan StatementTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often the store tries a call again after a failure that may pass soon (a deadlock, a lost connection, a server
    /// that restarts or has no connection left): 0 to 10 times, with growing random waits of up to a second.
    /// </summary>
    /// <value>4 by default.</value>
    public int Retries { get; set; } = 4;

    /// <summary>
    /// How long a starting host, or <see cref="PostgresSessionStore.PrepareAsync"/>, waits for a server that cannot be reached
    /// or is not ready, and for transactions that hold a table to which an upgrade adds something: 0 to 10 minutes. A wrong password, an unknown database and a schema of another version fail at once.
    /// </summary>
    /// <value>30 seconds by default.</value>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
