using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Hanzo.Sessions;

/// <summary>The bounds of text that comes from outside: names are refused, descriptions are repaired.</summary>
/// <remarks>
/// PostgreSQL's text takes no NUL and its indexes no value over 2,704 bytes; SQLite makes different lone surrogates
/// equal. Within these bounds every store accepts, refuses and compares alike.
/// </remarks>
internal static class TextRules
{
    private const int LongestName = 256;

    private static readonly SearchValues<char> NotInNames = SearchValues.Create("\0");
    private static readonly SearchValues<char> NotInIdentifiers = SearchValues.Create("\0/");

    /// <summary>An organization or an application: a name without a slash.</summary>
    public static bool IsIdentifier([NotNullWhen(true)] string? value) => Fits(value, NotInIdentifiers);

    public static bool IsName([NotNullWhen(true)] string? value) => Fits(value, NotInNames);

    public static string Identifier(string? value, string parameter) =>
        IsIdentifier(value) ? value : throw Refused(value, parameter, " and without NUL or '/'");

    public static string Name(string? value, string parameter) =>
        IsName(value) ? value : throw Refused(value, parameter, " and without NUL");

    /// <summary>
    /// Text that only describes: lone surrogates and NUL become U+FFFD, what is over the maximum is cut between two
    /// runes, and empty text is null.
    /// </summary>
    public static string? Describe(string? value, int maximum)
    {
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        // A character that is cut in two at the window's end is dropped by the loop below, not repaired.
        var window = value.Length > maximum + 1 ? value.AsSpan(0, maximum + 1) : value;
        if (value.Length <= maximum && IsWellFormed(value) && !value.Contains('\0', StringComparison.Ordinal))
        {
            return value;
        }

        var kept = new StringBuilder(maximum);
        foreach (var rune in window.EnumerateRunes())
        {
            var clean = rune.Value == 0 ? Rune.ReplacementChar : rune;
            if (kept.Length + clean.Utf16SequenceLength > maximum)
            {
                break;
            }

            kept.Append(clean);
        }

        return kept.ToString();
    }

    private static bool Fits([NotNullWhen(true)] string? value, SearchValues<char> refused) =>
        value is { Length: > 0 and <= LongestName }
        && !value.AsSpan().ContainsAny(refused)
        && IsWellFormed(value)
        && Encoding.UTF8.GetByteCount(value) <= LongestName;

    private static bool IsWellFormed(ReadOnlySpan<char> value)
    {
        Span<byte> scratch = stackalloc byte[256];
        while (!value.IsEmpty)
        {
            switch (Utf8.FromUtf16(value, scratch, out var read, out _, replaceInvalidSequences: false))
            {
                case OperationStatus.Done or OperationStatus.DestinationTooSmall:
                    value = value[read..];
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    private static ArgumentException Refused(string? value, string parameter, string alsoRequired)
    {
        var shown = value switch
        {
            null => "null",
            { Length: > 40 } => $"'{Printable.Escape(value[..40])}...' of {value.Length} characters",
            _ => $"'{Printable.Escape(value)}'",
        };
        return new ArgumentException(
            $"{parameter} must be 1 to {LongestName} bytes of well-formed UTF-8{alsoRequired}; it was {shown}.",
            parameter);
    }
}
