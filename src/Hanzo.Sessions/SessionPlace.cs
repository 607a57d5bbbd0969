using System.Net;

namespace Hanzo.Sessions;

/// <summary>Where a request comes from. The default value says nothing, and is never a move.</summary>
/// <param name="IpAddress">The address of the client, as the host believes it; null if unknown.</param>
/// <param name="UserAgent">The browser or program, as it names itself; null if it does not.</param>
public readonly record struct SessionPlace(IPAddress? IpAddress, string? UserAgent);
