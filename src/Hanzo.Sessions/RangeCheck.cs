using System.Globalization;

namespace Hanzo.Sessions;

/// <summary>Collects the faults of settings: one sentence each, with the setting, its value and the range.</summary>
internal sealed class RangeCheck
{
    public List<string> Faults { get; } = [];

    public void InRange<T>(string name, T? value, T minimum, T maximum)
        where T : struct, IComparable<T>
    {
        if (value is { } given && (given.CompareTo(minimum) < 0 || given.CompareTo(maximum) > 0))
        {
            Add(name, given, $"from {Text(minimum)} to {Text(maximum)}");
        }
    }

    /// <summary>Compares two settings, unless one of them is out of range already.</summary>
    public void NotLonger(string name, TimeSpan value, string limitName, TimeSpan limit, string reason = "")
    {
        if (value > limit && !Faults.Any(fault => Names(fault, name) || Names(fault, limitName)))
        {
            Faults.Add($"{name} is {Text(value)}; it must not be longer than {limitName}, which is {Text(limit)}.{reason}");
        }

        static bool Names(string fault, string setting) => fault.StartsWith($"{setting} ", StringComparison.Ordinal);
    }

    public void Defined<T>(string name, T value)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            Add(name, value, "one of " + string.Join(", ", Enum.GetNames<T>()));
        }
    }

    public void Flags<T>(string name, T value)
        where T : struct, Enum
    {
        // An undefined combination prints as a number.
        if (int.TryParse(value.ToString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out _))
        {
            Add(name, value, "a combination of " + string.Join(", ", Enum.GetNames<T>()));
        }
    }

    public void Identifier(string name, string? value)
    {
        if (!TextRules.IsIdentifier(value))
        {
            Faults.Add($"{name} is '{Printable.Escape(value ?? string.Empty)}'; it must be 1 to 256 bytes of well-formed UTF-8 without NUL or '/'.");
        }
    }

    private void Add(string name, object value, string range) => Faults.Add($"{name} is {Text(value)}; it must be {range}.");

    private static string Text(object value) => string.Create(CultureInfo.InvariantCulture, $"{value}");
}
