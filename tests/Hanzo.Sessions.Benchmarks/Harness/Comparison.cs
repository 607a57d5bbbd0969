namespace Hanzo.Sessions.Benchmarks.Harness;

/// <summary>
/// Contestants that took turns: in every round each of them ran once, in an order that moves on, so that whatever
/// else the machine did met all of them alike.
/// </summary>
/// <param name="contestants">One of them is ours.</param>
/// <param name="samples">What they needed in earlier passes, by name; what they need now is added.</param>
internal sealed class Comparison(IReadOnlyList<Contestant> contestants, Dictionary<string, List<Sample>> samples)
{
    public Contestant Ours => contestants.Single(it => it.Role == Role.Ours);

    public Contestant this[string name] => contestants.Single(it => string.Equals(it.Name, name, StringComparison.Ordinal));

    public async Task RunAsync(Effort effort)
    {
        foreach (var contestant in contestants)
        {
            samples.TryAdd(contestant.Name, []);
            await contestant.WarmUpAsync(effort);
        }

        for (var round = 0; round < effort.Rounds; round++)
        {
            for (var turn = 0; turn < contestants.Count; turn++)
            {
                var contestant = contestants[(round + turn) % contestants.Count];
                samples[contestant.Name].Add(await contestant.MeasureAsync(effort));
            }
        }
    }

    /// <summary>The median.</summary>
    public double Nanoseconds(Contestant contestant) => Median(samples[contestant.Name].Select(it => it.Nanoseconds));

    /// <summary>The median.</summary>
    public double Bytes(Contestant contestant) => Median(samples[contestant.Name].Select(it => it.Bytes));

    /// <summary>
    /// How many times as long the one takes as the other: the median over the rounds. The turns of a round lie so close
    /// together that they had the same share of a machine which others use too.
    /// </summary>
    public double Ratio(Contestant one, Contestant other) => Median(
        samples[one.Name].Zip(samples[other.Name], (its, others) => its.Nanoseconds / others.Nanoseconds));

    /// <summary>How many nanoseconds longer the one takes than the other: the median over the rounds.</summary>
    public double Difference(Contestant one, Contestant other) => Median(
        samples[one.Name].Zip(samples[other.Name], (its, others) => its.Nanoseconds - others.Nanoseconds));

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
