using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Every log line of the web package. Event ids are fixed and go on from the core's.</summary>
internal static partial class Log
{
    [LoggerMessage(101, LogLevel.Error, "The session store failed; the request was answered 503.")]
    public static partial void StoreFailed(ILogger logger, Exception fault);

    [LoggerMessage(102, LogLevel.Warning, "A credential of the client {ClientId} was refused.")]
    public static partial void ClientRefused(ILogger logger, string clientId);

    [LoggerMessage(103, LogLevel.Debug, "The token of session {SessionId} was not accepted: it is of the scheme {Owner} and was presented to {Scheme}.")]
    public static partial void OtherScheme(ILogger logger, SessionId sessionId, string owner, string scheme);

    [LoggerMessage(104, LogLevel.Warning, "The tokens that are kept with session {SessionId} cannot be decrypted and are left out: is the key ring of Data Protection kept, and shared by all servers?")]
    public static partial void TokensNotDecrypted(ILogger logger, SessionId sessionId, Exception fault);

    [LoggerMessage(105, LogLevel.Warning, "A cookie from before there were sessions was refused: MapUser could not say whose it is.")]
    public static partial void NotAdopted(ILogger logger, Exception fault);
}
