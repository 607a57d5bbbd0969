namespace Hanzo.Sessions;

/// <summary>
/// What remains of a user agent without its versions: the same for a browser before and after its update. A version is what
/// follows a slash, and a word that begins with a digit.
/// </summary>
internal static class AgentFamily
{
    /// <summary>Whether two agents differ in their versions only. Reads both once and allocates nothing.</summary>
    public static bool AreSame(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        var (i, j) = (0, 0);
        while (true)
        {
            i = SkipVersion(one, i);
            j = SkipVersion(other, j);
            if (i == one.Length || j == other.Length)
            {
                return i == one.Length && j == other.Length;
            }

            if (one[i++] != other[j++])
            {
                return false;
            }
        }
    }

    /// <summary>A hash code that is equal for agents that differ in their versions only.</summary>
    public static int Hash(ReadOnlySpan<char> agent)
    {
        var hash = new HashCode();
        for (var i = SkipVersion(agent, 0); i < agent.Length; i = SkipVersion(agent, i + 1))
        {
            hash.Add(agent[i]);
        }

        return hash.ToHashCode();
    }

    private static int SkipVersion(ReadOnlySpan<char> agent, int start)
    {
        if (start == agent.Length || !BeginsVersion(agent, start))
        {
            return start;
        }

        var end = start + 1;
        while (end < agent.Length && IsOfWord(agent[end]))
        {
            end++;
        }

        return end;
    }

    private static bool BeginsVersion(ReadOnlySpan<char> agent, int index) =>
        IsOfWord(agent[index])
        && (index > 0 && agent[index - 1] == '/'
            || (char.IsAsciiDigit(agent[index]) && (index == 0 || !IsOfWord(agent[index - 1]))));

    private static bool IsOfWord(char character) => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-' or '+';
}
