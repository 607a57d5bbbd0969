namespace Hanzo.Sessions;

/// <summary>
/// Keeps equal strings once, as well as a fixed table can: each place holds the last string that fell into it, so a
/// hostile client cannot make it grow. Races do no harm: at worst a string is kept twice.
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
