using System.Text;

namespace Hanzo.Sessions.Benchmarks.Harness;

/// <summary>The rows as Markdown: a line for each against its targets, and all contestants.</summary>
internal static class Report
{
    public static string Markdown(IReadOnlyList<Row> rows, string machine)
    {
        var text = new StringBuilder();
        text.AppendLine(machine).AppendLine();
        text.AppendLine("| Work | Ours | Allocated | Where ours takes 1, others take | Target: result |").AppendLine("| --- | ---: | ---: | --- | --- |");
        foreach (var row in rows)
        {
            var ours = row.Lines.First(line => line.Role == Role.Ours);
            var others = string.Join("; ", row.Lines.Where(line => line.Ratio is not null).Select(line => $"{Format.Ratio(line.Ratio)} {line.Name}"));
            var verdicts = string.Join("; ", row.Verdicts.Select(it => $"{it.Target}: {it.Actual} {(it.IsMet ? "met" : "**not met**")}"));
            text.AppendLine($"| {row.Work} | {ours.Value} | {Format.Bytes(ours.Bytes)} | {others} | {verdicts} |");
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
