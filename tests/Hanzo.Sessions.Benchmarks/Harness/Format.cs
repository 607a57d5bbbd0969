using System.Globalization;

namespace Hanzo.Sessions.Benchmarks.Harness;

/// <summary>Figures as people read them.</summary>
internal static class Format
{
    public static string Time(double nanoseconds) => nanoseconds switch
    {
        < 1_000 => Invariant($"{nanoseconds:0} ns"),
        < 10_000 => Invariant($"{nanoseconds / 1e3:0.00} us"),
        < 1_000_000 => Invariant($"{nanoseconds / 1e3:0} us"),
        < 10_000_000 => Invariant($"{nanoseconds / 1e6:0.00} ms"),
        < 1_000_000_000 => Invariant($"{nanoseconds / 1e6:0} ms"),
        _ => Invariant($"{nanoseconds / 1e9:0.0} s"),
    };

    public static string Rate(double nanoseconds) => Invariant($"{1e9 / nanoseconds:#,0}/s");

    public static string Bytes(double? bytes) => bytes is { } it ? Invariant($"{it:#,0} B") : "";

    public static string Ratio(double? ratio) => ratio switch
    {
        null => "",
        < 0.995 => Invariant($"{ratio:0.000}"),
        _ => Invariant($"{ratio:0.00}"),
    };

    public static string Number(double value, string format) => string.Equals(format, "time", StringComparison.Ordinal)
        ? Time(value)
        : value.ToString(format, CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
