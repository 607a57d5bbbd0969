namespace Hanzo.Sessions;

/// <summary>
/// Shares equal strings through a table of fixed size, so a hostile client cannot make it grow: each place holds the last
/// string with its hash code. Races do no harm: at worst a string is kept twice.
/// </summary>
internal sealed class StringPool
{
    private readonly string?[] _places = new string?[4096];

    public string? Share(string? text)
    {
        if (text is null)
        {
            return null;
        }

        ref var place = ref _places[(uint)text.GetHashCode(StringComparison.Ordinal) % (uint)_places.Length];
        var kept = Volatile.Read(ref place);
        if (string.Equals(kept, text, StringComparison.Ordinal))
        {
            return kept;
        }

        Volatile.Write(ref place, text);
        return text;
    }
}
