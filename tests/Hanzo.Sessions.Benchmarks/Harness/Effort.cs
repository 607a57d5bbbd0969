namespace Hanzo.Sessions.Benchmarks.Harness;

/// <summary>How much work goes into one comparison.</summary>
/// <param name="Passes">How often the whole table is gone through, each time by a new process: a row's rounds lie minutes apart.</param>
/// <param name="WarmUp">How long each contestant runs before the first round of a pass, at least.</param>
/// <param name="Rounds">How often each contestant takes its turn in a pass.</param>
/// <param name="Turn">How long a turn takes, about: a shared machine is faster and slower for tenths of a second at a time, and a round has to fit in.</param>
/// <param name="LoadRounds">How often each takes its turn under HTTP load.</param>
/// <param name="LoadTurn">How long a turn of an HTTP load takes.</param>
internal sealed record Effort(int Passes, TimeSpan WarmUp, int Rounds, TimeSpan Turn, int LoadRounds, TimeSpan LoadTurn)
{
    public static Effort Quick { get; } = new(1, TimeSpan.FromMilliseconds(400), 12, TimeSpan.FromMilliseconds(20), 3, TimeSpan.FromSeconds(1));

    public static Effort Full { get; } = new(5, TimeSpan.FromMilliseconds(600), 40, TimeSpan.FromMilliseconds(25), 5, TimeSpan.FromSeconds(1));

    /// <summary>As long in all, in fewer and longer turns: for work whose first steps after what makes it ready are slow.</summary>
    public Effort InLongTurns => this with { Rounds = Math.Max(1, Rounds / 6), Turn = Turn * 6 };

    /// <summary>For millions of sessions, which are filled in once.</summary>
    public static Effort OnePass { get; } = Full with { Passes = 1, Rounds = 80 };
}
