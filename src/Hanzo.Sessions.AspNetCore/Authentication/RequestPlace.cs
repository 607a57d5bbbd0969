using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>
/// Where a request comes from: the address of the connection, which only the host's own forwarded-headers middleware replaces,
/// and the agent. No header that a client can write decides the address.
/// </summary>
internal static class RequestPlace
{
    public static SessionPlace Of(HttpContext http) => new(http.Connection.RemoteIpAddress, http.Request.Headers.UserAgent);
}
