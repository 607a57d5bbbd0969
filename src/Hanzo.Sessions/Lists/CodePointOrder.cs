namespace Hanzo.Sessions;

/// <summary>
/// Sorts text by code point, as databases sort UTF-8 bytes. The order of UTF-16 units differs: it sorts characters
/// beyond U+FFFF before those from U+E000 to U+FFFF.
/// </summary>
internal static class CodePointOrder
{
    public static int Compare(string? left, string? right)
    {
        var a = left.AsSpan();
        var b = right.AsSpan();
        var same = a.CommonPrefixLength(b);
        if (same == a.Length || same == b.Length)
        {
            return a.Length.CompareTo(b.Length);
        }

        var (x, y) = (a[same], b[same]);
        var (surrogateX, surrogateY) = (char.IsSurrogate(x), char.IsSurrogate(y));
        return surrogateX == surrogateY ? x.CompareTo(y) : surrogateX.CompareTo(surrogateY);
    }
}
