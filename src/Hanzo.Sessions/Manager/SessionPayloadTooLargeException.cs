namespace Hanzo.Sessions;

/// <summary>
/// The payload of a session, in a web app the claims of the sign-in, is larger than
/// <see cref="SessionManager.MaxPayloadBytes"/>. This is not a failed sign-in. Nothing changed.
/// </summary>
public sealed class SessionPayloadTooLargeException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="size">How many bytes the payload has.</param>
    public SessionPayloadTooLargeException(int size)
        : base($"The payload has {size} bytes; it may have at most {SessionManager.MaxPayloadBytes}. In a web app it holds the claims: "
            + "keep out those that no request needs, and read large sets such as groups when they are asked for.") => Size = size;

    /// <summary>How many bytes the payload has.</summary>
    public int Size { get; }
}
