namespace Hanzo.Sessions.Benchmarks.Harness;

/// <summary>One contestant in the report.</summary>
/// <param name="Name">Who.</param>
/// <param name="Role">Ours, the floor, or a rival.</param>
/// <param name="Value">What it needed, in words.</param>
/// <param name="Ratio">How many times ours; null where that says nothing.</param>
/// <param name="Bytes">What it allocated for one operation; null when that was not measured.</param>
internal sealed record Line(string Name, Role Role, string Value, double? Ratio = null, double? Bytes = null);
