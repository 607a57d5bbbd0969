using Microsoft.Extensions.Primitives;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>A request parameter is missing or out of range. The message names it, its value and the range.</summary>
internal sealed class ParameterException(string parameter, string message) : Exception(message)
{
    public string Parameter { get; } = parameter;

    /// <summary>
    /// Refuses parameters that are given more than once: the framework joins their values to one text with commas, and one of
    /// them may be another user's name.
    /// </summary>
    /// <exception cref="ParameterException">One is.</exception>
    public static void ThrowIfRepeated(IEnumerable<KeyValuePair<string, StringValues>> parameters)
    {
        foreach (var (name, values) in parameters)
        {
            if (values.Count > 1)
            {
                throw new ParameterException(name, $"{name} is given {values.Count} times; it must be given once.");
            }
        }
    }
}
