namespace Hanzo.Sessions.AspNetCore;

/// <summary>A request parameter is missing or out of range. The message names it, its value and the range.</summary>
internal sealed class ParameterException(string parameter, string message) : Exception(message)
{
    public string Parameter { get; } = parameter;
}
