namespace Hanzo.Sessions.Postgres;

/// <summary>
/// The times of the database's clock at which a step is done. The statement and <see cref="Contains"/> compare the same values,
/// so both come to the same verdict.
/// </summary>
internal readonly struct ClockWindow(StoreInstant now)
{
    /// <summary>
    /// The clock of the database, or the one that replaces it (@store_now; null in production). In a transaction it is the
    /// arrival of BEGIN, before any wait for a lock.
    /// </summary>
    public const string StoreTime = "coalesce(@store_now, pg_catalog.transaction_timestamp())";

    /// <summary>Whether a step is done. PostgreSQL evaluates it once per statement, because no column is in it.</summary>
    public const string Agrees = StoreTime + " BETWEEN @clock_from AND @clock_to";

    public DateTime From { get; } = ParameterExtensions.Instant(now.Earliest);

    public DateTime To { get; } = ParameterExtensions.Instant(now.Latest);

    /// <summary>The parameters of <see cref="Agrees"/>, in the order in which <see cref="Database.StepAsync"/> adds them after all others.</summary>
    public static string[] ParameterNames { get; } = ["store_now", "clock_from", "clock_to"];

    public bool Contains(DateTimeOffset storeTime) => storeTime.UtcDateTime >= From && storeTime.UtcDateTime <= To;
}
