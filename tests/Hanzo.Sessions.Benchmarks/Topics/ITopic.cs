using Hanzo.Sessions.Benchmarks.Harness;

namespace Hanzo.Sessions.Benchmarks.Topics;

/// <summary>Rows that share what they are measured on.</summary>
internal interface ITopic
{
    /// <summary>The names of its rows, so that nothing is set up for rows that nobody wants.</summary>
    IReadOnlyList<string> Works { get; }

    Task RunAsync(Run run);
}
