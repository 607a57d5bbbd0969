namespace Hanzo.Sessions.AspNetCore;

/// <summary>A compatible request is answered with an error; the message is what the client reads.</summary>
internal sealed class CasdoorException(string message) : Exception(message)
{
    public static CasdoorException Unauthorized() => new("Unauthorized operation");
}
