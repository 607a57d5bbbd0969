using System.Text.Json;

namespace Hanzo.Sessions.Benchmarks.Harness;

/// <summary>What the passes so far have found out. Each pass hands it to the next in a file.</summary>
/// <param name="Rows">The report so far.</param>
/// <param name="Samples">Of each row and contestant, for the rows that the next pass measures too.</param>
/// <param name="PostgresVersion">What the server calls itself; null when none was started.</param>
internal sealed record Progress(
    IReadOnlyList<Row> Rows, Dictionary<string, Dictionary<string, List<Sample>>> Samples, string? PostgresVersion)
{
    public static async Task<Progress> ReadAsync(string file) =>
        JsonSerializer.Deserialize<Progress>(await File.ReadAllTextAsync(file))!;

    public Task WriteAsync(string file) => File.WriteAllTextAsync(file, JsonSerializer.Serialize(this));
}
