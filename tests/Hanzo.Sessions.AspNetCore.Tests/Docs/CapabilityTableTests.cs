namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>The table of docs/Security.md that says for which kind of session a capability holds.</summary>
public sealed class CapabilityTableTests
{
    [Test, Description("every capability says of every kind of session that it holds, or why not")]
    public async Task No_cell_of_the_table_is_empty()
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "docs", "Security.md"));
        var rows = lines
            .SkipWhile(line => !line.StartsWith("| Capability |", StringComparison.Ordinal))
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))
            .ToList();

        Assert.That(rows[0], Is.EqualTo(new[] { "Capability", "Token cookie", "Bearer token", "`ProtectCookie`", "Adopted cookie" }));
        Assert.That(rows, Has.Count.GreaterThan(2));
        foreach (var row in rows.Skip(2))
        {
            Assert.That(row, Has.Length.EqualTo(5));
            Assert.That(row.Skip(1), Is.All.Matches<string>(cell => cell!.StartsWith("holds", StringComparison.Ordinal)
                || cell.StartsWith("refused at start", StringComparison.Ordinal)
                || cell.StartsWith("cannot:", StringComparison.Ordinal)), row[0]);
        }
    }
}
