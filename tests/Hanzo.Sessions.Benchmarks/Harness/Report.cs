using System.Text;

namespace Hanzo.Sessions.Benchmarks.Harness;

/// <summary>The rows as Markdown: a short table of ours against the targets, and all contestants.</summary>
internal static class Report
{
    public static string Markdown(IReadOnlyList<Row> rows, string machine)
    {
        var text = new StringBuilder();
        text.AppendLine(machine).AppendLine();
        text.AppendLine("| Work | Ours | Target | Result |").AppendLine("| --- | ---: | --- | --- |");
        foreach (var row in rows)
        {
            var ours = row.Lines.FirstOrDefault(line => line.Role == Role.Ours);
            var first = true;
            foreach (var verdict in row.Verdicts)
            {
                text.AppendLine(
                    $"| {(first ? row.Work : "")} | {(first ? ours?.Value : "")} | {verdict.Target} | {(verdict.IsMet ? "met" : "**not met**")}: {verdict.Actual} |");
                first = false;
            }
        }

        text.AppendLine().AppendLine("| Work | Contestant | | Time or rate | Ours takes 1, it takes | Allocated |");
        text.AppendLine("| --- | --- | --- | ---: | ---: | ---: |");
        foreach (var row in rows)
        {
            foreach (var (index, line) in row.Lines.Index())
            {
                text.AppendLine(
                    $"| {(index == 0 ? row.Work : "")} | {line.Name} | {line.Role.ToString().ToLowerInvariant()} | {line.Value} | {Format.Ratio(line.Ratio)} | {Format.Bytes(line.Bytes)} |");
            }
        }

        return text.ToString();
    }
}
