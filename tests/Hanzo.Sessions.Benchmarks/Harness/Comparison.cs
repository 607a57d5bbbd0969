namespace Hanzo.Sessions.Benchmarks.Harness;

/// <summary>
/// Contestants that took turns: in every round each of them ran once, in an order that moves on, so that whatever
/// else the machine did met all of them alike.
/// </summary>
internal sealed class Comparison
{
    private readonly Dictionary<string, List<Sample>> _samples = new(StringComparer.Ordinal);

    /// <summary>Those of the last pass; what they needed in earlier passes counts too.</summary>
    public IReadOnlyList<Contestant> Contestants { get; private set; } = [];

    public Contestant Ours => Contestants.Single(it => it.Role == Role.Ours);

    public Contestant this[string name] => Contestants.Single(it => string.Equals(it.Name, name, StringComparison.Ordinal));

    public async Task RunAsync(IReadOnlyList<Contestant> contestants, Effort effort, int rounds)
    {
        Contestants = contestants;
        foreach (var contestant in contestants)
        {
            _samples.TryAdd(contestant.Name, []);
            await contestant.WarmUpAsync(effort);
        }

        for (var round = 0; round < rounds; round++)
        {
            for (var turn = 0; turn < contestants.Count; turn++)
            {
                var contestant = contestants[(round + turn) % contestants.Count];
                _samples[contestant.Name].Add(await contestant.MeasureAsync(effort));
            }
        }
    }

    public double Nanoseconds(Contestant contestant) => LowerThird(contestant, it => it.Nanoseconds);

    public double Bytes(Contestant contestant) => LowerThird(contestant, it => it.Bytes);

    /// <summary>How many times as long the one takes as the other.</summary>
    public double Ratio(Contestant one, Contestant other) => Nanoseconds(one) / Nanoseconds(other);

    /// <summary>
    /// The median of the lower third: what others do on a shared machine makes turns slower and never faster, by up to
    /// two thirds, for seconds or minutes.
    /// </summary>
    private double LowerThird(Contestant contestant, Func<Sample, double> value)
    {
        var samples = _samples[contestant.Name];
        return samples.Select(value).Order().ElementAt((samples.Count - 1) / 6);
    }
}
