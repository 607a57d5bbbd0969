namespace Hanzo.Sessions;

/// <summary>
/// What a store says about itself when a health check asks. A store says what it can: null stands for what it does
/// not have or does not know, and is not checked.
/// </summary>
public sealed record SessionStoreState
{
    /// <summary>The version of the schema that is there; 0 when there is none.</summary>
    public int? SchemaVersion { get; init; }

    /// <summary>The version of the schema that the store works with.</summary>
    public int? ExpectedSchemaVersion { get; init; }

    /// <summary>What the clock of the database showed when it answered.</summary>
    public DateTimeOffset? DatabaseTime { get; init; }

    /// <summary>Why a change that was answered may be lost when the machine crashes, as a whole sentence.</summary>
    public string? DurabilityFault { get; init; }

    /// <summary>Why nothing can be written, as a whole sentence.</summary>
    public string? WriteFault { get; init; }
}
