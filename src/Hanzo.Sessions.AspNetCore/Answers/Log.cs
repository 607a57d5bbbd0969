using System.Net;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>All log messages of the web package. Event ids are fixed and continue those of the core.</summary>
internal static partial class Log
{
    [LoggerMessage(101, LogLevel.Error, "The session store failed; the request was answered with 503.")]
    public static partial void StoreFailed(ILogger logger, Exception fault);

    [LoggerMessage(102, LogLevel.Warning, "A credential of the client {ClientId} was refused.")]
    public static partial void ClientRefused(ILogger logger, string clientId);

    [LoggerMessage(103, LogLevel.Debug, "The token of session {SessionId} was refused: it belongs to scheme {Owner} and was presented to scheme {Scheme}.")]
    public static partial void OtherScheme(ILogger logger, SessionId sessionId, string owner, string scheme);

    [LoggerMessage(104, LogLevel.Warning, "The tokens that are kept with session {SessionId} cannot be decrypted and are left out. Check that the Data Protection key ring is persisted and shared by all servers.")]
    public static partial void TokensNotDecrypted(ILogger logger, SessionId sessionId, Exception fault);

    [LoggerMessage(105, LogLevel.Warning, "A cookie issued before ProtectCookie was refused: MapUser could not map its principal to a user.")]
    public static partial void NotAdopted(ILogger logger, Exception fault);

    [LoggerMessage(106, LogLevel.Warning, "The token of session {SessionId} never left the server, and the session could not be ended: it stays until it times out.")]
    public static partial void UndeliveredNotEnded(ILogger logger, SessionId sessionId, Exception fault);

    [LoggerMessage(107, LogLevel.Warning, "A sign-in was not stored: its ExpiresUtc, {ExpiresUtc}, is past.")]
    public static partial void SignInExpired(ILogger logger, DateTimeOffset? expiresUtc);

    [LoggerMessage(108, LogLevel.Information, "Location headers from {Peer} are ignored: it is not in KnownProxies or KnownIPNetworks of UseEdgeLocation. Further ones are not logged.")]
    public static partial void StrangersLocation(ILogger logger, IPAddress? peer);

    [LoggerMessage(109, LogLevel.Warning, "Location headers are ignored: the address of the request is {Address}, that of a proxy. Call UseForwardedHeaders first, then UseAuthentication. Further ones are not logged.")]
    public static partial void LocationOfProxy(ILogger logger, IPAddress address);
}
