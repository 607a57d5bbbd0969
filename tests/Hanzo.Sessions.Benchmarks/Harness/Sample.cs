namespace Hanzo.Sessions.Benchmarks.Harness;

/// <summary>What one contestant needed in one round.</summary>
/// <param name="Nanoseconds">For one operation: the time that passed, divided by the operations of all clients.</param>
/// <param name="Bytes">What the process allocated for one operation.</param>
internal readonly record struct Sample(double Nanoseconds, double Bytes);
