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

    public async Task RunAsync(Effort effort, int rounds)
    {
        foreach (var contestant in contestants)
        {
            samples.TryAdd(contestant.Name, []);
            await contestant.WarmUpAsync(effort);
        }

        for (var round = 0; round < rounds; round++)
        {
            for (var turn = 0; turn < contestants.Count; turn++)
            {
                var contestant = contestants[(round + turn) % contestants.Count];
                samples[contestant.Name].Add(await contestant.MeasureAsync(effort));
            }
        }
    }

    /// <summary>
    /// The median of the faster third: what others do on a shared machine makes turns slower and never faster, by up to
    /// two thirds, for seconds or minutes.
    /// </summary>
    public double Nanoseconds(Contestant contestant) => At(1.0 / 6, contestant, it => it.Nanoseconds);

    /// <summary>The median.</summary>
    public double Bytes(Contestant contestant) => At(1.0 / 2, contestant, it => it.Bytes);

    /// <summary>How many times as long the one takes as the other.</summary>
    public double Ratio(Contestant one, Contestant other) => Nanoseconds(one) / Nanoseconds(other);

    private double At(double quantile, Contestant contestant, Func<Sample, double> value)
    {
        var all = samples[contestant.Name];
        return all.Select(value).Order().ElementAt((int)((all.Count - 1) * quantile));
    }
}
