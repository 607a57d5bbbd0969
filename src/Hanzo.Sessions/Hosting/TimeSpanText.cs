using System.Globalization;

namespace Hanzo.Sessions;

/// <summary>Checks the text of a time span before it is parsed: .NET reads <c>30</c> and <c>24:00:00</c> as days.</summary>
internal static class TimeSpanText
{
    private const int HoursOfADay = 24;
    private const long MostDays = 1_000_000;

    /// <summary>Says what is wrong with the text and what to write; null if it means what it seems to mean.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="text">Its text in configuration.</param>
    public static string? Fault(string name, string text)
    {
        var parts = text.Trim().TrimStart('-').Split(':');
        if (parts is [var number] && Number(number) is { } days and <= MostDays)
        {
            return $"{name} is '{Printable.Escape(text)}', which would be days: write {Text(TimeSpan.FromDays(days))} for days, "
                + $"{Text(TimeSpan.FromMinutes(days))} for minutes, or {Text(TimeSpan.FromSeconds(days))} for seconds.";
        }

        var read = Parsed(text);
        if (parts.Length is 2 or 3 && Number(parts[0]) is { } hours and >= HoursOfADay and <= MostDays
            && Parsed(string.Join(':', ["0", .. parts[1..]])) is { } rest)
        {
            var otherwise = read is { } asDays ? $", or {Text(asDays.Duration())} for days" : string.Empty;
            return $"{name} is '{Printable.Escape(text)}', but hours go from 0 to 23: "
                + $"write {Text(TimeSpan.FromHours(hours) + rest)} for hours{otherwise}.";
        }

        return read is not null
            ? null
            : $"{name} is '{Printable.Escape(text)}', which is no time span: write hours:minutes:seconds, such as 00:30:00, "
                + "with days before a point, such as 1.00:00:00.";
    }

    private static long? Number(string digits) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static TimeSpan? Parsed(string text) =>
        TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) ? span : null;

    private static string Text(TimeSpan span) => span.ToString("c", CultureInfo.InvariantCulture);
}
