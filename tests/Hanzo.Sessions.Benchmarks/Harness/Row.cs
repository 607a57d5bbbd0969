namespace Hanzo.Sessions.Benchmarks.Harness;

/// <summary>One row of the report.</summary>
/// <param name="Work">What was measured.</param>
/// <param name="Lines">The contestants.</param>
/// <param name="Verdicts">The targets.</param>
internal sealed record Row(string Work, IReadOnlyList<Line> Lines, IReadOnlyList<Verdict> Verdicts);
