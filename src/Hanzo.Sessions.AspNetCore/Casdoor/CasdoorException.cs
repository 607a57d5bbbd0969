namespace Hanzo.Sessions.AspNetCore;

/// <summary>A compatible request fails; the client reads the message.</summary>
internal sealed class CasdoorException(string message) : Exception(message)
{
    public static CasdoorException Unauthorized() => new("Unauthorized operation");
}
