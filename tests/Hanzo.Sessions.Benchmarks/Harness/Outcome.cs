using System.Runtime.CompilerServices;

namespace Hanzo.Sessions.Benchmarks.Harness;

/// <summary>A contestant that is fast because it does not do the work must not win.</summary>
internal static class Outcome
{
    /// <summary>Stops the benchmark when the work was not done.</summary>
    public static void Must(bool outcome, [CallerArgumentExpression(nameof(outcome))] string? expected = null)
    {
        if (!outcome)
        {
            throw new InvalidOperationException("A contestant did not do its work: " + expected);
        }
    }
}
