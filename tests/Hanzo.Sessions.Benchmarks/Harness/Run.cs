using System.Diagnostics;

namespace Hanzo.Sessions.Benchmarks.Harness;

/// <summary>One pass over the rows: which are wanted, how much effort goes into them, and what came out.</summary>
/// <param name="effort">How much.</param>
/// <param name="filter">What the name of a row must contain; null for all.</param>
/// <param name="earlier">What the passes before have found out; null for the first.</param>
internal sealed class Run(Effort effort, string? filter, Progress? earlier = null)
{
    private readonly Dictionary<string, Dictionary<string, List<Sample>>> _samples = earlier?.Samples ?? [];
    private readonly OrderedDictionary<string, Row> _rows =
        new((earlier?.Rows ?? []).Select(row => KeyValuePair.Create(row.Work, row)), StringComparer.Ordinal);
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    public Effort Effort => effort;

    public bool IsQuick => effort == Effort.Quick;

    /// <summary>The version of the server that was measured; null when none was.</summary>
    public string? PostgresVersion { get; set; } = earlier?.PostgresVersion;

    public Progress Progress => new([.. _rows.Values], _samples, PostgresVersion);

    /// <summary>Whether the row is to be measured in this pass.</summary>
    public bool Wants(string work) =>
        (filter is null || work.Contains(filter, StringComparison.OrdinalIgnoreCase)) && (earlier is null || _samples.ContainsKey(work));

    /// <summary>Lets contestants take turns, if the row is wanted.</summary>
    /// <param name="work">The name of the row.</param>
    /// <param name="contestants">One of them is ours.</param>
    /// <param name="targets">What ours is meant to reach.</param>
    /// <param name="asRate">Whether to report operations per second instead of the time of one.</param>
    /// <param name="special">Other turns or rounds than usual; null for the usual ones.</param>
    public async Task CompareAsync(
        string work,
        IReadOnlyList<Contestant> contestants,
        IReadOnlyList<Target> targets,
        bool asRate = false,
        Effort? special = null)
    {
        if (!Wants(work))
        {
            return;
        }

        var samples = _samples[work] = _samples.GetValueOrDefault(work) ?? [];
        var comparison = new Comparison(contestants, samples);
        await comparison.RunAsync(special ?? effort);

        var ours = comparison.Ours;
        Add(new Row(
            work,
            [
                .. contestants.Select(it => new Line(
                    it.Name,
                    it.Role,
                    asRate ? Format.Rate(comparison.Nanoseconds(it)) : Format.Time(comparison.Nanoseconds(it)),
                    it == ours ? null : comparison.Ratio(it, ours),
                    comparison.Bytes(it))),
            ],
            [
                .. targets.Select(target => (Target: target, Actual: target.Actual(comparison))).Select(it => new Verdict(
                    it.Target.Text,
                    Format.Number(it.Actual, it.Target.Format),
                    it.Target.IsMost ? it.Actual <= it.Target.Bound : it.Actual >= it.Target.Bound)),
            ]));
    }

    /// <summary>Takes a row that was measured in another way.</summary>
    public void Add(Row row)
    {
        _rows[row.Work] = row;
        Console.WriteLine();
        Console.WriteLine(FormattableString.Invariant($"{row.Work}   [{_watch.Elapsed.TotalSeconds:0} s]"));
        foreach (var line in row.Lines)
        {
            Console.WriteLine($"  {line.Role,-6}{line.Name,-50}{line.Value,12}{Format.Ratio(line.Ratio),9}{Format.Bytes(line.Bytes),12}");
        }

        foreach (var verdict in row.Verdicts)
        {
            Console.WriteLine($"  {(verdict.IsMet ? "met" : "NOT MET"),-9}{verdict.Target}: {verdict.Actual}");
        }
    }
}
