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

    /// <summary>The clock of the database when it answered.</summary>
    public DateTimeOffset? DatabaseTime { get; init; }

    /// <summary>A sentence that says why a crash of the machine may lose acknowledged changes.</summary>
    public string? DurabilityFault { get; init; }

    /// <summary>A sentence that says why the store cannot write.</summary>
    public string? WriteFault { get; init; }
}
