namespace Hanzo.Sessions.Benchmarks.Harness;

/// <summary>Whether a target was reached.</summary>
/// <param name="Target">The target in words.</param>
/// <param name="Actual">What came out, in words.</param>
/// <param name="IsMet">Whether that is enough.</param>
internal sealed record Verdict(string Target, string Actual, bool IsMet);
