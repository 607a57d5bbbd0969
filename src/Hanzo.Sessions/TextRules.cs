using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Hanzo.Sessions;

/// <summary>The rules for text from outside: a name out of range is refused, a description is repaired.</summary>
/// <remarks>
/// PostgreSQL accepts no NUL in text and no indexed value over 2,704 bytes; SQLite treats different lone surrogates as
/// equal. Within these rules all stores accept, refuse and compare the same text.
/// </remarks>
internal static class TextRules
{
    private const int LongestName = 256;

    private static readonly SearchValues<char> NotInNames = SearchValues.Create("\0");
    private static readonly SearchValues<char> NotInIdentifiers = SearchValues.Create("\0/");

    /// <summary>Whether this can be an organization or an application: a name without a slash.</summary>
    public static bool IsIdentifier([NotNullWhen(true)] string? value) => Fits(value, NotInIdentifiers);

    public static bool IsName([NotNullWhen(true)] string? value) => Fits(value, NotInNames);

    public static string Identifier(string? value, string parameter) =>
        IsIdentifier(value) ? value : throw Refused(value, parameter, " without NUL or '/'");

    public static string Name(string? value, string parameter) =>
        IsName(value) ? value : throw Refused(value, parameter, " without NUL");

    /// <summary>
    /// Repairs descriptive text: lone surrogates and NUL become U+FFFD, text over the maximum is cut between two runes, and
    /// empty text becomes null.
    /// </summary>
    public static string? Describe(string? value, int maximum)
    {
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        // The extra unit: the loop below drops a character that the end of the window cuts in two, and does not repair it.
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
