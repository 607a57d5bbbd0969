using System.Globalization;

namespace Hanzo.Sessions.Benchmarks.Harness;

/// <summary>What a row is meant to reach.</summary>
/// <param name="Text">The target in words.</param>
/// <param name="Actual">What came out, as a number to compare.</param>
/// <param name="Bound">The number to reach.</param>
/// <param name="IsMost">Whether the bound is the most, and not the least.</param>
/// <param name="Format">How to write the number that came out.</param>
internal sealed record Target(string Text, Func<Comparison, double> Actual, double Bound, bool IsMost, string Format = "0.00x")
{
    /// <summary>At most so many times the time of another.</summary>
    public static Target AtMost(double factor, string other) => new(
        string.Create(CultureInfo.InvariantCulture, $"at most {factor} x {other}"),
        it => it.Ratio(it.Ours, it[other]), factor, IsMost: true);

    /// <summary>At most so much longer than another.</summary>
    public static Target AtMostMore(double nanoseconds, string other) => new(
        string.Create(CultureInfo.InvariantCulture, $"at most {nanoseconds} ns more than {other}"),
        it => it.Difference(it.Ours, it[other]), nanoseconds, IsMost: true, "time");

    /// <summary>At least so many times as fast as another.</summary>
    public static Target AtLeast(double factor, string other) => new(
        string.Create(CultureInfo.InvariantCulture, $"at least {factor} x as fast as {other}"),
        it => it.Ratio(it[other], it.Ours), factor, IsMost: false);

    /// <summary>At least so many times as fast as the fastest of some.</summary>
    public static Target AtLeastBest(double factor, string called, params string[] others) => new(
        string.Create(CultureInfo.InvariantCulture, $"at least {factor} x as fast as {called}"),
        it => others.Min(other => it.Ratio(it[other], it.Ours)), factor, IsMost: false);

    public static Target Bytes(int most) => new(
        string.Create(CultureInfo.InvariantCulture, $"at most {most:N0} bytes"), it => it.Bytes(it.Ours), most, IsMost: true, "#,0 B");

    public static Target Within(TimeSpan most, string text) => new(
        text, it => it.Nanoseconds(it.Ours), most.TotalNanoseconds, IsMost: true, "time");
}
