namespace Hanzo.Sessions.Sqlite;

/// <summary>A file lacks steps, and the store was not prepared, so it adds none.</summary>
internal sealed class MissingStepException(string file, IReadOnlyList<SchemaStep> missing) : InvalidOperationException(
    $"The session file '{file}' lacks step {string.Join(", ", missing)}: an earlier version made it. "
    + $"Run {string.Join(", ", missing.Select(step => step.File))} of the package Hanzo.Sessions.Sqlite (folder sql), "
    + $"or let the host prepare the store ({nameof(HanzoSessionsOptions.PrepareStoreAtStart)}).");
