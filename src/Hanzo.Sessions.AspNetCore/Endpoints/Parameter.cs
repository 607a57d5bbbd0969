using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Reads query parameters. One out of range throws a <see cref="ParameterException"/> that names it, its value and the range.</summary>
internal static class Parameter
{
    public static int Number(string name, string? value, int minimum, int maximum, int unlessGiven)
    {
        if (value is null)
        {
            return unlessGiven;
        }

        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= minimum && number <= maximum
                ? number
                : throw Refused(name, value, $"from {minimum} to {maximum}");
    }

    public static T? OneOf<T>(string name, string? value, IEnumerable<KeyValuePair<string, T>> choices)
        where T : struct
    {
        if (value is null)
        {
            return null;
        }

        foreach (var (word, choice) in choices)
        {
            if (string.Equals(word, value, StringComparison.Ordinal))
            {
                return choice;
            }
        }

        throw Refused(name, value, "one of " + string.Join(", ", choices.Select(choice => choice.Key)));
    }

    /// <summary>Reads <c>true</c> or <c>false</c>; a missing parameter is false.</summary>
    public static bool Flag(string name, string? value) => OneOf<bool>(name, value, [new("true", true), new("false", false)]) ?? false;

    /// <summary>Text within the bounds of a user's name.</summary>
    public static string? Name(string name, string? value) =>
        value is null || SessionUser.TryParse("any/" + value, null, out _)
            ? value
            : throw Refused(name, value, "1 to 256 bytes of UTF-8 without NUL");

    /// <summary>Text within the bounds of an organization or an application.</summary>
    public static string? Identifier(string name, string? value) =>
        value is null || IsIdentifier(value)
            ? value
            : throw Refused(name, value, "1 to 256 bytes of UTF-8 without NUL or '/'");

    public static bool IsIdentifier(string value) =>
        !value.Contains('/', StringComparison.Ordinal) && SessionUser.TryParse("any/" + value, null, out _);

    /// <summary>
    /// An address in its usual form. The framework also reads <c>0177.1</c>, <c>0x7f000001</c> and <c>2130706433</c> as
    /// 127.0.0.1, a port and a scope id; a person who filters by one of these means something else.
    /// </summary>
    public static IPAddress? Address(string name, string? value) =>
        value is null ? null
        : IPAddress.TryParse(value, out var address) && IsUsualForm(value, address) ? address
        : throw Refused(name, value, "an IPv4 address such as 192.0.2.7, or an IPv6 address such as 2001:db8::7");

    public static SessionCursor? Cursor(string name, string? value) =>
        value is null ? null
        : SessionCursor.TryParse(value, out var cursor) ? cursor
        : throw Refused(name, value, "the nextCursor or previousCursor of an earlier answer");

    private static bool IsUsualForm(string text, IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork
        ? string.Equals(address.ToString(), text, StringComparison.Ordinal)
        : text.All(character => char.IsAsciiHexDigit(character) || character is ':' or '.');

    public static ParameterException Refused(string name, string value, string range)
    {
        var cut = value.Length > 40 && char.IsHighSurrogate(value[39]) ? 39 : 40;
        var shown = value.Length > 40 ? $"{value[..cut]}..." : value;
        return new ParameterException(name, $"{name} is '{shown}'; it must be {range}.");
    }
}
