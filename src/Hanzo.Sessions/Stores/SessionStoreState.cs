namespace Hanzo.Sessions;

/// <summary>
/// What a store tells a health check about itself. Null means that the store does not have or does not know the value; the
/// health check ignores it.
/// </summary>
public sealed record SessionStoreState
{
    /// <summary>The version of the schema in the database; 0 if there is none.</summary>
    public int? SchemaVersion { get; init; }

    /// <summary>The version of the schema that the store expects.</summary>
    public int? ExpectedSchemaVersion { get; init; }

    /// <summary>What the clock of the store showed when it answered; null if it has no clock of its own.</summary>
    public DateTimeOffset? StoreTime { get; init; }

    /// <summary>
    /// About the newest instant that the store has been given, for a store without a clock of its own: if this server's clock
    /// is behind it, the clock was set back.
    /// </summary>
    public DateTimeOffset? NewestInstant { get; init; }

    /// <summary>A sentence that says why a crash of the machine may lose acknowledged changes.</summary>
    public string? DurabilityFault { get; init; }

    /// <summary>A sentence that says why the store cannot write.</summary>
    public string? WriteFault { get; init; }
}
