namespace Hanzo.Sessions.Benchmarks.Harness;

/// <summary>
/// Contestants that took turns: in every round each of them ran once, in an order that moves on, so that whatever
/// else the machine did met all of them alike. Ratios are taken within a round.
/// </summary>
internal sealed class Comparison
{
    private readonly IReadOnlyList<Contestant> _contestants;
    private readonly Dictionary<Contestant, List<Sample>> _samples;

    private Comparison(IReadOnlyList<Contestant> contestants) =>
        (_contestants, _samples) = (contestants, contestants.ToDictionary(it => it, _ => new List<Sample>()));

    public IReadOnlyList<Contestant> Contestants => _contestants;

    public Contestant Ours => _contestants.Single(it => it.Role == Role.Ours);

    public static async Task<Comparison> RunAsync(IReadOnlyList<Contestant> contestants, Effort effort, int rounds)
    {
        var comparison = new Comparison(contestants);
        foreach (var contestant in contestants)
        {
            await contestant.WarmUpAsync(effort);
        }

        for (var round = 0; round < rounds; round++)
        {
            for (var turn = 0; turn < contestants.Count; turn++)
            {
                var contestant = contestants[(round + turn) % contestants.Count];
                comparison._samples[contestant].Add(await contestant.MeasureAsync(effort));
            }
        }

        return comparison;
    }

    public Contestant this[string name] => _contestants.Single(it => string.Equals(it.Name, name, StringComparison.Ordinal));

    public double Nanoseconds(Contestant contestant) => Median(_samples[contestant].Select(it => it.Nanoseconds));

    public double Bytes(Contestant contestant) => _samples[contestant].Min(it => it.Bytes);

    /// <summary>How many times as long the one takes as the other: the median over the rounds.</summary>
    public double Ratio(Contestant one, Contestant other) =>
        Median(_samples[one].Zip(_samples[other], (a, b) => a.Nanoseconds / b.Nanoseconds));

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
