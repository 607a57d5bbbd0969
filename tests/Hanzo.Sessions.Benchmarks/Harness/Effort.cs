namespace Hanzo.Sessions.Benchmarks.Harness;

/// <summary>How much work goes into one comparison.</summary>
/// <param name="WarmUp">How long each contestant runs before the first round, at least.</param>
/// <param name="Rounds">How often each contestant takes its turn.</param>
/// <param name="Turn">How long a turn takes, about.</param>
/// <param name="LoadTurn">How long a turn of an HTTP load takes.</param>
/// <param name="LoadRounds">How often each takes its turn under HTTP load.</param>
internal sealed record Effort(TimeSpan WarmUp, int Rounds, TimeSpan Turn, int LoadRounds, TimeSpan LoadTurn)
{
    public static Effort Quick { get; } = new(TimeSpan.FromMilliseconds(400), 5, TimeSpan.FromMilliseconds(50), 3, TimeSpan.FromSeconds(1));

    public static Effort Full { get; } = new(TimeSpan.FromSeconds(1), 15, TimeSpan.FromMilliseconds(200), 9, TimeSpan.FromSeconds(2));
}
