using System.Text;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>
/// Reuses short texts that claims have in common (types, roles, locales), so that reading a principal allocates them only
/// once. A table of fixed size: each place holds the last text with its hash. Races are harmless.
/// </summary>
internal static class TextPool
{
    private const int LongestKept = 64;

    private static readonly string?[] Places = new string?[2048];

    public static string Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestKept)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        var hash = default(HashCode);
        hash.AddBytes(utf8);
        ref var place = ref Places[(uint)hash.ToHashCode() % (uint)Places.Length];
        if (Volatile.Read(ref place) is { } kept && Ascii.Equals(utf8, kept))
        {
            return kept;
        }

        var text = Encoding.UTF8.GetString(utf8);
        Volatile.Write(ref place, text);
        return text;
    }
}
