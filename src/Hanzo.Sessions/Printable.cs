using System.Globalization;
using System.Text;

namespace Hanzo.Sessions;

/// <summary>
/// Escapes text from outside for a log line or a message: line breaks, control and direction characters become
/// <c>\uXXXX</c>, so that an attacker cannot forge a second line or reverse the first.
/// </summary>
internal readonly record struct Printable(object? Value)
{
    public override string ToString() => Escape(Value?.ToString() ?? string.Empty);

    public static string Escape(string text)
    {
        var first = 0;
        while (first < text.Length && IsPlain(text[first]))
        {
            first++;
        }

        if (first == text.Length)
        {
            return text;
        }

        var escaped = new StringBuilder(text, 0, first, text.Length + 16);
        foreach (var character in text.AsSpan(first))
        {
            if (IsPlain(character))
            {
                escaped.Append(character);
            }
            else
            {
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");
            }
        }

        return escaped.ToString();
    }

    private static bool IsPlain(char character) => char.GetUnicodeCategory(character) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
